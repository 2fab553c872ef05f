// The embedded store alone, beside the same bytes appended to a file and made durable.
import { join } from 'node:path';
import { openEmbedded } from '@trellis/embedded';
import type { Observation } from '@trellis/event-sourcing';
import type { Benchmark, Measured } from '../benchmark.js';
import { observations } from '../embedded-log.js';
import { JoinedFile } from '../joined-file.js';
import { closedLoop } from '../load.js';

const BATCH = 500;
const WAITING = 16;
const LEARNERS = 1_000;
/** Half the time of a side that goes over HTTP is plenty: nothing here has to warm up for long. */
const SECONDS_FACTOR = 0.5;

export const store: Benchmark = {
  name: 'store',
  title: 'The embedded store alone',
  prepare: async ({ workplace, scale }) => {
    const seconds = scale.seconds * SECONDS_FACTOR;
    const { store: log, close } = await openEmbedded(workplace.folder());
    const file = new JoinedFile(join(workplace.folder(), 'bare'));
    const events = observations({ events: Infinity, learners: Math.max(BATCH, Math.round(LEARNERS * scale.size)) });
    const take = (count: number): readonly Observation[] => Array.from({ length: count }, () => events.next().value ?? none());
    const bytesOf = (part: readonly Observation[]): Uint8Array => Buffer.concat(part.map(({ event }) => event.bytes));

    const batches = async (): Promise<Measured> => {
      const ready = ahead(() => take(BATCH));
      const perSecond = await ready.measured(seconds, async (batch) => {
        const { outcomes } = await log.appendObservations(batch);
        if (outcomes.some((outcome) => outcome !== 'accepted')) throw new Error('a batch of new events was not taken whole');
      });
      return { batches: perSecond * BATCH };
    };
    const bareBatches = async (): Promise<Measured> => {
      const bytes = bytesOf(take(BATCH));
      return { bareBatches: BATCH * (await closedLoop({ workers: 1, seconds }, () => file.append(bytes))) };
    };
    const singles = async (): Promise<Measured> => {
      const ready = ahead(() => take(1));
      return {
        singles: await ready.measured(
          seconds,
          async ([observation = none()]) => {
            const appended = await log.append(observation.stream, [observation.event], 'any');
            if (appended === 'conflict' || appended.repeated) throw new Error('a new event was not taken');
          },
          WAITING,
        ),
      };
    };
    const bareSingles = async (): Promise<Measured> => {
      const bytes = bytesOf(take(1));
      return { bareSingles: await closedLoop({ workers: WAITING, seconds }, () => file.append(bytes)) };
    };
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
