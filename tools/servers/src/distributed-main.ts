// `npm run distributed`: the distributed system on this machine, with the sample course, until Ctrl-C.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startDistributed, type Distributed } from './distributed.js';
import { distributedWelcome, type SampleCourse } from './distributed-welcome.js';
import { thisMachine } from './machine.js';

const COURSE = 'elementary-algebra';
const COURSE_FILE = new URL(`../../../samples/${COURSE}/course.json`, import.meta.url);
const PUBLISH_MS_MAX = 30_000;

const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`);

/** Null where keys are configured: this process has none. */
async function publishSample(url: string): Promise<SampleCourse | null> {
  if (thisMachine.variable('TRELLIS_KEYS') !== null) return null;
  const body = await readFile(COURSE_FILE, 'utf8');
  const answer = await fetch(`${url}/v1/courses/${COURSE}`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(PUBLISH_MS_MAX) });
  if (!answer.ok) throw new Error(`the sample course was refused (${answer.status}): ${await answer.text()}`);
  return JSON.parse(body);
}

async function run(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const stopping = new AbortController();
  let system: Distributed | null = null;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // A second one does not wait for good order; the guardians see to the rest.
      if (stopping.signal.aborted) process.exit(1);
      say(`\n  ${system === null ? 'Stopping as soon as it has started' : 'Stopping: the services first, then the servers'} ...`);
      stopping.abort();
    });
  }
  say('  Starting KurrentDB, Kafka, Redis and five services ...');
  system = await startDistributed({ ...(values.data === undefined ? {} : { data: values.data }), say: (sentence) => say(`  ${sentence}`) });
  try {
    if (!stopping.signal.aborted) {
      const sample = await publishSample(system.url);
      say(distributedWelcome(system, sample));
      if (!stopping.signal.aborted) await new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()));
    }
  } finally {
    await system.stop();
  }
  say('  Stopped.');
}

try {
  await run();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
