// What the log and its rows cost a request and a projector: appended, scanned, a row with the events after it, a late re-fold.
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbedded } from '@trellis/embedded';
import { known, load, Projector, refold, type Envelope, type Observation } from '@trellis/event-sourcing';
import { learnerStream, rowKey, trellisCodec } from '@trellis/learning';
import { DEFAULT_TENANT } from '@trellis/service';
import type { Benchmark, Measured } from '../benchmark.js';
import { cpuMicros, cpuMicrosACall } from '../cpu-time.js';
import { learnerName, publishedSample } from '../course-work.js';
import { appendAll, histories, observations } from '../embedded-log.js';
import { LEARNER_VIEW } from '../folded-learners.js';
import { JoinedFile } from '../joined-file.js';

const LEARNERS = 1_000;
const LEARNERS_MIN = 20;
const ANSWERS_EACH = 100;
/** Answers after a learner's row: those of a sitting that no projector has taken yet. */
const TAIL = 20;
const LATE_EVENTS = 10_000;
const BATCH = 500;
const BATCHES = 40;
const READS = 2_000;
const READS_MIN = 20;
const REFOLDS = 3;
const PART_BYTES = 1_048_576;

export const logPaths: Benchmark = {
  name: 'log-paths',
  title: 'The log and its rows, in one process',
  prepare: async ({ workplace, scale, say }) => {
    const learners = Math.max(LEARNERS_MIN, Math.round(LEARNERS * scale.size));
    const lateEvents = Math.max(ANSWERS_EACH, Math.round(LATE_EVENTS * scale.size));
    const reads = Math.max(READS_MIN, Math.round(READS * scale.size));
    const batchCount = Math.max(2, Math.round(BATCHES * scale.size));
    const course = publishedSample();
    say('log-paths: writing a log');
    const folder = workplace.folder();
    const { store, views, close } = await openEmbedded(folder);
    const sources = { store, views, codec: trellisCodec() };
    // The last learner has the long history, which a late answer makes us fold again.
    await appendAll(store, histories(course, [{ learners, answers: ANSWERS_EACH }, { from: learners, learners: 1, answers: lateEvents }]));
    await new Projector(sources, LEARNER_VIEW).catchUp(new AbortController().signal);
    // Behind the rows of every other learner.
    await appendAll(store, histories(course, Array.from({ length: Math.floor(learners / 2) }, (_, n) => ({ from: 2 * n + 1, learners: 1, after: ANSWERS_EACH, answers: TAIL }))));
    const events = Number(await store.head());
    const longest = rowKey(DEFAULT_TENANT, learnerName(learners));
    const decoded: Envelope[] = [];
    for await (const page of store.read(learnerStream(DEFAULT_TENANT, learnerName(learners)))) decoded.push(...known(sources.codec, page));

    const appended = await openEmbedded(workplace.folder());
    const file = new JoinedFile(join(workplace.folder(), 'bare'));
    const fresh = observations({ events: Infinity, learners });
    const batches = (): readonly (readonly Observation[])[] => Array.from({ length: batchCount }, () => Array.from({ length: BATCH }, () => fresh.next().value ?? failed()));

    const perEvent = async <Work>(ready: readonly Work[], work: (one: Work) => Promise<unknown>): Promise<number> => {
      const cost = await cpuMicros(async () => {
        for (const one of ready) await work(one);
      });
      return cost / (ready.length * BATCH);
    };
    const keysFrom = (first: number): readonly string[] => Array.from({ length: Math.floor(learners / 2) }, (_, n) => rowKey(DEFAULT_TENANT, learnerName(2 * n + first)));
    const [rested, behind] = [keysFrom(0), keysFrom(1)];
    const reading = async (keys: readonly string[], read: (key: string) => Promise<unknown>): Promise<number> => {
      const cost = await cpuMicros(async () => {
        for (let n = 0; n < reads; n++) await read(keys[n % keys.length] ?? '');
      });
      return cost / reads;
    };
    const sides = [
      async (): Promise<Measured> => ({ append: await perEvent(batches(), (batch) => appended.store.appendObservations(batch)) }),
      async (): Promise<Measured> => ({ bareAppend: await perEvent(batches().map((batch) => Buffer.concat(batch.map(({ event }) => event.bytes))), (bytes) => file.append(bytes)) }),
      async (): Promise<Measured> => ({
        scan:
          (await cpuMicros(async () => {
            let seen = 0;
            for await (const page of store.readAll()) seen += page.length;
            if (seen !== events) throw new Error(`readAll gave ${seen} events of ${events}`);
          })) / events,
      }),
      async (): Promise<Measured> => ({ bareScan: (await cpuMicros(() => readFiles(join(folder, 'log')))) / events }),
      async (): Promise<Measured> => ({ rowOnly: await reading(rested, (key) => views.read({ name: LEARNER_VIEW.name }, [key])) }),
      async (): Promise<Measured> => ({ noTail: await reading(rested, (key) => load(sources, LEARNER_VIEW, key)) }),
      async (): Promise<Measured> => ({ tail: await reading(behind, (key) => load(sources, LEARNER_VIEW, key)) }),
      async (): Promise<Measured> => {
        const costs: number[] = [];
        for (let n = 0; n < REFOLDS; n++) costs.push(await cpuMicros(async () => void (await refold(sources, LEARNER_VIEW, longest, lateEvents - 1))));
        return { refold: Math.min(...costs) / 1_000 };
      },
      async (): Promise<Measured> => ({ refoldDecoded: (await cpuMicrosACall(REFOLDS, 1, () => LEARNER_VIEW.refold(longest, decoded).answers)) / 1_000 }),
    ];
    say('log-paths: warming up');
    for (const side of sides) await side();

    const row = { what: 'the bytes of the row read', figure: 'rowOnly' };
    return {
      sides,
      rows: [
        { what: `appended in batches of ${BATCH}, an event`, unit: 'us CPU', figure: 'append', limit: { what: 'the same bytes appended to a file, fdatasync', figure: 'bareAppend' } },
        { what: 'scanned, an event', unit: 'us CPU', figure: 'scan', limit: { what: 'the same files read whole', figure: 'bareScan' } },
        { what: 'row + tail, nothing after the row', unit: 'us CPU', figure: 'noTail', limit: row },
        { what: `row + tail, ${TAIL} answers after the row`, unit: 'us CPU', figure: 'tail', limit: row },
        { what: `a late answer: ${lateEvents.toLocaleString('en')} events read and folded again`, unit: 'ms CPU', figure: 'refold', limit: { what: 'the same fold on decoded events in memory', figure: 'refoldDecoded' } },
      ],
      notes: [
        `A log of ${events.toLocaleString('en')} answers, read from the page cache: ${learners.toLocaleString('en')} learners with ${ANSWERS_EACH} and one with ${lateEvents.toLocaleString('en')}. All threads; events are encoded beforehand.`,
      ],
      close: async () => {
        await file.close();
        await appended.close();
        await close();
      },
    };
  },
};

/** Into the same memory again and again: to allocate it would cost more than to read. */
function readFiles(folder: string): void {
  const part = Buffer.alloc(PART_BYTES);
  for (const name of readdirSync(folder)) {
    const file = openSync(join(folder, name), 'r');
    while (readSync(file, part) > 0);
    closeSync(file);
  }
}

function failed(): never {
  throw new Error('the endless work of learners has ended');
}
