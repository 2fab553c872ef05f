// What nobody would ask for on purpose: each is answered with a reason, never with a fault and never with nothing.
import type { RecommendationBody } from '@trellis/recommendation';
import { DAY, problem, renamed, running, SMALL, type Running } from './testing.js';

const ADA = '/v1/learners/ada';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('small');
});
afterEach(() => service.close());

const put = (what: string, body: object): ReturnType<Running['send']> => service.send('PUT', `${ADA}/${what}`, body);

async function next(body: object = {}): Promise<RecommendationBody> {
  const reply = await service.send('POST', `${ADA}/recommendations`, { course: 'small', ...body });
  expect(reply.status).toBe(200);
  const made = reply.json<RecommendationBody>();
  for (const { text, teacher } of [made.pacing.reason, ...made.items.map(({ reason }) => reason)]) expect([text, teacher]).toEqual([expect.stringMatching(/\w{3}.*\.$/), expect.stringMatching(/\w{3}.*\.$/)]);
  expect((await service.send('GET', `/v1/recommendations/${made.recommendationId}?recompute=true`)).json()).toMatchObject({ identical: true });
  return made;
}

it('a course with one item has it practised, and then says that all is mastered', async () => {
  await service.publish('one', { ...SMALL, skills: [{ id: 'q', title: 'Q', prerequisites: [] }], items: [{ id: 'q1', skills: ['q'], kind: 'practice' }], objectives: [] } as never);
  expect((await next({ course: 'one', count: 20 })).items.map(({ item }) => item)).toEqual(['q1']);
  await service.answers('ada', Array.from({ length: 8 }, () => ['q1', true] as const));
  expect(await next({ course: 'one' })).toMatchObject({ items: [], pacing: { action: 'advance' } });
  expect(await next({ course: 'one', keepGoing: true })).toMatchObject({ items: [{ item: 'q1' }] });
});

it('everything mastered is said, by answers or by a teacher\'s word', async () => {
  for (const skill of ['a', 'b']) await put('attestations', { skill, mastered: true });
  expect((await next()).items).toEqual([]);
  expect((await next({ keepGoing: true, count: 20 })).items.length).toBeGreaterThan(0);
});

it.each([
  ['items', { items: ['a1', 'a2', 'b1', 'b2'], skills: [] }],
  ['skills', { items: [], skills: ['a', 'b'] }],
])('all %s excluded leaves nothing, and says what would help', async (_name, exclusions) => {
  await put('exclusions', exclusions);
  for (const asked of [{}, { keepGoing: true }, { objective: 'to-b' }]) expect(await next(asked)).toMatchObject({ items: [], pacing: { action: 'rest', reason: { key: 'all-excluded', teacher: expect.stringContaining('take an exclusion back') as string } } });
});

describe('words that contradict each other', () => {
  const pinned = async (): Promise<boolean> => (await next()).items.some(({ reason }) => reason.key === 'pinned');

  it('of an item pinned and excluded the newer one holds', async () => {
    await put('pins', { items: ['b2'] });
    await put('exclusions', { items: ['b2'], skills: [] });
    expect(await pinned()).toBe(false);
    await put('pins', { items: ['b2'] });
    expect(await pinned()).toBe(true);
  });

  it('a pin stands where only its skill is excluded', async () => {
    await put('pins', { items: ['b2'] });
    await put('exclusions', { items: [], skills: ['b'] });
    expect(await next()).toMatchObject({ items: [{ item: 'b2', reason: { key: 'pinned' } }] });
  });

  it('an item is pinned once', async () => {
    expect(problem(await put('pins', { items: ['b2', 'b2'] }))).toMatchObject({ status: 400, code: 'out-of-range', field: 'items', detail: expect.stringContaining('without repeats') as string });
  });

  it('a pin of another course waits for that course', async () => {
    await service.publish('other', renamed('x'));
    await put('pins', { items: ['xb2'] });
    expect(await next()).toMatchObject({ items: [{ skills: ['a'] }] });
    expect(await next({ course: 'other' })).toMatchObject({ items: [{ item: 'xb2', reason: { key: 'pinned' } }] });
  });

  it('a locked objective holds against a request for another', async () => {
    await service.publish('small', { ...SMALL, objectives: [...SMALL.objectives, { id: 'only-a', title: 'Only A', skills: ['a'] }] } as never);
    await put('objective', { course: 'small', objective: 'only-a', locked: true });
    await put('attestations', { skill: 'a', mastered: true });
    expect(await next({ objective: 'to-b' })).toMatchObject({ items: [] });
  });
});

it('a clock that runs backwards between answers and choices changes neither order nor sense', async () => {
  await service.answers('ada', [['a1', true], ['a2', true]]);
  service.clock.ms -= 30 * DAY;
  await service.answers('ada', [['a1', false]]);
  expect((await next()).items.length).toBe(1);
  service.clock.ms += 400 * DAY;
  expect((await next()).items.length).toBe(1);
  expect((await service.send('GET', `${ADA}/plan?course=small`)).status).toBe(200);
});

it('less time than any item takes still gives one, and 20 give no more than there are', async () => {
  expect((await next({ budgetMinutes: 0.01 })).items.length).toBe(1);
  const many = (await next({ count: 20 })).items.map(({ item }) => item);
  expect(new Set(many).size).toBe(many.length);
});
