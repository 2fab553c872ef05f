// One phase of the life of a large log, in a process of its own, so that its memory is its own: says what it found as JSON.
import { openEmbedded } from '@trellis/embedded';
import { Projector, type Observation } from '@trellis/event-sourcing';
import { trellisCodec } from '@trellis/learning';
import { keepHeapSmall } from '@trellis/service';
import type { Measured } from './benchmark.js';
import { observationsFrom, type LogSize } from './embedded-log.js';
import { LEARNER_VIEW } from './folded-learners.js';

export const PHASES = ['write', 'start', 'write-on', 'scan', 'catch-up'] as const;
export type Phase = (typeof PHASES)[number];

const BATCH = 500;
/** `write-on` says that it is under way after so many events. */
const UNDER_WAY_EVENTS = 50_000;
const KILLED_BEFORE = 1_000_000_000;

// As services do.
keepHeapSmall();

const [phase = '', folder = '', events = '', learners = ''] = process.argv.slice(2);

const WORK: Readonly<Record<Phase, (size: LogSize) => Promise<Measured>>> = {
  write: async (size) => ({ perSecond: await write(0, size) }),
  start,
  'write-on': async ({ events: before, learners: of }) => ({ perSecond: await write(before, { events: KILLED_BEFORE, learners: of }) }),
  scan,
  'catch-up': catchUp,
};

async function write(first: number, size: LogSize): Promise<number> {
  const { store, report, close } = await openEmbedded(folder);
  const from = Math.max(first, report?.position ?? 0);
  const begun = performance.now();
  let taken = 0;
  let batch: Observation[] = [];
  let before: Promise<void> = Promise.resolve();
  const send = async (part: readonly Observation[]): Promise<void> => {
    const { outcomes } = await store.appendObservations(part);
    if (outcomes.some((outcome) => outcome !== 'accepted')) throw new Error('a batch of new events was not taken whole');
    taken += part.length;
    if (first > 0 && taken === UNDER_WAY_EVENTS) say({ taken });
  };
  for (const observation of observationsFrom(from, size)) {
    batch.push(observation);
    if (batch.length < BATCH) continue;
    // While one batch is written the next is made, and no more.
    await before;
    before = send(batch);
    batch = [];
  }
  await before;
  if (batch.length > 0) await send(batch);
  const perSecond = (taken * 1000) / (performance.now() - begun);
  await close();
  return perSecond;
}

/** Counted from the start of the process, so Node and all modules are in it. */
async function start(): Promise<Measured> {
  const loaded = performance.now();
  const { report, close } = await openEmbedded(folder);
  const open = performance.now();
  await close();
  return { seconds: open / 1000, openSeconds: (open - loaded) / 1000, scanned: report?.scanned ?? 0, clean: report?.clean === true ? 1 : 0 };
}

async function scan(): Promise<Measured> {
  const { store, report, close } = await openEmbedded(folder);
  const begun = performance.now();
  let seen = 0;
  for await (const page of store.readAll()) seen += page.length;
  const seconds = (performance.now() - begun) / 1000;
  await close();
  if (seen !== report?.position) throw new Error(`readAll gave ${seen} events of ${report?.position}`);
  return { perSecond: seen / seconds };
}

/** The rows of all learners, from none. */
async function catchUp(): Promise<Measured> {
  const { store, views, report, close } = await openEmbedded(folder);
  const projector = new Projector({ store, views, codec: trellisCodec() }, LEARNER_VIEW);
  const begun = performance.now();
  await projector.catchUp(new AbortController().signal);
  const seconds = (performance.now() - begun) / 1000;
  const { position, rowsWritten } = projector.status();
  await close();
  if (Number(position) !== report?.position) throw new Error(`the rows came to ${position} of ${report?.position}`);
  return { perSecond: Number(position) / seconds, rowsWritten };
}

function say(figures: Measured): void {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

const work = WORK[phase as Phase] as (typeof WORK)[Phase] | undefined; // whatever was typed
if (work === undefined) throw new Error(`there is no phase ${JSON.stringify(phase)}; there are ${PHASES.join(', ')}`);
say(await work({ events: Number(events), learners: Number(learners) }));
