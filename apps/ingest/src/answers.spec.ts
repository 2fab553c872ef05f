// One answer: what is wrong with it, how it is graded, and what it does to mastery.
import { algebra, DAY, problem, running, START, type Running } from './testing.js';

interface Answered {
  readonly id: string;
  readonly revision: number;
  readonly correct: boolean | null;
  readonly score: number | null;
  readonly skills: readonly { readonly skill: string; readonly before: number; readonly after: number; readonly status: string }[];
}

const ANSWERS = '/v1/learners/ada/answers';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.send('PUT', '/v1/courses/algebra', algebra());
});
afterEach(() => service.close());

const answered = async (body: object, path = ANSWERS): Promise<Answered> => {
  const reply = await service.send('POST', path, body);
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  return reply.json<Answered>();
};

describe('an answer is refused with its field, its value and what would be right', () => {
  const opaque = 'it must be 1 to 64 of A-Z a-z 0-9 _ -, without names or addresses.';
  const cases: readonly [name: string, request: readonly [body: unknown, path?: string], answer: object][] = [
    ['an unknown item without skills', [{ item: 'nowhere' }], {
      status: 422, code: 'unknown-item', field: 'item', value: 'nowhere',
      detail: 'item is "nowhere"; it is in no published course and skills is missing; publish a course with it or name its skills.' }],
    ['an unknown skill', [{ item: 'add-open', skills: ['divide'] }], {
      status: 422, code: 'unknown-skill', field: 'skills', value: 'divide',
      detail: 'skills is "divide"; it is not a skill of course "algebra"; name its skills or publish the course with it.' }],
    ['an unknown course', [{ item: 'add-open', course: 'geometry' }], {
      status: 422, code: 'unknown-course', field: 'course', value: 'geometry', detail: 'course is "geometry"; it is not published; publish it or leave it out.' }],
    ['a score above 1', [{ item: 'add-open', score: 2 }], {
      status: 400, code: 'out-of-range', field: 'score', value: 2, detail: 'score is 2; it must be a number, 0 to 1.' }],
    ['a score beside correct', [{ item: 'add-open', score: 0.5, correct: true }], {
      status: 400, code: 'out-of-range', field: 'score', value: 0.5, detail: 'score is 0.5 beside correct; send one of the two.' }],
    ['a negative duration', [{ item: 'add-open', durationMs: -1 }], {
      status: 400, code: 'out-of-range', field: 'durationMs', value: -1, detail: 'durationMs is -1; it must be a whole number, 0 to 86400000.' }],
    ['a time before 1970', [{ item: 'add-open', occurredAt: '1950-01-01T00:00:00Z' }], {
      status: 400, code: 'time-before-1970', field: 'occurredAt', value: '1950-01-01T00:00:00Z',
      detail: 'occurredAt is "1950-01-01T00:00:00Z"; it must not lie before 1970.' }],
    ['a learner with @ in the path', [{ item: 'add-open' }, '/v1/learners/ada@school.org/answers'], {
      status: 400, code: 'id-not-opaque', field: 'learner', value: 'ada@school.org', detail: `learner is "ada@school.org"; ${opaque}` }],
    ['a learner with a space in the path', [{ item: 'add-open' }, '/v1/learners/Ada%20L/answers'], {
      status: 400, code: 'id-not-opaque', field: 'learner', value: 'Ada L', detail: `learner is "Ada L"; ${opaque}` }],
    ['a learner in the body', [{ item: 'add-open', learner: 'ada' }], {
      status: 400, code: 'unknown-field', field: 'learner', value: 'ada',
      detail: 'learner is not known; known here: id, source, occurredAt, sequence, item, skills, course, response, correct, score, attempt, hints and 4 more.' }],
    ['no item', [{}], {
      status: 400, code: 'missing-field', field: 'item', value: null, detail: 'item is missing; it must be text, matching ^[A-Za-z0-9._:~-]{1,128}$.' }],
    ['an array', [[{ item: 'add-open' }]], {
      status: 400, code: 'wrong-type', field: 'body', value: '[{"item":"add-open"}]', detail: 'body is [{"item":"add-open"}]; it must be an object.' }],
    ['more next items than there may be', [{ item: 'add-open' }, `${ANSWERS}?next=21`], {
      status: 400, code: 'out-of-range', field: 'next', value: 21, detail: 'next is 21; it must be a whole number, 0 to 20.' }],
    ['next as a word', [{ item: 'add-open' }, `${ANSWERS}?next=yes`], {
      status: 400, code: 'wrong-type', field: 'next', value: 'yes', detail: 'next is "yes"; it must be a whole number, 0 to 20.' }],
    ['an unknown parameter', [{ item: 'add-open' }, `${ANSWERS}?nxt=1`], {
      status: 400, code: 'unknown-field', field: 'nxt', value: '1', detail: 'nxt is not known; known here: next.' }],
  ];
  it.each(cases)('%s', async (_name, [body, path = ANSWERS], answer) => {
    expect(problem(await service.send('POST', path, body))).toEqual(answer);
    expect(await service.events('ada')).toEqual([]);
  });

  it('an answer that is no JSON', async () => {
    expect(problem(await service.send('POST', ANSWERS, '{"item": '))).toMatchObject({ status: 400, code: 'malformed-json', detail: expect.stringContaining('not valid JSON') });
    expect(problem(await service.send('POST', ANSWERS, ''))).toMatchObject({ status: 400, code: 'malformed-json' });
    expect(problem(await service.send('POST', ANSWERS))).toMatchObject({ status: 400, code: 'wrong-type', field: 'body' });
  });
});

