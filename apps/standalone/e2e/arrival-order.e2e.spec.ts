// The same observations in any order of arrival, with repeats, in batches of any size, while projectors come and go: the
// same rows to the byte.
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { engineOn, openEngine } from '@trellis/engine';
import { MemoryStore, MemoryViews, Projector, type Sources } from '@trellis/event-sourcing';
import { CourseDesk, courseSchema, Edge, IngestModule, Intake, type Intaken } from '@trellis/ingest';
import { trellisCodec, type CourseId, type LearnerId, type TenantId } from '@trellis/learning';
import { createService } from '@trellis/service';
import { FixedClock, LogLines, requestsTo, testConfig } from '@trellis/service/testing';
import { chain, folder, ITEMS_EACH, removeFolders, SKILLS } from './testing.js';

afterAll(removeFolders);

const NOW = Date.UTC(2026, 2, 2, 8);
const LEARNERS = ['ada', 'bob', 'cyd'];
const KEYS = LEARNERS.map((learner) => `default.${learner}`);
const OBSERVATIONS_MAX = 60;

// --- What happens ---

/** Few times, few sequences: ties are broken by the next criterion, and at last by the id. */
const observation = fc.record({
  learner: fc.constantFrom(...LEARNERS),
  minute: fc.nat(15),
  sequence: fc.option(fc.nat(3), { nil: undefined }),
  item: fc.oneof(fc.tuple(fc.integer({ min: 1, max: SKILLS }), fc.integer({ min: 1, max: ITEMS_EACH })).map(([skill, n]) => `s${skill}-${n}`), fc.constant('outside')),
  outcome: fc.oneof(fc.boolean().map((correct) => ({ correct })), fc.constantFrom({ score: 0.25 }, { score: 0.5 }, { response: '2' }, { response: 'no number' })),
  more: fc.constantFrom({}, {}, {}, { attempt: 2 }, { hints: 1 }),
});

interface Cut {
  readonly size: number;
  /** The projectors get a turn before what comes next. */
  readonly breath: boolean;
  readonly restart: boolean;
}

interface Arrival {
  /** As they happened, in no order. */
  readonly rows: readonly object[];
  /** Places in `rows`: each at least once. */
  readonly order: readonly number[];
  /** How the arrivals are cut, and whether the projectors are started anew behind each cut. */
  readonly cuts: readonly Cut[];
}

const arrival: fc.Arbitrary<Arrival> = fc.array(observation, { minLength: 1, maxLength: OBSERVATIONS_MAX }).chain((all) => {
  const rows = all.map(({ learner, minute, sequence, item, outcome, more }, at) => ({
    id: `o${at}`, type: 'AnswerGiven', learner, occurredAt: new Date(NOW - 86_400_000 + minute * 60_000).toISOString(), sequence,
    data: { item, ...(item === 'outside' ? { skills: ['s1', 's3'] } : {}), ...outcome, ...more },
  }));
  const places = rows.map((_, at) => at);
  const everyOne = fc.shuffledSubarray(places, { minLength: places.length });
  const repeats = fc.array(fc.record({ place: fc.constantFrom(...places), at: fc.nat(2 * OBSERVATIONS_MAX) }), { maxLength: 30 });
  return fc.record({
    rows: fc.constant(rows),
    order: fc.tuple(everyOne, repeats).map(([order, again]) => again.reduce((made, { place, at }) => made.toSpliced(at % (made.length + 1), 0, place), order)),
    cuts: fc.array(fc.record({ size: fc.integer({ min: 1, max: 20 }), breath: fc.boolean(), restart: fc.boolean() }), { minLength: 1, maxLength: 40 }),
  });
});

// --- How it runs ---

interface World {
  readonly sources: Sources;
  readonly take: (rows: readonly unknown[]) => Promise<Intaken>;
  readonly close: () => Promise<void>;
}

const TENANT = 'default' as TenantId;

async function inMemory(): Promise<World> {
  const engine = await engineOn({ store: new MemoryStore(() => NOW), views: new MemoryViews(), codec: trellisCodec() });
  const { sources, catalogue } = engine;
  await new CourseDesk(sources, catalogue, () => NOW).publish(TENANT, 'chain' as CourseId, courseSchema.parse(chain()));
  const intake = new Intake(sources.store, new Edge(catalogue, sources.codec), () => NOW);
  return { sources, take: (rows) => intake.take(TENANT, rows), close: () => engine.close() };
}

