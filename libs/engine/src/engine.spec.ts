// The parts put together: what is opened is closed, a reader may stand beside the writer, courses stay current.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefusal, MemoryStore, MemoryViews, type DomainEvent, type EventId, type EventStore, type Sources, type StreamName } from '@trellis/event-sourcing';
import { course as rules, courseStream, learnerStream, trellisCodec, type CourseContent, type CourseId, type LearnerId, type TenantId } from '@trellis/learning';
import { openEngine } from './embedded-engine.js';
import { engineOn, type Engine } from './engine.js';

// The casts of this file name things: every text here keeps to the pattern of its kind.
const TENANT = 'default' as TenantId;
const ADA = 'ada' as LearnerId;
const SMALL = 'small' as CourseId;
const NOW = Date.UTC(2026, 2, 2, 8);

const folders: string[] = [];
const open: Engine[] = [];
afterEach(async () => {
  for (const engine of open.splice(0).reverse()) await engine.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'trellis-engine-'));
  folders.push(made);
  return made;
}

async function opened(engine: Promise<Engine>): Promise<Engine> {
  open.push(await engine);
  return engine;
}

const content = (title: string): CourseContent => ({
  title, language: 'en', objectives: [],
  skills: [{ id: 'a', title: 'A', prerequisites: [] }] as unknown as CourseContent['skills'],
  items: [{ id: 'a1', skills: ['a'], kind: 'practice' }] as unknown as CourseContent['items'],
});

let last = 0;
async function append({ store, codec }: Sources, stream: StreamName, events: readonly DomainEvent[]): Promise<void> {
  const encoded = events.map((event) => {
    const id = `00000000-0000-5000-8000-${String(++last).padStart(12, '0')}` as EventId;
    return codec.encode(id, '0'.repeat(16), event, { source: 'spec', occurredAt: NOW, sequence: last, schema: 1 });
  });
  expect(await store.append(stream, encoded, 'any')).not.toBe('conflict');
}

async function publish(sources: Sources, version: number): Promise<void> {
  const events = rules.decide({ type: 'PublishCourse', content: content(`Version ${version}`) }, { ...rules.initial, version: version - 1 });
  if (isRefusal(events)) throw new Error(events.detail);
  await append(sources, courseStream(TENANT, SMALL), events);
}

const answers = (sources: Sources, count: number): Promise<void> =>
  append(sources, learnerStream(TENANT, ADA), Array.from({ length: count }, () => ({ type: 'AnswerGiven', data: { item: 'a1', skills: ['a'], score: 1, attempt: 1, hints: 0 } })));

/** Waits for the log to be followed: as many turns as it takes, but not for ever. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; !(await isSo()); ) {
    if (performance.now() > end) throw new Error('still not so after 10 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

it('knows at once the courses that were published before it was opened', async () => {
  const data = folder();
  const first = await openEngine(data, { now: () => NOW });
  await publish(first.sources, 1);
  await first.close();
  const second = await opened(openEngine(data, { now: () => NOW }));
  expect(second.catalogue.course(TENANT, SMALL)?.content.title).toBe('Version 1');
});

it('learns of courses that somebody else publishes, also when a projector has kept their rows', async () => {
  const sources: Sources = { store: new MemoryStore(() => NOW), views: new MemoryViews(), codec: trellisCodec() };
  await publish(sources, 1);
  const engine = await opened(engineOn(sources));
  for (const projector of engine.projectors) await projector.catchUp(new AbortController().signal);
  await publish(sources, 2);
  await until(() => engine.catalogue.course(TENANT, SMALL)?.version === 2);
  const other = await opened(engineOn(sources));
  expect(other.catalogue.course(TENANT, SMALL)?.version).toBe(2);
  expect([engine.whyNotWritable(), engine.whyNotCurrent()]).toEqual([null, null]);
});

it('says that courses are not kept current when the log cannot be followed', async () => {
  const store = new MemoryStore(() => NOW);
  const broken = Object.assign(Object.create(store) as EventStore, {
    follow: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('the connection broke')) }) }),
  });
  const engine = await opened(engineOn({ store: broken, views: new MemoryViews(), codec: trellisCodec() }));
  await until(() => engine.whyNotCurrent() !== null);
  expect(engine.whyNotCurrent()).toBe('courses are not kept current: the connection broke');
});

it('holds its folder alone, and lets go of it when it closes', async () => {
  const data = folder();
  const first = await openEngine(data, { now: () => NOW });
  await expect(openEngine(data, { now: () => NOW })).rejects.toThrow(`${data} is held by process ${process.pid}; stop it, or choose another data folder`);
  await first.close();
  await opened(openEngine(data, { now: () => NOW }));
});

it('closes twice as once, and stops its projectors when they are told to', async () => {
  const engine = await openEngine(folder(), { now: () => NOW });
  const stopping = new AbortController();
  const running = Promise.all(engine.projectors.map((projector) => projector.run(stopping.signal)));
  await answers(engine.sources, 3);
  await until(() => engine.projectors.every((projector) => projector.status().caughtUp));
  stopping.abort();
  await running;
  await engine.close();
  await engine.close();
});

describe('beside the process that holds the data', () => {
  it.each([[3], [500]])('a reader sees %i answers that have no row', async (count) => {
    const data = folder();
    const writer = await opened(openEngine(data, { now: () => NOW }));
    await publish(writer.sources, 1);
    await answers(writer.sources, count);
    const reader = await opened(openEngine(data, { now: () => NOW, readOnly: true }));
    expect(reader.opened).toBeNull();
    // The writer publishes its head a few milliseconds after an append.
    await until(async () => reader.catalogue.course(TENANT, SMALL)?.version === 1);
    const seen = async (): Promise<number> => (await reader.recommender.learner(TENANT, ADA)).state.answers;
    await until(async () => (await seen()) === count);
    await answers(writer.sources, 1);
    await until(async () => (await seen()) === count + 1);
  });

  it('a reader sees the rows that the writer keeps', async () => {
    const data = folder();
    const writer = await opened(openEngine(data, { now: () => NOW }));
    await answers(writer.sources, 10);
    for (const projector of writer.projectors) await projector.catchUp(new AbortController().signal);
    const reader = await opened(openEngine(data, { now: () => NOW, readOnly: true }));
    expect((await reader.sources.views.read({ name: 'learner' }, ['default.ada']))[0]?.revision).toBe(9);
  });

  it('a reader cannot append, nor keep or rebuild rows', async () => {
    const data = folder();
    await opened(openEngine(data, { now: () => NOW }));
    const reader = await opened(openEngine(data, { now: () => NOW, readOnly: true }));
    await expect(answers(reader.sources, 1)).rejects.toThrow('appends are refused: the store was opened read-only');
    const [learners] = reader.projectors;
    await expect(learners?.rebuild(new AbortController().signal)).rejects.toThrow('the view store was opened read-only');
  });
});

it('tells whoever listens what opening found and what changed since', async () => {
  const data = folder();
  const first = await openEngine(data, { now: () => NOW });
  await answers(first.sources, 3);
  await first.close();
  rmSync(join(data, 'index'), { recursive: true });
  rmSync(join(data, 'log', 'clean'));
  const second = await opened(openEngine(data, { now: () => NOW }));
  const heard: string[] = [];
  second.hear(({ level, message }) => heard.push(`${level}: ${message}`));
  expect(heard).toEqual(['warn: the index was built anew from 3 events', 'info: the last stop was not a clean one; 3 events were read again up to position 3']);
});