describe('grading', () => {
  const cases: readonly [given: object, correct: boolean | null, score: number | null][] = [
    [{ item: 'add-number', response: '4' }, true, 1],
    [{ item: 'add-number', response: ' 4.0 ' }, true, 1],
    [{ item: 'add-number', response: '5' }, false, 0],
    [{ item: 'add-number', response: 'four' }, null, null],
    [{ item: 'add-choice', response: 'Two plus two' }, true, 1],
    [{ item: 'add-choice', response: 'three plus three' }, false, 0],
    [{ item: 'add-choice', response: 'B' }, null, null],
    [{ item: 'add-text', response: 'FOUR' }, true, 1],
    [{ item: 'add-text', response: 'five' }, false, 0],
    [{ item: 'add-text', response: 'it is four' }, null, null],
    [{ item: 'add-open', response: 'anything' }, null, null],
    [{ item: 'add-number' }, null, null],
    // What the platform says counts, whatever the key would say.
    [{ item: 'add-number', response: '5', correct: true }, true, 1],
    [{ item: 'add-number', response: '4', correct: false }, false, 0],
    [{ item: 'add-number', response: '4', score: 0.5 }, true, 0.5],
    [{ item: 'add-number', response: '4', score: 0 }, false, 0],
  ];
  it.each(cases)('of %j says %j and scores %j', async (given, correct, score) => {
    expect(await answered(given)).toMatchObject({ correct, score });
    expect((await service.events('ada')).map(({ data }) => data)).toEqual([expect.objectContaining({ score, course: 'algebra', courseVersion: 1 })]);
  });
});

describe('mastery before and after', () => {
  it('is that of the answer alone, by hand', async () => {
    // 0.3 known at first; right: 0.3*0.8 / (0.3*0.8 + 0.7*0.3) = 0.5333, then 0.5333 + 0.4667*0.2 = 0.626667.
    expect(await answered({ id: 'a1', item: 'add-open', correct: true })).toEqual({
      id: 'a1', revision: 0, correct: true, score: 1,
      skills: [{ skill: 'add', before: 0.3, after: expect.closeTo(0.626667, 6), status: 'learning' }],
    });
    // Wrong: 0.626667*0.2 / (0.626667*0.2 + 0.373333*0.7) = 0.324138, then 0.324138 + 0.675862*0.2 = 0.459310.
    expect((await answered({ item: 'add-open', correct: false })).skills).toEqual([
      { skill: 'add', before: expect.closeTo(0.626667, 6), after: expect.closeTo(0.45931, 6), status: 'learning' },
    ]);
  });

  it('moves every skill of the item', async () => {
    await answered({ item: 'add-open', correct: true });
    expect((await answered({ item: 'both', correct: true })).skills).toEqual([
      // 0.626667*0.8 / (0.626667*0.8 + 0.373333*0.3) = 0.817391, then 0.817391 + 0.182609*0.2 = 0.853913.
      { skill: 'add', before: expect.closeTo(0.626667, 6), after: expect.closeTo(0.853913, 6), status: 'learning' },
      { skill: 'multiply', before: 0.3, after: expect.closeTo(0.626667, 6), status: 'learning' },
    ]);
  });

  it.each([
    ['an answer that nobody has graded', { response: 'anything' }],
    ['a second attempt', { correct: true, attempt: 2 }],
  ])('does not move with %s', async (_name, data) => {
    expect((await answered({ item: 'add-open', ...data })).skills).toEqual([{ skill: 'add', before: 0.3, after: 0.3, status: 'new' }]);
  });

  it('takes an answer with a hint for a wrong one', async () => {
    // 0.3*0.2 / (0.3*0.2 + 0.7*0.7) = 0.109091, then 0.109091 + 0.890909*0.2 = 0.287273.
    expect((await answered({ item: 'add-open', correct: true, hints: 1 })).skills[0]?.after).toBeCloseTo(0.287273, 6);
  });

  it('of a late answer is that of all answers in the order in which they happened', async () => {
    await answered({ item: 'add-open', correct: true });
    const late = await answered({ item: 'add-open', correct: false, occurredAt: new Date(START - DAY).toISOString() });
    // Wrong first: 0.287273; then right: 0.287273*0.8 / (0.287273*0.8 + 0.712727*0.3) = 0.518033, then 0.614426.
    expect(late.skills).toEqual([{ skill: 'add', before: expect.closeTo(0.626667, 6), after: expect.closeTo(0.614426, 6), status: 'learning' }]);
    expect(late.revision).toBe(1);
  });

  it('calls a skill mastered from its own mark', async () => {
    const skills = [{ id: 'add', title: 'Addition', prerequisites: [], masteryAt: 0.6 }, { id: 'multiply', title: 'Multiplication', prerequisites: [] }];
    await service.send('PUT', '/v1/courses/algebra', algebra({ skills }));
    expect((await answered({ item: 'add-open', correct: true })).skills).toEqual([expect.objectContaining({ skill: 'add', status: 'mastered' })]);
  });

  it('of an item that no course knows is told for the skills that the answer names', async () => {
    expect((await answered({ item: 'outside', skills: ['zeta', 'alpha'], correct: true })).skills).toEqual([
      { skill: 'zeta', before: 0.3, after: expect.closeTo(0.626667, 6), status: 'learning' },
      { skill: 'alpha', before: 0.3, after: expect.closeTo(0.626667, 6), status: 'learning' },
    ]);
  });
});

it('gives an answer without an id one of its own', async () => {
  const [one, two] = [await answered({ item: 'add-open', correct: true }), await answered({ item: 'add-open', correct: true })];
  expect([one.revision, two.revision]).toEqual([0, 1]);
  expect(one.id).not.toBe(two.id);
});