/** On a disk, and through the whole of the service. */
async function onDisk(): Promise<World> {
  const engine = await openEngine(folder(), { now: () => NOW });
  const service = await createService(IngestModule.over(engine), { name: 'ingest', config: testConfig(), clock: new FixedClock(NOW), logTo: new LogLines() });
  const send = requestsTo(service);
  expect((await send('PUT', '/v1/courses/chain', chain())).status).toBe(200);
  return {
    sources: engine.sources,
    take: async (rows) => (await send('POST', '/v1/events', rows)).json<Intaken>(),
    close: async () => {
      await service.stop();
      await engine.close();
    },
  };
}

/** New projectors over the same store and rows, as another process would have them. */
async function projecting(sources: Sources): Promise<{ stop: () => Promise<void> }> {
  const engine = await engineOn(sources);
  const stopping = new AbortController();
  const running = Promise.all(engine.projectors.map((projector) => projector.run(stopping.signal)));
  return {
    stop: async () => {
      stopping.abort();
      await running;
      await engine.close();
    },
  };
}

async function rowsOf({ sources }: World): Promise<readonly (string | null)[]> {
  const engine = await engineOn(sources);
  for (const projector of engine.projectors) await projector.catchUp(new AbortController().signal);
  const rows = await sources.views.read({ name: 'learner' }, KEYS);
  // What a reader folds from the log alone is the same.
  for (const [at, learner] of LEARNERS.entries()) {
    const row = rows[at];
    if (row === null || row === undefined) continue;
    const folded = await engine.recommender.learnerAt(TENANT, learner as LearnerId, { revision: row.revision, calibration: engine.calibrations.current(TENANT) });
    expect(hexOf(engine.recommender.learners.encode(folded.state))).toBe(hexOf(row.bytes));
  }
  await engine.close();
  return rows.map((row) => row && hexOf(row.bytes));
}

/** One batch in the order in which it happened, and rows made at the end. */
async function calmly(rows: readonly object[]): Promise<readonly (string | null)[]> {
  const calm = await inMemory();
  expect(await calm.take(rows)).toMatchObject({ accepted: rows.length, rejected: [] });
  const made = await rowsOf(calm);
  await calm.close();
  return made;
}

async function asItComes(at: World, { rows, order, cuts }: Arrival): Promise<void> {
  let projectors = await projecting(at.sources);
  let accepted = 0;
  for (let from = 0, cut = 0; from < order.length; cut++) {
    const { size = 1, breath = false, restart = false } = cuts[cut % cuts.length] ?? {};
    accepted += (await at.take(order.slice(from, from + size).map((place) => rows[place]))).accepted;
    from += size;
    if (breath) await setImmediate();
    if (!restart) continue;
    await projectors.stop();
    projectors = await projecting(at.sources);
  }
  await projectors.stop();
  expect(accepted).toBe(rows.length);
}

it('in memory', async () => {
  await fc.assert(
    fc.asyncProperty(arrival, async (what) => {
      const wild = await inMemory();
      await asItComes(wild, what);
      expect(await rowsOf(wild)).toEqual(await calmly(what.rows));
      await wild.close();
    }),
    { seed: 20_260_302, numRuns: 150 },
  );
});

it('on the embedded store', async () => {
  await fc.assert(
    fc.asyncProperty(arrival, async (what) => {
      const wild = await onDisk();
      await asItComes(wild, what);
      expect(await rowsOf(wild)).toEqual(await calmly(what.rows));
      await wild.close();
    }),
    { seed: 20_260_303, numRuns: 5 },
  );
});

it('would not hold of projectors that fold late events as if they came in order', async () => {
  const { learners: careless } = (await engineOn({ store: new MemoryStore(() => NOW), views: new MemoryViews(), codec: trellisCodec() })).recommender;
  const planted: typeof careless = { ...careless, fold: (state, event) => {
    const folded = careless.fold(state, event);
    return folded === 'late' ? careless.fold({ ...state, newest: null }, event) : folded;
  } };
  let differing = 0;
  for (const { rows, order } of fc.sample(arrival, { seed: 20_260_304, numRuns: 20 })) {
    const wild = await inMemory();
    await wild.take(order.map((place) => rows[place]));
    await new Projector(wild.sources, planted).catchUp(new AbortController().signal);
    const made = await wild.sources.views.read({ name: 'learner' }, KEYS);
    if (JSON.stringify(made.map((row) => row && hexOf(row.bytes))) !== JSON.stringify(await calmly(rows))) differing++;
    await wild.close();
  }
  expect(differing).toBeGreaterThan(10);
});

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
