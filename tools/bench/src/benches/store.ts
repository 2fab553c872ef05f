// The embedded store alone, beside the same bytes appended to a file and made durable.
import { join } from 'node:path';
import { openEmbedded } from '@trellis/embedded';
import type { Observation } from '@trellis/event-sourcing';
import type { Benchmark, Measured } from '../benchmark.js';
import { observations } from '../embedded-log.js';
import { JoinedFile } from '../joined-file.js';
import { workOff } from '../load.js';

const BATCH = 500;
const WAITING = 16;
/** Of one side in one round. */
const BATCHES = 100;
const SINGLES = 20_000;
const LEARNERS = 1_000;

export const store: Benchmark = {
  name: 'store',
  title: 'The embedded store alone',
  prepare: async ({ workplace, scale }) => {
    const batchCount = Math.max(2, Math.round(BATCHES * scale.size));
    const singleCount = Math.max(WAITING, Math.round(SINGLES * scale.size));
    const { store: log, close } = await openEmbedded(workplace.folder());
    const file = new JoinedFile(join(workplace.folder(), 'bare'));
    const events = observations({ events: Infinity, learners: Math.max(BATCH, Math.round(LEARNERS * scale.size)) });
    const take = (count: number): readonly Observation[] => Array.from({ length: count }, () => events.next().value ?? failed());
    const bytesOf = (part: readonly Observation[]): Uint8Array => Buffer.concat(part.map(({ event }) => event.bytes));

    const batches = async (): Promise<Measured> => {
      const ready = Array.from({ length: batchCount }, () => take(BATCH));
      const { perSecond } = await workOff(ready, 1, async (batch) => {
        const { outcomes } = await log.appendObservations(batch);
        if (outcomes.some((outcome) => outcome !== 'accepted')) throw new Error('a batch of new events was not taken whole');
      });
      return { batches: perSecond * BATCH };
    };
    const bareBatches = async (): Promise<Measured> => {
      const ready = Array.from({ length: batchCount }, () => bytesOf(take(BATCH)));
      return { bareBatches: BATCH * (await workOff(ready, 1, (bytes) => file.append(bytes))).perSecond };
    };
    const singles = async (): Promise<Measured> => {
      const { perSecond } = await workOff(take(singleCount), WAITING, async ({ stream, event }) => {
        const appended = await log.append(stream, [event], 'any');
        if (appended === 'conflict' || appended.repeated) throw new Error('a new event was not taken');
      });
      return { singles: perSecond };
    };
    const bareSingles = async (): Promise<Measured> => ({
      bareSingles: (await workOff(take(singleCount), WAITING, ({ event }) => file.append(event.bytes))).perSecond,
    });
    const sides = [batches, bareBatches, singles, bareSingles];
    for (const side of sides) await side();

    return {
      sides,
      rows: [
        { what: `appendObservations of ${BATCH}, one after another`, unit: 'events/s', figure: 'batches', limit: { what: 'the same bytes appended, fdatasync', figure: 'bareBatches' } },
        { what: `append of one event, ${WAITING} waiting`, unit: 'events/s', figure: 'singles', limit: { what: 'the same bytes appended, fdatasync, joined', figure: 'bareSingles' } },
      ],
      notes: ['Events are encoded beforehand. The store also looks every id up, keeps revisions and writes its index.'],
      close: async () => {
        await file.close();
        await close();
      },
    };
  },
};

function failed(): never {
  throw new Error('the endless work of learners has ended');
}
