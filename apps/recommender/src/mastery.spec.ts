// How far a learner is, now and as it was known at a moment.
import { DAY, problem, running, START, type Running } from './testing.js';

const MASTERY = '/v1/learners/ada/mastery';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('small');
});
afterEach(() => service.close());

it('of a learner whom nobody knows is that of a new one', async () => {
  expect((await service.send('GET', MASTERY)).json()).toEqual({
    learner: 'ada', course: null, asOf: '2026-03-02T08:00:00.000Z', basedOn: { revision: -1 }, versions: { engine: '2', calibration: 'default-1', course: null }, skills: [],
  });
  const untouched = { mastery: 0.3, recall: null, answers: 0, lastAt: null, status: 'new' };
  expect((await service.send('GET', `${MASTERY}?course=small`)).json()).toMatchObject({ course: 'small', versions: { course: 1 }, skills: [{ skill: 'a', ...untouched }, { skill: 'b', ...untouched }] });
});

it('rests on every answer, with the numbers by hand', async () => {
  await service.answers('ada', [['a1', true]]);
  // 0.3*0.8 / (0.3*0.8 + 0.7*0.3) = 0.5333, then 0.5333 + 0.4667*0.2 = 0.626667.
  expect((await service.send('GET', MASTERY)).json()).toMatchObject({
    basedOn: { revision: 0 },
    skills: [{ skill: 'a', mastery: expect.closeTo(0.626667, 6), recall: 1, answers: 1, lastAt: '2026-03-02T08:00:00.000Z', status: 'learning' }],
  });
});

it('calls what was mastered and then long unseen due for review', async () => {
  await service.answers('ada', Array.from({ length: 6 }, (): [string, boolean] => ['a1', true]));
  const status = async (): Promise<unknown> => (await service.send('GET', MASTERY)).json<{ skills: { status: string }[] }>().skills[0]?.status;
  expect(await status()).toBe('mastered');
  service.clock.ms += 8 * DAY;
  expect(await status()).toBe('review-due');
});

it('is told as it was known at a moment', async () => {
  const at = async (ms: number): Promise<unknown> => {
    const { basedOn, skills, asOf } = (await service.send('GET', `${MASTERY}?asOf=${new Date(ms).toISOString()}`)).json<{ basedOn: object; skills: { answers: number }[]; asOf: string }>();
    return { basedOn, answers: skills[0]?.answers ?? 0, asOf };
  };
  await service.answers('ada', [['a1', true]]);
  service.clock.ms += DAY;
  await service.answers('ada', [['a1', true], ['a2', true]]);
  expect(await at(START - 1)).toEqual({ basedOn: { revision: -1 }, answers: 0, asOf: '2026-03-02T07:59:59.999Z' });
  expect(await at(START)).toEqual({ basedOn: { revision: 0 }, answers: 1, asOf: '2026-03-02T08:00:00.000Z' });
  expect(await at(START + DAY)).toEqual({ basedOn: { revision: 2 }, answers: 3, asOf: '2026-03-03T08:00:00.000Z' });
});

it.each([
  [`${MASTERY}?course=large`, { status: 422, code: 'unknown-course', field: 'course', value: 'large', detail: 'course: "large" is not published; publish it or leave it out.' }],
  [`${MASTERY}?course=a%20b`, { status: 400, code: 'out-of-range', field: 'course', value: 'a b', detail: 'course is "a b"; it must be text, matching ^[A-Za-z0-9._:~-]{1,128}$.' }],
  [`${MASTERY}?asOf=yesterday`, { status: 400, code: 'wrong-type', field: 'asOf', value: 'yesterday', detail: 'asOf is "yesterday"; it must be an RFC 3339 time such as "2024-05-06T07:08:09.123Z".' }],
  [`${MASTERY}?asOf=1969-01-01T00:00:00Z`, { status: 400, code: 'time-before-1970', field: 'asOf', value: '1969-01-01T00:00:00Z', detail: 'asOf is "1969-01-01T00:00:00Z"; it must not lie before 1970.' }],
  [`${MASTERY}?skill=a`, { status: 400, code: 'unknown-field', field: 'skill', value: 'a', detail: 'skill is not known; known here: course, asOf.' }],
  ['/v1/learners/ada@school.org/mastery', { status: 400, code: 'id-not-opaque', field: 'learner', value: 'ada@school.org', detail: 'learner is "ada@school.org"; it must be an opaque id matching ^[A-Za-z0-9_-]{1,64}$, never a name or an address.' }],
])('GET %s is refused', async (path, answer) => expect(problem(await service.send('GET', path))).toEqual(answer));
