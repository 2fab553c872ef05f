// Unit checks over HTTP: assembled, answered, certified with evidence or told what is missing.
import { CHAIN, problem, renamed, running, type Running } from './testing.js';

const ASSESSMENTS = '/v1/learners/ada/assessments';
const HALF = { course: 'chain', objective: 'half' };

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('chain', CHAIN);
});
afterEach(() => service.close());

interface Shown {
  readonly assessment: string;
  readonly items: readonly { readonly item: string; readonly skill: string; readonly answered: boolean; readonly score: number | null }[];
  readonly completedAt: string | null;
  readonly certified: readonly object[];
  readonly missing: readonly { readonly skill: string; readonly why: string }[];
}

const request = async (body: object = HALF): Promise<Shown> => (await service.send('POST', ASSESSMENTS, body)).json<Shown>();
const complete = async (id: string, body: object = {}): Promise<Shown> => (await service.send('POST', `${ASSESSMENTS}/${id}/complete`, body)).json<Shown>();
const answer = ({ assessment }: Shown, item: string, score: number | null): Promise<string> => service.answer('ada', { item, skills: [item.slice(0, 2)], score, session: assessment });

it('asks assessment items of every skill of the objective', async () => {
  const shown = await request();
  expect(shown).toMatchObject({ kind: 'summative', objective: 'half', by: 'learner', completedAt: null, isAnswered: false });
  expect(shown.items.map(({ item }) => item).sort()).toEqual(['s1-a1', 's1-a2', 's1-a3', 's2-a1', 's2-a2', 's2-a3']);
  expect(shown.items.every(({ answered, score }) => !answered && score === null)).toBe(true);
});

it('certifies mastery with its evidence once everything is answered, and it counts from then on', async () => {
  const shown = await request();
  for (const { item } of shown.items) await answer(shown, item, 1);
  expect(await complete(shown.assessment)).toMatchObject({
    completedAt: '2026-03-02T08:00:00.000Z',
    certified: expect.arrayContaining([expect.objectContaining({ skill: 's1', title: 'Step 1', right: 3, asked: 3, reason: expect.objectContaining({ key: 'check-certified', text: 'You have shown that you know Step 1.' }) as object })]) as object[],
    missing: [],
  });
  const { entries } = (await service.send('GET', '/v1/learners/ada/history?kind=decided')).json<{ entries: { type: string }[] }>();
  expect(entries.map(({ type }) => type)).toEqual(['MasteryCertified', 'MasteryCertified', 'AssessmentCompleted', 'AssessmentRequested']);
  expect((await service.send('GET', '/v1/learners/ada/plan')).json()).toMatchObject({ certified: expect.arrayContaining([expect.objectContaining({ skill: 's2', assessment: shown.assessment })]) as object[], assessment: { completed: true } });
});

it('says what is missing, and completes nothing before it is handed in', async () => {
  const shown = await request();
  for (const { item, skill } of shown.items) if (skill === 's1') await answer(shown, item, 1);
  const before = await complete(shown.assessment);
  expect(before).toMatchObject({ completedAt: null, certified: [{ skill: 's1' }], missing: [{ skill: 's2', why: 'not-answered', items: expect.arrayContaining(['s2-a1']) as string[], reason: { key: 'check-not-answered', text: '3 questions on Step 2 are left.' } }] });
  expect(await complete(shown.assessment, { handIn: true })).toMatchObject({ completedAt: '2026-03-02T08:00:00.000Z', certified: [{ skill: 's1' }], missing: [{ skill: 's2', why: 'not-answered' }] });
});

it('waits for open work that a person scores, and counts the score', async () => {
  const shown = await request({ course: 'chain', skills: ['s1'] });
  const ids = new Map<string, string>();
  for (const { item } of shown.items) ids.set(item, await answer(shown, item, item === 's1-a3' ? null : 1));
  expect(await complete(shown.assessment)).toMatchObject({ completedAt: null, isAnswered: false });
  await service.scored('ada', ids.get('s1-a3') ?? '', 0);
  expect(await complete(shown.assessment)).toMatchObject({ completedAt: '2026-03-02T08:00:00.000Z', items: expect.arrayContaining([expect.objectContaining({ item: 's1-a3', score: 0 })]) as object[] });
});

