// Who answers and then asks is told what next with that answer in it, however far the rows are behind.
import { engineOn, openEngine, type Engine } from '@trellis/engine';
import type { EventStore } from '@trellis/event-sourcing';
import type { LearnerId, TenantId } from '@trellis/learning';
import { StandaloneModule } from '../src/standalone.module.js';
import { call, chain, folder, listening, removeFolders, SKILLS, until, withoutProjector, type Running } from './testing.js';

const LEARNERS = 50;
const ROUNDS = 3;

let engine: Engine;
let service: Running | null;
beforeEach(async () => {
  service = null;
  engine = await openEngine(folder(), { now: Date.now });
});
afterEach(async () => {
  await service?.stop();
  await engine.close();
  removeFolders();
});

interface Choice {
  readonly basedOn?: { readonly revision: number };
  readonly items?: readonly { readonly item: string }[];
}

/** What is stale: every learner answers and asks, all at once, several times. Empty when all is well. */
async function staleness(url: string, recommenderUrl: string = url): Promise<string[]> {
  const stale: string[] = [];
  const journey = async (learner: string, at: number): Promise<void> => {
    for (let round = 0; round < ROUNDS; round++) {
      const item = `s${1 + ((at + round) % SKILLS)}-${1 + (round % 5)}`;
      const next = round % 2 === 1 ? '?next=1' : '';
      const answer = await call<{ revision: number }>('POST', `${url}/v1/learners/${learner}/answers${next}`, { item, correct: (at + round) % 3 > 0 });
      const asked = await call<Choice>('POST', `${recommenderUrl}/v1/learners/${learner}/recommendations`, { count: 3 });
      const where = `${learner} round ${round}`;
      if (answer.status !== 200 || asked.status !== 200) stale.push(`${where}: ${answer.status} ${asked.status}`);
      else if ((asked.body.basedOn?.revision ?? -1) < answer.body.revision) stale.push(`${where}: rests on ${asked.body.basedOn?.revision}, answered at ${answer.body.revision}`);
      // It counts as answered: nothing comes again at once while its skill has others.
      else if (asked.body.items?.some((chosen) => chosen.item === item)) stale.push(`${where}: ${item} again`);
    }
  };
  await Promise.all(Array.from({ length: LEARNERS }, (_, at) => journey(`learner-${at}`, at)));
  return stale;
}

async function answersOf(url: string, learner: string): Promise<number> {
  const { body } = await call<{ skills: { answers: number }[] }>('GET', `${url}/v1/learners/${learner}/mastery`);
  return body.skills.reduce((sum, { answers }) => sum + answers, 0);
}

/** Appends through ingest; 200 for each learner is as much as a reader folds without keeping the row. */
async function history(url: string, events: number, source: string): Promise<void> {
  const rows = Array.from({ length: events }, (_, at) => ({
    id: `${source}-${at}`, source, type: 'AnswerGiven', learner: `learner-${at % LEARNERS}`, occurredAt: new Date(Date.UTC(2025, 0, 1) + at * 60_000).toISOString(),
    data: { item: `s${1 + (at % SKILLS)}-6`, correct: at % 4 > 0 },
  }));
  for (let from = 0; from < events; from += 2_500) {
    const { body } = await call('POST', `${url}/v1/events`, rows.slice(from, from + 2_500));
    expect(body).toMatchObject({ accepted: 2_500 });
  }
}

const lag = async (): Promise<number> => {
  const learners = engine.projectors.find(({ view }) => view === 'learner');
  return engine.sources.store.lag(learners?.status().position ?? null);
};

it('holds for 50 learners at once, with the projector running', async () => {
  service = await listening(StandaloneModule.over(engine));
  await call('PUT', `${service.url}/v1/courses/chain`, chain());
  expect(await staleness(service.url)).toEqual([]);
  expect(await answersOf(service.url, 'learner-7')).toBe(ROUNDS);
  await until('the rows have caught up', async () => (await lag()) === 0);
  expect(await staleness(service.url)).toEqual([]);
  const { state } = await engine.recommender.learner('default' as TenantId, 'learner-7' as LearnerId);
  // Twice the same items.
  expect([state.answers, state.items.size]).toEqual([2 * ROUNDS, ROUNDS]);
});

it('holds with the projector stopped, when there are no rows at all', async () => {
  service = await listening(withoutProjector(engine));
  await call('PUT', `${service.url}/v1/courses/chain`, chain());
  expect(await staleness(service.url)).toEqual([]);
  expect(await engine.sources.views.read({ name: 'learner' }, ['default.learner-7'])).toEqual([null]);
  expect(await answersOf(service.url, 'learner-7')).toBe(ROUNDS);
});

it('holds with the projector 10,000 events behind', async () => {
  service = await listening(withoutProjector(engine));
  await call('PUT', `${service.url}/v1/courses/chain`, chain());
  await history(service.url, 2_500, 'before');
  for (const projector of engine.projectors) await projector.catchUp(AbortSignal.timeout(20_000));
  const [row] = await engine.sources.views.read({ name: 'learner' }, ['default.learner-7']);
  expect(row?.revision).toBe(49);
  await history(service.url, 10_000, 'behind');
  expect(await lag()).toBeGreaterThanOrEqual(10_000);
  expect(await staleness(service.url)).toEqual([]);
  expect(await answersOf(service.url, 'learner-7')).toBe(250 + ROUNDS);
});

describe('the check itself', () => {
  /** The course and a row for each learner are there; then the recommender sees no learner's events behind the rows. */
  async function withTail(blind: (store: EventStore) => EventStore): Promise<string[]> {
    const { store, views, codec } = engine.sources;
    const first = await listening(withoutProjector(engine));
    await call('PUT', `${first.url}/v1/courses/chain`, chain());
    await history(first.url, 2_500, 'before');
    for (const projector of engine.projectors) await projector.catchUp(AbortSignal.timeout(20_000));
    await first.stop();
    const other = await engineOn({ store: blind(store), views, codec });
    service = await listening(withoutProjector(engine, other));
    const stale = await staleness(service.url);
    await other.close();
    return stale;
  }

  const withoutTail = (store: EventStore): EventStore['read'] =>
    async function* read(stream, range) {
      if (!stream.startsWith('learner-')) yield* store.read(stream, range);
    };

  it('finds a recommender that reads rows without the tail and appends whatever it expects', async () => {
    const stale = await withTail((store) => Object.assign(Object.create(store) as EventStore, {
      read: withoutTail(store),
      append: (...[stream, events]: Parameters<EventStore['append']>) => store.append(stream, events, 'any'),
    }));
    expect(stale.length).toBe(LEARNERS * ROUNDS);
    expect(stale[0]).toMatch(/rests on 49, answered at \d+$/);
  });

  it('finds one that reads rows without the tail and then cannot keep what it chose', async () => {
    const stale = await withTail((store) => Object.assign(Object.create(store) as EventStore, { read: withoutTail(store) }));
    expect(stale.length).toBe(LEARNERS * ROUNDS);
    expect(stale[0]).toMatch(/200 503$/);
  });
});
