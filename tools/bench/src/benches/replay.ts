// How fast the learner view is folded again from the first event of a real log.
import { openEmbedded } from '@trellis/embedded';
import { known, Projector, type Envelope } from '@trellis/event-sourcing';
import { LEARNER_PREFIX, trellisCodec } from '@trellis/learning';
import type { LearnerState } from '@trellis/views';
import type { Benchmark, Measured } from '../benchmark.js';
import { BktColumns } from '../bkt-columns.js';
import { cpuMicros } from '../cpu-time.js';
import { writeLog } from '../embedded-log.js';
import { fold, LEARNER_VIEW } from '../folded-learners.js';

const EVENTS = 500_000;
const LEARNERS = 2_000;

export const replay: Benchmark = {
  name: 'replay',
  title: 'Replay of the learner view',
  prepare: async ({ workplace, scale, say }) => {
    const size = { events: Math.max(1_000, Math.round(EVENTS * scale.size)), learners: Math.max(10, Math.round(LEARNERS * scale.size)) };
    say(`replay: writing a log of ${size.events.toLocaleString('en')} events`);
    const folder = workplace.folder();
    await writeLog(folder, size);
    const { store, views, close } = await openEmbedded(folder);
    const codec = trellisCodec();
    const decoded: Envelope[] = [];
    // Without their bytes, which would keep every page of the log in memory.
    for await (const page of store.readAll({ prefix: LEARNER_PREFIX })) for (const event of known(codec, page)) decoded.push({ ...event, bytes: new Uint8Array(0) });
    const columns = new BktColumns(decoded);

    const fromLog = async (): Promise<void> => {
      const states = new States();
      for await (const page of store.readAll({ prefix: LEARNER_PREFIX })) for (const event of known(codec, page)) states.take(event);
      states.encoded(size.learners);
    };
    const inMemory = (): void => {
      const states = new States();
      for (const event of decoded) states.take(event);
      states.encoded(size.learners);
    };
    const rebuild = (): Promise<void> => new Projector({ store, views, codec }, LEARNER_VIEW).rebuild(new AbortController().signal);
    const rate = async (work: () => Promise<void> | void): Promise<number> => (size.events * 1_000_000) / (await cpuMicros(work));
    const sides = [
      async (): Promise<Measured> => ({ rows: await rate(fromLog) }),
      async (): Promise<Measured> => ({ rebuild: await rate(rebuild) }),
      async (): Promise<Measured> => ({ decoded: await rate(inMemory) }),
      async (): Promise<Measured> => ({ columns: await rate(() => void columns.fold()) }),
    ];
    say('replay: warming up');
    for (const side of sides) await side();

    const goals = [
      { of: 'figure', atLeast: 150_000 },
      { of: 'figure', atLeast: 300_000 },
    ] as const;
    const limit = { what: 'the same fold on decoded events in memory', figure: 'decoded' };
    return {
      sides,
      rows: [
        { what: 'rows: log read, decoded, folded, rows encoded', unit: 'events/s a core', figure: 'rows', limit, goals },
        { what: 'rows: the projector\'s rebuild, which also writes the rows', unit: 'events/s a core', figure: 'rebuild', limit },
        { what: 'the fold on decoded events in memory', unit: 'events/s a core', figure: 'decoded', limit: { what: 'BKT alone on typed arrays in memory', figure: 'columns' } },
      ],
      notes: [
        `A log of ${size.events.toLocaleString('en')} answers by ${size.learners.toLocaleString('en')} learners who take turns, read from the page cache. A core: a second of processor time, all threads counted.`,
        'Columns do not exist yet: their goals (0.6 of the fold on typed arrays, 1,000,000 events/s a core) are not measured here.',
      ],
      close,
    };
  },
};

class States {
  private readonly byStream = new Map<string, LearnerState>();

  take(event: Envelope): void {
    const state = this.byStream.get(event.stream) ?? LEARNER_VIEW.initial(event.stream);
    this.byStream.set(event.stream, fold(state, event));
  }

  encoded(rows: number): void {
    for (const state of this.byStream.values()) LEARNER_VIEW.encode(state);
    if (this.byStream.size !== rows) throw new Error(`${this.byStream.size} rows instead of ${rows}`);
  }
}
