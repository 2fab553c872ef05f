// Against the protocol double of KurrentDB: the real client, a server in this process.
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded, type Embedded } from '@trellis/embedded';
import type { EventId, EventStore, Outgoing, StreamName } from '@trellis/event-sourcing';
import { copyLog, type LogCopied, type LogCopyOptions } from './log-copy.js';
import { openKurrentDouble, type KurrentDouble } from './testing/index.js';

// As `copyLog` itself does: no engine loads it when it starts.
const { openKurrent } = await import('@trellis/kurrent');

// Several times what the copy takes at once.
const EVENTS = 1_203;

let data: string;
let double: KurrentDouble;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'trellis-copy-'));
  double = await openKurrentDouble();
});
afterEach(async () => {
  await double.close();
  rmSync(data, { recursive: true });
});

function eventOf(n: number): Outgoing {
  const id = `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId; // a UUID by construction
  return { id, type: n % 3 === 0 ? 'HintTaken' : 'AnswerGiven', digest: n.toString(16).padStart(16, '0'), bytes: Uint8Array.of(n % 256, 0, 255) };
}

async function grow({ store }: Embedded, from: number, count: number): Promise<void> {
  const events = Array.from({ length: count }, (_, n) => from + n);
  await store.appendObservations(events.map((n) => ({ stream: `learner-default.l${n % 7}` as StreamName, event: eventOf(n) }))); // names by construction
}

async function closedLog(count: number): Promise<void> {
  const log = await openEmbedded(data, { now: () => 1_772_000_000_123 });
  await grow(log, 0, count);
  await log.close();
}

const copy = (options: Partial<LogCopyOptions> = {}): Promise<LogCopied> => copyLog({ data, connectionString: double.connectionString, ...options });

/** Everything but where the store has it. */
async function recordsOf(store: EventStore): Promise<unknown[]> {
  const records: unknown[] = [];
  for await (const page of store.readAll()) for (const { position: _, bytes, ...rest } of page) records.push({ ...rest, bytes: [...bytes] });
  return records;
}

const lines = (positions: string): readonly string[] => readFileSync(positions, 'latin1').split('\n').slice(0, -1);

/** What the double holds beside the server's own events. */
const held = ({ log }: KurrentDouble) => log.events.filter(({ stream }) => !stream.startsWith('$'));

/** The double has the log up to there, in its order, and the file says where. */
function expectCopied(positions: string, count: number): void {
  expect(held(double).map(({ id }) => id)).toEqual(Array.from({ length: count }, (_, n) => eventOf(n).id));
  expect(lines(positions).map(BigInt)).toEqual(held(double).map(({ position }) => position));
}

describe('a copy of a log in KurrentDB', () => {
  it('has every event with its id, place, bytes and time, and a line for each position', async () => {
    await closedLog(EVENTS);
    const { positions, target, position, ...report } = await copy();
    expect(report).toEqual({ events: EVENTS, copied: EVENTS, already: 0, verified: EVENTS, goesOn: false });
    expect(target).toBe(double.connectionString);
    expectCopied(positions, EVENTS);
    expect(position).toEqual({ from: String(EVENTS), to: String(held(double).at(-1)?.position) });
    const kurrent = openKurrent(double.connectionString);
    const log = await openEmbedded(data, { readOnly: true });
    expect(await recordsOf(kurrent.store)).toEqual(await recordsOf(log.store));
    await Promise.all([log.close(), kurrent.close()]);
  });

  it('only takes what is new the second time, beside the process that writes too', async () => {
    await closedLog(EVENTS);
    await copy();
    expect(await copy()).toMatchObject({ copied: 0, already: EVENTS, verified: EVENTS });
    const log = await openEmbedded(data);
    await grow(log, EVENTS, 10);
    // The head is published a moment after it is durable.
    const reader = await openEmbedded(data, { readOnly: true });
    let head = await reader.store.head();
    while (head !== String(EVENTS + 10)) head = await reader.store.head();
    await reader.close();
    const { positions, ...report } = await copy();
    await log.close();
    expect(report).toMatchObject({ events: EVENTS + 10, copied: 10, already: EVENTS, verified: EVENTS + 10 });
    expectCopied(positions, EVENTS + 10);
  });

  it('of an empty log is one of nothing', async () => {
    await closedLog(0);
    expect(await copy()).toMatchObject({ events: 0, copied: 0, verified: 0, position: { from: null, to: null }, goesOn: false });
  });

  it('goes on after it was broken off', async () => {
    await closedLog(EVENTS);
    const stop = new AbortController();
    await expect(copy({ signal: stop.signal, watch: () => stop.abort() })).rejects.toThrow('aborted');
    const begun = held(double).length;
    expect(begun).toBeGreaterThan(0);
    expect(begun).toBeLessThan(EVENTS);
    const { positions, ...report } = await copy();
    expect(report).toMatchObject({ copied: EVENTS - begun, already: begun, verified: EVENTS });
    expectCopied(positions, EVENTS);
  });

  it.each([
    ['lost its newest lines', (path: string) => truncateSync(path, 21 * 600)],
    ['ends in half a line', (path: string) => truncateSync(path, 21 * 600 + 7)],
    ['has a hole', (path: string) => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 21 * 600), Buffer.alloc(4_096)]))],
    ['is gone', (path: string) => rmSync(path)],
  ])('goes on where a crash came before the positions were written down, and the file %s', async (_what, crash) => {
    await closedLog(EVENTS);
    const { positions } = await copy();
    crash(positions);
    expect(await copy()).toMatchObject({ copied: 0, already: EVENTS, verified: EVENTS });
    expectCopied(positions, EVENTS);
  });

  it.each(['lost', 'written', 'lands-before-the-next', 'lands-after-the-next'] as const)('is whole after a connection that broke during an append: %s', async (fate) => {
    await closedLog(EVENTS);
    double.faults.appends.push({ kind: 'disconnect', fate }, { kind: 'unavailable' });
    const { positions, ...report } = await copy();
    expect(report).toMatchObject({ verified: EVENTS, goesOn: false });
    expectCopied(positions, EVENTS);
  });

  it('goes to the namespace that is asked for, and knows it from the one without', async () => {
    await closedLog(5);
    await copy();
    const { positions } = await copy({ namespace: 'north' });
    expect(positions).toMatch(/-north\.positions$/);
    expect(held(double).map(({ stream }) => stream.startsWith('north-learner-'))).toEqual([...Array<boolean>(5).fill(false), ...Array<boolean>(5).fill(true)]);
    const kurrent = openKurrent(double.connectionString, { namespace: 'north-' });
    expect(await recordsOf(kurrent.store)).toHaveLength(5);
    await kurrent.close();
    expect(await copy({ namespace: 'trellis' })).toMatchObject({ copied: 0, already: 5, goesOn: false });
  });

  it('says that the database goes on behind it', async () => {
    await closedLog(5);
    await copy();
    const kurrent = openKurrent(double.connectionString);
    await kurrent.store.append('learner-default.other' as StreamName, [eventOf(99)], -1); // a name of this test
    await kurrent.close();
    expect(await copy()).toMatchObject({ verified: 5, goesOn: true });
  });
});

describe('a copy is refused', () => {
  it('where the database holds another event, with the position', async () => {
    await closedLog(5);
    const kurrent = openKurrent(double.connectionString);
    await kurrent.store.append('learner-default.l0' as StreamName, [eventOf(99)], -1); // a name of this test
    await kurrent.close();
    await expect(copy()).rejects.toMatchObject({ name: 'CopyDiffersError', position: '1' });
    expect(held(double)).toHaveLength(1);
  });

  it('where the positions are those of another database, before anything is written', async () => {
    await closedLog(5);
    const { positions } = await copy();
    const other = await openKurrentDouble();
    const name = `kurrent-127.0.0.1-${other.endPoint.port}.positions`;
    writeFileSync(join(data, 'copies', name), readFileSync(positions));
    await expect(copy({ connectionString: other.connectionString })).rejects.toThrow(/says that 5 events up to \d+ were copied, and the log has 5 and the database ends at null/);
    expect(held(other)).toEqual([]);
    await other.close();
  });

  it('where a line of the positions was changed', async () => {
    await closedLog(5);
    const { positions } = await copy();
    const [first = '', ...rest] = lines(positions);
    writeFileSync(positions, [String(BigInt(first) - 1n).padStart(20, '0'), ...rest, ''].join('\n'));
    await expect(copy()).rejects.toThrow(/has another position than \d+ for the event at 1/);
  });

  it('where there is no log', async () => {
    await expect(copy()).rejects.toThrow('it holds no log yet');
  });

  it('where nobody answers, and nothing that is secret is said', async () => {
    await closedLog(5);
    const { port } = double.endPoint;
    await double.close();
    const failed: unknown = await copy({ connectionString: `kurrentdb://ann:hush%21@127.0.0.1:${port}?tls=false` }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'LogCopyError', retriable: true, message: expect.stringContaining(`(KurrentDB at kurrentdb://***@127.0.0.1:${port}?tls=false): check that the server runs there`) as unknown });
    expect(JSON.stringify(failed, Object.getOwnPropertyNames(failed)) + String(failed)).not.toMatch(/hush/);
    double = await openKurrentDouble();
  });
});