it('that was not passed says which items went wrong, kindly', async () => {
  const shown = await request({ course: 'chain', skills: ['s2'] });
  for (const { item } of shown.items) await answer(shown, item, item === 's2-a1' ? 1 : 0);
  expect(await complete(shown.assessment)).toMatchObject({ certified: [], missing: [{ skill: 's2', why: 'below-the-mark', items: expect.arrayContaining(['s2-a2', 's2-a3']) as string[], reason: { text: expect.stringContaining('a little more practice') as string } }] });
});

it('is completed once: later answers change nothing, and asking again gives the same', async () => {
  const shown = await request();
  for (const { item } of shown.items) await answer(shown, item, 0);
  const first = await complete(shown.assessment);
  await answer(shown, 's1-a1', 1);
  expect(await complete(shown.assessment)).toEqual(first);
  expect((await service.send('GET', `${ASSESSMENTS}/${shown.assessment}`)).json()).toEqual(first);
});

it('is one while it is open, and one for one request id', async () => {
  const { assessment } = await request();
  expect((await request()).assessment).toBe(assessment);
  const other = await request({ course: 'chain', skills: ['s3'], requestId: 'r1' });
  expect(other.assessment).not.toBe(assessment);
  expect((await request({ course: 'chain', skills: ['s3'], requestId: 'r1' })).assessment).toBe(other.assessment);
  expect(problem(await service.send('POST', `${ASSESSMENTS}/${assessment}/complete`, { handIn: true }))).toMatchObject({ status: 409, code: 'refused:assessment-replaced' });
});

it('says of a skill that cannot be assessed that it cannot', async () => {
  expect(await request({ course: 'chain', skills: ['s5', 's6'] })).toMatchObject({ missing: expect.arrayContaining([expect.objectContaining({ skill: 's6', why: 'too-few-items' })]) as object[] });
  expect(problem(await service.send('POST', ASSESSMENTS, { course: 'chain', objective: 'top' }))).toMatchObject({ status: 422, code: 'refused:nothing-to-assess' });
  expect((await request({ course: 'chain', objective: 'top', kind: 'formative' })).items).toHaveLength(2);
});

it('is offered as ready when everything of the aim is mastered', async () => {
  await service.send('PUT', '/v1/learners/ada/objective', { course: 'chain', objective: 'half' });
  const ready = async (): Promise<object> => (await service.send('GET', '/v1/learners/ada/plan')).json<{ readyForAssessment: object }>().readyForAssessment;
  expect(await ready()).toMatchObject({ ready: false, reason: { key: 'check-not-ready' } });
  for (const skill of ['s1', 's2']) await service.send('PUT', '/v1/learners/ada/attestations', { skill, mastered: true });
  expect(await ready()).toMatchObject({ ready: true, uncertified: ['s1', 's2'], reason: { key: 'check-ready', text: 'You are ready for the check on Half the way when you like.' } });
});

it.each([
  ['a course that is none', { course: 'large' }, { status: 422, code: 'unknown-course', field: 'course' }],
  ['an objective that is none', { course: 'chain', objective: 'moon' }, { status: 422, code: 'refused:unknown-objective', field: 'objective', value: 'moon' }],
  ['a skill that is none', { course: 'chain', skills: ['s1', 's9'] }, { status: 422, code: 'unknown-skill', field: 'skills[1]', value: 's9' }],
  ['both an objective and skills', { course: 'chain', objective: 'half', skills: ['s1'] }, { status: 400, code: 'out-of-range', field: 'skills' }],
  ['a kind that is none', { course: 'chain', kind: 'oral' }, { status: 400, code: 'out-of-range', field: 'kind', value: 'oral' }],
])('refuses %s', async (_, body, expected) => {
  expect(problem(await service.send('POST', ASSESSMENTS, body))).toMatchObject(expected);
});

it('knows no assessment of another learner, and asks for the course where there are several', async () => {
  const { assessment } = await request();
  expect(problem(await service.send('GET', `/v1/learners/bob/assessments/${assessment}`))).toMatchObject({ status: 404, code: 'not-found', field: 'assessment' });
  await service.publish('other', renamed('x'));
  expect(problem(await service.send('POST', ASSESSMENTS, {}))).toMatchObject({ status: 400, code: 'missing-field', field: 'course' });
});
