// Messages that nobody can take, in the middle of others: each is parked once, as it came, and keeps nothing else up.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Disturbing, Drill } from './drill.js';
import type { System } from './system.js';
import { LEARNERS, type SentEvent } from './traffic.js';

interface Poison {
  readonly code: string;
  readonly value: Uint8Array | null;
}

const LARGE_BYTES = 900 * 1_024;
const PARKED_MS_MAX = 60_000;
const LOOK_MS = 200;
const CLI = fileURLToPath(new URL('../../../../apps/cli/bin/trellis.js', import.meta.url));

/** Of a course that is not published yet. */
const EARLY: SentEvent = { id: 'early-1', source: 'drill', type: 'AnswerGiven', learner: 'learner-1', occurredAt: '2026-03-02T07:00:00.000Z', data: { item: 'not-yet', correct: true } };

async function poisons({ traffic }: Disturbing): Promise<readonly Poison[]> {
  const known = await traffic.known();
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  return [
    { code: 'malformed-json', value: Buffer.from('{"id":"p1","type":') },
    { code: 'malformed-json', value: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d) },
    { code: 'missing-field', value: null },
    { code: 'unknown-item', value: json(EARLY) },
    { code: 'conflicting-duplicate', value: json({ ...known, data: { ...known.data, correct: !known.data.correct } }) },
    { code: 'id-not-opaque', value: json({ ...known, id: 'p5', learner: 'ana@example.org' }) },
    { code: 'out-of-range', value: json({ ...known, id: 'p6', data: { ...known.data, response: 'x'.repeat(LARGE_BYTES) } }) },
  ];
}

let sent: readonly Poison[] = [];

export const POISON: Drill = {
  name: 'poison in the middle',
  events: 5_000,
  // All but the one that is sent again.
  parked: 6,
  disturb: async (with_) => {
    const { system, random, did } = with_;
    sent = await poisons(with_);
    const publisher = system.transport.kafka.publisher();
    const [topic = ''] = system.transport.topics.ingress.keys();
    for (const { value } of sent) {
      const key = Buffer.from(`learner-${random.below(LEARNERS)}`);
      await publisher.publish(topic, [{ key, value, headers: { from: 'drill' } }]);
      did('poison sent');
    }
    await publisher.close();
  },
  afterwards: async ({ system, traffic, violation, did }) => {
    const wanted = sent.map(({ code, value }) => [code, value === null ? null : Buffer.from(value).toString('base64')].join(' ')).sort();
    const parked = await parkedUntil(system, wanted.length);
    const found = parked.map(({ reason, value }) => [reason.code, value].join(' ')).sort();
    if (JSON.stringify(found) !== JSON.stringify(wanted)) violation(`parked: ${JSON.stringify(found).slice(0, 400)}; sent: ${JSON.stringify(wanted).slice(0, 400)}`);
    if (parked.some(({ headers }) => headers['from'] !== 'drill')) violation('a parked message has lost its headers');
    for (const _ of parked) did('poison parked');
    // Once its course is there, what was parked for it can be taken.
    await traffic.publishCourse('later', { title: 'Later', language: 'en', skills: [{ id: 'l', title: 'L', prerequisites: [] }], items: [{ id: 'not-yet', skills: ['l'], kind: 'practice' }], objectives: [] });
    const { retried } = await trellis<{ retried: readonly string[] }>(system, 'parked', 'retry', '--code', 'unknown-item', '--json');
    if (retried.length !== 1) violation(`${retried.length} messages were sent again`);
    did('poison sent again');
    traffic.acknowledge([EARLY]);
    const left = await parkedUntil(system, wanted.length - 1);
    if (left.length !== wanted.length - 1 || left.some(({ reason }) => reason.code === 'unknown-item')) violation(`${left.length} messages are parked after one was taken`);
  },
};

interface ParkedLine {
  readonly reason: { readonly code: string };
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** What is parked, as soon as there are so many. */
async function parkedUntil(system: System, count: number): Promise<readonly ParkedLine[]> {
  for (const end = performance.now() + PARKED_MS_MAX; ; await sleep(LOOK_MS)) {
    const { parked } = await trellis<{ parked: readonly ParkedLine[] }>(system, 'parked', 'list', '--json');
    if (parked.length === count || performance.now() > end) return parked;
  }
}

/** The command line as an operator has it. */
function trellis<Answer>({ transport, kafka }: System, ...args: string[]): Promise<Answer> {
  const namespace = transport.topics.parked.replace(/\.parked$/, '');
  const child = spawn(process.execPath, [CLI, ...args], { env: { ...process.env, TRELLIS_KAFKA_BROKERS: kafka.address, TRELLIS_NAMESPACE: namespace }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    // The claim of whoever asks.
    child.once('close', (code) => (code === 0 ? resolve(JSON.parse(said.out) as Answer) : reject(new Error(`trellis ${args.join(' ')} ended with ${code}: ${said.err}`))));
  });
}
