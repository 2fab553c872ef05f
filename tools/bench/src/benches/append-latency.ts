// What an append waits for, and how many a second there are, beside the same bytes in a bare file: one, a few, many at a time.
import { join } from 'node:path';
import { openEmbedded } from '@trellis/embedded';
import type { Observation } from '@trellis/event-sourcing';
import type { Benchmark, Measured, RowPlan } from '../benchmark.js';
import { observations } from '../embedded-log.js';
import { JoinedFile } from '../joined-file.js';
import { workOff } from '../load.js';
import { percentile } from '../statistics.js';

/** How many wait at a time, and how many appends one side of one round makes then. */
const LOADS = [
  { appenders: 1, appends: 4_000 },
  { appenders: 16, appends: 30_000 },
  { appenders: 256, appends: 60_000 },
] as const;
const LEARNERS = 1_000;

export const appendLatency: Benchmark = {
  name: 'append-latency',
  title: 'Durable appends beside bare appends',
  prepare: async ({ workplace, scale }) => {
    const { store, close } = await openEmbedded(workplace.folder());
    const file = new JoinedFile(join(workplace.folder(), 'bare'));
    const events = observations({ events: Infinity, learners: LEARNERS });
    const take = (count: number): readonly Observation[] => Array.from({ length: count }, () => events.next().value ?? failed());
    const side = (name: string, { appenders, appends }: (typeof LOADS)[number], append: (one: Observation) => Promise<unknown>) => async (): Promise<Measured> => {
      const ready = take(Math.max(appenders, Math.round(appends * scale.size)));
      const { perSecond, took } = await workOff(ready, appenders, async (one) => {
        await append(one);
      });
      return { [`${name} ${appenders} rate`]: perSecond, [`${name} ${appenders} p50`]: percentile(took, 50), [`${name} ${appenders} p99`]: percentile(took, 99) };
    };
    const sides = LOADS.flatMap((load) => [
      side('store', load, async ({ stream, event }) => {
        const answer = await store.append(stream, [event], 'any');
        if (answer === 'conflict' || answer.repeated) throw new Error('a new event was not taken');
      }),
      side('bare', load, ({ event }) => file.append(event.bytes)),
    ]);
    for (const warmUp of sides) await warmUp();
    return {
      sides,
      rows: LOADS.flatMap(({ appenders }) => rowsOf(appenders)),
      notes: ['Each appender sends one event, waits until it is durable and sends the next; events are made beforehand. Appends that meet share one write and one fdatasync, on both sides.'],
      close: async () => {
        await file.close();
        await close();
      },
    };
  },
};

function rowsOf(appenders: number): readonly RowPlan[] {
  const row = (figure: string, unit: string): RowPlan => ({
    what: `${appenders} at a time, ${figure === 'rate' ? 'durable appends' : figure}`,
    unit,
    figure: `store ${appenders} ${figure}`,
    limit: { what: 'bare file, fdatasync, joined', figure: `bare ${appenders} ${figure}` },
  });
  return [row('rate', '1/s'), row('p50', 'ms'), row('p99', 'ms')];
}

function failed(): never {
  throw new Error('the endless work of learners has ended');
}
