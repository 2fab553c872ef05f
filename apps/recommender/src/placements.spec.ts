// A short diagnostic over HTTP: question by question, to a conclusion that folds start from.
import { CHAIN, problem, renamed, running, type Running } from './testing.js';

const PLACEMENTS = '/v1/learners/ada/placements';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('chain', CHAIN);
});
afterEach(() => service.close());

interface Shown {
  readonly placement: string;
  readonly asked: number;
  readonly question: { readonly item: string; readonly skill: string; readonly skills: string[] } | null;
  readonly conclusion: { readonly why: string; readonly questions: number; readonly skills: readonly { readonly skill: string; readonly known: number; readonly basis: string; readonly title: string }[]; readonly reason: { readonly key: string; readonly text: string } } | null;
}

const begin = async (body: object = {}): Promise<Shown> => (await service.send('POST', PLACEMENTS, body)).json<Shown>();
const next = async (id: string): Promise<Shown> => (await service.send('POST', `${PLACEMENTS}/${id}/next`)).json<Shown>();

/** Whoever knows the first `known` steps of the chain answers until it is concluded. */
async function answered(known: number, begun?: Shown): Promise<Shown> {
  let shown = begun ?? (await begin());
  while (shown.conclusion === null) {
    const { item, skill, skills } = shown.question as NonNullable<Shown['question']>;
    await service.answer('ada', { item, skills, score: Number(skill.slice(1)) <= known ? 1 : 0, session: shown.placement, durationMs: 20_000 });
    shown = await next(shown.placement);
  }
  return shown;
}

it('asks until it is sure, and concludes where the learner stands', async () => {
  const shown = await answered(3);
  const known = Object.fromEntries(shown.conclusion?.skills.map((each) => [each.skill, each.known]) ?? []);
  expect([known['s1'], known['s2'], known['s3']].every((p) => (p ?? 0) > 0.7)).toBe(true);
  expect([known['s5'], known['s6']].every((p) => (p ?? 1) < 0.3)).toBe(true);
  expect(shown.conclusion).toMatchObject({ questions: shown.asked, reason: { key: expect.stringMatching(/^placement-/) as string } });
  expect(shown.question).toBeNull();
});

it('puts its conclusion in force: mastery and recommendations start from it', async () => {
  await answered(3);
  const { skills } = (await service.send('GET', '/v1/learners/ada/mastery?course=chain')).json<{ skills: { skill: string; mastery: number }[] }>();
  expect(skills[0]?.mastery).toBeGreaterThan(0.7);
  expect(skills[5]?.mastery).toBeLessThan(0.3);
  expect((await service.send('GET', '/v1/learners/ada/plan')).json()).toMatchObject({ placement: { course: 'chain', concluded: true } });
});

it('asks the same question until it is answered, and concludes once', async () => {
  const first = await begin();
  expect(first).toMatchObject({ asked: 0, conclusion: null, question: { item: expect.any(String) as string } });
  expect((await next(first.placement)).question).toEqual(first.question);
  const shown = await answered(6, first);
  expect((await next(first.placement)).conclusion).toEqual(shown.conclusion);
  expect((await service.send('GET', `${PLACEMENTS}/${first.placement}`)).json<Shown>()).toEqual(shown);
  const { entries } = (await service.send('GET', '/v1/learners/ada/history?kind=decided')).json<{ entries: { type: string }[] }>();
  expect(entries.map(({ type }) => type)).toEqual(['PlacementConcluded', 'PlacementStarted']);
});

it('is one while it is under way, and another after it', async () => {
  const first = await begin();
  expect((await begin()).placement).toBe(first.placement);
  await answered(2, first);
  expect((await begin()).placement).not.toBe(first.placement);
});

it('is the same for the same request id', async () => {
  const { placement } = await begin({ requestId: 'r1' });
  const other = await begin({ requestId: 'r2', objective: 'half', course: 'chain' });
  expect((await begin({ requestId: 'r1' })).placement).toBe(placement);
  expect(other.placement).not.toBe(placement);
});

it('counts only the answers that name it, as they were scored', async () => {
  const { placement, question } = await begin();
  await service.answer('ada', { item: 's1-p1', skills: ['s1'], score: 1, session: 'elsewhere' });
  const id = await service.answer('ada', { item: question?.item ?? '', skills: question?.skills ?? [], score: 0, session: placement });
  expect(await next(placement)).toMatchObject({ asked: 1 });
  await service.scored('ada', id, 1);
  expect(await next(placement)).toMatchObject({ asked: 1 });
});

it('of a course whose items have no key concludes at once, and says why', async () => {
  await service.publish('small', renamed('x'));
  const begun = await begin({ course: 'small' });
  expect(begun).toMatchObject({ asked: 0, question: null, conclusion: { why: 'nothing-to-ask', questions: 0, reason: { key: 'placement-nothing-to-ask' } } });
  expect(await next(begun.placement)).toEqual(begun);
});

it('hears answers to items that it did not ask, but not to those of another course', async () => {
  await service.publish('small', renamed('x'));
  const { placement } = await begin({ course: 'chain' });
  await service.answer('ada', { item: 's1-a3', skills: ['s1'], score: 1, session: placement });
  await service.answer('ada', { item: 'xa1', skills: ['xa'], score: 1, session: placement });
  expect(await next(placement)).toMatchObject({ asked: 1 });
});

it('is not changed by answers that come after it', async () => {
  const shown = await answered(3);
  await service.answer('ada', { item: 's1-a1', skills: ['s1'], score: 0, session: shown.placement });
  expect(await next(shown.placement)).toEqual(shown);
  expect(await begin({ requestId: 'other' })).toMatchObject({ asked: 0 });
});

it.each([
  ['an unknown course', { course: 'large' }, { status: 422, code: 'unknown-course', field: 'course', value: 'large' }],
  ['an unknown objective', { course: 'chain', objective: 'moon' }, { status: 422, code: 'refused:unknown-objective', field: 'objective', value: 'moon' }],
  ['an objective without its course', { objective: 'half' }, { status: 400, code: 'missing-field', field: 'course' }],
])('refuses %s', async (_, body, expected) => {
  expect(problem(await service.send('POST', PLACEMENTS, body))).toMatchObject(expected);
});

it('knows no placement of another learner', async () => {
  const { placement } = await begin();
  expect(problem(await service.send('GET', `/v1/learners/bob/placements/${placement}`))).toMatchObject({ status: 404, code: 'not-found', field: 'placement', value: placement });
  expect(problem(await service.send('POST', `${PLACEMENTS}/nowhere/next`))).toMatchObject({ status: 404, code: 'not-found', field: 'placement' });
});
