// How fast the learner view is folded again from the first event of a real log, and from the columns that a log is exported to.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Archive, foldArchive, writeArchive } from '@trellis/archive';
import { openEmbedded } from '@trellis/embedded';
import { known, Projector, type Envelope } from '@trellis/event-sourcing';
import { LEARNER_PREFIX, trellisCodec } from '@trellis/learning';
import type { LearnerState } from '@trellis/views';
import type { Benchmark, Measured } from '../benchmark.js';
import { BktArchive } from '../bkt-archive.js';
import { BktColumns } from '../bkt-columns.js';
import { cpuMicros } from '../cpu-time.js';
import { writeLog } from '../embedded-log.js';
import { fold, LEARNER_VIEW } from '../folded-learners.js';

const EVENTS = 500_000;
const LEARNERS = 2_000;
/** What takes milliseconds is done so often in a row. */
const TIMES = 20;

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
    const decoded = async (): Promise<readonly Envelope[]> => {
      const events: Envelope[] = [];
      // Without their bytes, which would keep every page of the log in memory.
      for await (const page of store.readAll({ prefix: LEARNER_PREFIX })) for (const event of known(codec, page)) events.push({ ...event, bytes: new Uint8Array(0) });
      return events;
    };
    const arrays = new BktColumns(await decoded());
    say('replay: exporting it');
    const path = join(workplace.folder(), 'log.arrow');
    const { signal } = new AbortController();
    const exporting = await cpuMicros(async () => void (await writeArchive({ store, codec }, path, { format: 'arrow', arrange: LEARNER_VIEW.arrange, signal })));
    const archive = Archive.open(path);
    const bkt = new BktArchive(archive);

    const fromLog = async (): Promise<void> => {
      const states = new States();
      for await (const page of store.readAll({ prefix: LEARNER_PREFIX })) for (const event of known(codec, page)) states.take(event);
      states.encoded(size.learners);
    };
    const inMemory = (events: readonly Envelope[]): void => {
      const states = new States();
      for (const event of events) states.take(event);
      states.encoded(size.learners);
    };
    const fromColumns = async (): Promise<void> => {
      let rows = 0;
      for await (const page of foldArchive(archive, codec, LEARNER_VIEW, { signal })) for (const [, { state }] of page) rows += LEARNER_VIEW.encode(state).length > 0 ? 1 : 0;
      if (rows !== size.learners) throw new Error(`${rows} rows instead of ${size.learners}`);
    };
    const rebuild = (): Promise<void> => new Projector({ store, views, codec }, LEARNER_VIEW).rebuild(new AbortController().signal);
    const rate = async (work: () => Promise<void> | void): Promise<number> => (size.events * 1_000_000) / (await cpuMicros(work));
    const sides = [
      async (): Promise<Measured> => ({ rows: await rate(fromLog) }),
      async (): Promise<Measured> => ({ rebuild: await rate(rebuild) }),
      // Only while they are needed: the garbage collector looks through them whatever else is measured.
      async (): Promise<Measured> => {
        const events = await decoded();
        return { decoded: await rate(() => inMemory(events)) };
      },
      async (): Promise<Measured> => ({ columns: await rate(fromColumns) }),
      async (): Promise<Measured> => ({ bkt: TIMES * (await rate(() => repeated(() => bkt.fold()))) }),
      async (): Promise<Measured> => ({ arrays: TIMES * (await rate(() => repeated(() => arrays.fold()))) }),
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
        { what: 'columns: full rows, file read, folded, rows encoded', unit: 'events/s a core', figure: 'columns', limit, goals: [{ of: 'figure', atLeast: 1_000_000 }] },
        { what: 'columns: BKT alone, file read and folded', unit: 'events/s a core', figure: 'bkt', limit: { what: 'the same on typed arrays in memory', figure: 'arrays' }, goals: [{ of: 'ratio', atLeast: 0.6 }] },
        { what: 'the fold on decoded events in memory', unit: 'events/s a core', figure: 'decoded', limit: { what: 'BKT alone on typed arrays in memory', figure: 'arrays' } },
      ],
      notes: [
        `A log of ${size.events.toLocaleString('en')} answers by ${size.learners.toLocaleString('en')} learners who take turns, read from the page cache. A core: a second of processor time, all threads counted.`,
        `Columns: the log as an Arrow file (${Math.round(statSync(path).size / size.events)} bytes an event, written at ${Math.round((size.events * 1_000_000) / exporting).toLocaleString('en')} events/s a core), read from the page cache. Full rows are those of the log, byte by byte; BKT alone reads the columns that it needs.`,
      ],
      close: async () => {
        archive.close();
        await close();
      },
    };
  },
};

function repeated(work: () => number): void {
  for (let n = 0; n < TIMES; n++) if (work() === 0) throw new Error('nothing was folded');
}

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
