// Facts other than answers: how each is kept, and what is wrong with one.
import type { LearnerId, TenantId } from '@trellis/learning';
import { uuidV5 } from '@trellis/service';
import type { LearnerState } from '@trellis/views';
import { algebra, MINUTE, row, running, START, type Running } from './testing.js';

interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly object[];
}

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.send('PUT', '/v1/courses/algebra', algebra());
});
afterEach(() => service.close());

const batch = async (...rows: unknown[]): Promise<Taken> => {
  const reply = await service.send('POST', '/v1/events', rows);
  expect(reply.status).toBe(200);
  return reply.json<Taken>();
};

/** One of Ada's, a minute after the answers that specs send. */
const fact = (type: string, data: object, changes: object = {}): object => ({ id: `${type}-1`, type, learner: 'ada', occurredAt: '2026-03-01T08:01:00.000Z', data, ...changes });
// The casts: specs name tenants and learners by their pattern.
const ada = async (): Promise<LearnerState> => (await service.engine.recommender.learner('default' as TenantId, 'ada' as LearnerId)).state;
const idOf = (source: string, id: string): string => uuidV5(`default\n${source}\n${id}`);

describe('each fact is kept with what the curriculum says of it', () => {
  const cases: readonly [type: string, sent: object, kept: object][] = [
    ['AnswerScored', { answer: 'e1', score: 0.5, by: 'grader-7' }, { answer: idOf('api', 'e1'), score: 0.5, by: 'grader-7' }],
    ['AnswerScored', { answer: 'row 1'.replace(' ', '/'), answerSource: 'lms', score: 0 }, { answer: idOf('lms', 'row/1'), score: 0 }],
    ['AnswerVoided', { answer: 'e1', why: 'the picture was missing' }, { answer: idOf('api', 'e1'), why: 'the picture was missing' }],
    ['HintTaken', { item: 'both', session: 's1' }, { item: 'both', skills: ['add', 'multiply'], course: 'algebra', session: 's1' }],
    ['HintTaken', { item: 'outside', skills: ['alpha'] }, { item: 'outside', skills: ['alpha'] }],
    ['ContentViewed', { item: 'add-open', course: 'algebra', durationMs: 90_000 }, { item: 'add-open', skills: ['add'], course: 'algebra', durationMs: 90_000 }],
    ['SessionStarted', { session: 's1', budgetMinutes: 20 }, { session: 's1', budgetMinutes: 20 }],
    ['SessionEnded', { session: 's1' }, { session: 's1' }],
    ['SelfAssessed', { skill: 'add', level: 0.8 }, { skill: 'add', level: 0.8 }],
    ['SelfAssessed', { skill: 'multiply', course: 'algebra', level: 0 }, { skill: 'multiply', level: 0 }],
    ['MoodReported', { mood: 'tired' }, { mood: 'tired' }],
    ['PreferenceStated', { interests: ['music'], language: 'es' }, { interests: ['music'], language: 'es' }],
    ['FeedbackGiven', { item: 'add-open', feedback: 'too-hard' }, { item: 'add-open', skills: ['add'], feedback: 'too-hard' }],
  ];
  it.each(cases)('%s %j', async (type, sent, kept) => {
    expect(await batch(fact(type, sent))).toMatchObject({ accepted: 1, rejected: [] });
    const events = await service.events('ada');
    expect(events.map(({ type: as, data, meta }) => [as, data, meta])).toEqual([[type, kept, { source: 'api', occurredAt: START - 24 * 60 * MINUTE + MINUTE, schema: 1 }]]);
  });
});

describe('a fact is rejected with its field, its value and what would be right', () => {
  const cases: readonly [name: string, row: object, rejection: object][] = [
    ['an unknown item without skills', fact('HintTaken', { item: 'nowhere' }), {
      field: 'data.item', value: 'nowhere', code: 'unknown-item',
      message: 'data.item is "nowhere"; it is in no published course and data.skills is missing; publish a course with it or name its skills' }],
    ['a skill of another course', fact('FeedbackGiven', { item: 'add-open', skills: ['angles'], feedback: 'liked' }), {
      field: 'data.skills', value: 'angles', code: 'unknown-skill',
      message: 'data.skills is "angles"; it is not a skill of course "algebra"; name its skills or publish the course with it' }],
    ['an unknown course', fact('ContentViewed', { item: 'add-open', course: 'geometry' }), {
      field: 'data.course', value: 'geometry', code: 'unknown-course', message: 'data.course is "geometry"; it is not published; publish it or leave it out' }],
    ['a skill that nobody knows', fact('SelfAssessed', { skill: 'angles', level: 1 }), {
      field: 'data.skill', value: 'angles', code: 'unknown-skill', message: 'data.skill is "angles"; it is a skill of no published course; publish a course with it' }],
    ['a skill that the course has not', fact('SelfAssessed', { skill: 'angles', course: 'algebra', level: 1 }), {
      field: 'data.skill', value: 'angles', code: 'unknown-skill',
      message: 'data.skill is "angles"; it is not a skill of course "algebra"; name one of its skills or publish the course with it' }],
    ['a course that there is not', fact('SelfAssessed', { skill: 'add', course: 'geometry', level: 1 }), { field: 'data.course', value: 'geometry', code: 'unknown-course', message: expect.any(String) }],
    ['a level above 1', fact('SelfAssessed', { skill: 'add', level: 4 }), { field: 'data.level', value: 4, code: 'out-of-range', message: 'data.level is 4; it must be a number, 0 to 1' }],
    ['a mood that is none', fact('MoodReported', { mood: 'sad' }), {
      field: 'data.mood', value: 'sad', code: 'out-of-range', message: 'data.mood is "sad"; it must be one of "good", "okay", "tired", "frustrated", "anxious", "bored"' }],
    ['feedback that is none', fact('FeedbackGiven', { item: 'add-open', feedback: 'meh' }), {
      field: 'data.feedback', value: 'meh', code: 'out-of-range', message: 'data.feedback is "meh"; it must be one of "too-easy", "too-hard", "not-now", "liked", "disliked"' }],
    ['a preference that states nothing', fact('PreferenceStated', {}), { field: 'data', value: '{}', code: 'out-of-range', message: 'data is {}; it must be an object, at least 1 fields' }],
    ['a learning style', fact('PreferenceStated', { learningStyle: 'visual' }), {
      field: 'data.learningStyle', value: 'visual', code: 'unknown-field', message: 'data.learningStyle is not known; known here: modalities, interests, products, readingLevel, language' }],
    ['a language that is no tag', fact('PreferenceStated', { language: 'espa\u00f1ol' }), {
      field: 'data.language', value: 'espa\u00f1ol', code: 'out-of-range', message: 'data.language is "espa\u00f1ol"; it must be a language tag such as "es" or "en-GB" (BCP 47)' }],
    ['no answer', fact('AnswerScored', { score: 1 }), { field: 'data.answer', value: null, code: 'missing-field', message: expect.stringContaining('data.answer is missing; it must be text') }],
    ['no score', fact('AnswerScored', { answer: 'e1' }), { field: 'data.score', value: null, code: 'missing-field', message: 'data.score is missing; it must be a number, 0 to 1' }],
    ['a grader with a name', fact('AnswerScored', { answer: 'e1', score: 1, by: 'Ms Lee' }), {
      field: 'data.by', value: 'Ms Lee', code: 'id-not-opaque', message: 'data.by is "Ms Lee"; it must be 1 to 64 of A-Z a-z 0-9 _ -, without names or addresses' }],
    ['a budget of nothing', fact('SessionStarted', { session: 's1', budgetMinutes: 0 }), {
      field: 'data.budgetMinutes', value: 0, code: 'out-of-range', message: 'data.budgetMinutes is 0; it must be a number, at most 600, above 0' }],
    ['a session without an id', fact('SessionEnded', {}), { field: 'data.session', value: null, code: 'missing-field', message: expect.stringContaining('data.session is missing') }],
    ['data of another type', fact('SessionEnded', { session: 's1', mood: 'good' }), { field: 'data.mood', value: 'good', code: 'unknown-field', message: 'data.mood is not known; known here: session' }],
  ];
  it.each(cases)('%s', async (_name, bad, rejection) => {
    const taken = await batch(row({ id: 'before' }), bad, row({ id: 'after' }));
    expect(taken).toMatchObject({ accepted: 2, duplicates: 0, rejected: [{ index: 1, id: expect.any(String), ...rejection }] });
    expect((await service.events('ada')).length).toBe(2);
  });
});

describe('a fact that is sent again', () => {
  it('is kept once, whatever the order of its fields', async () => {
    const once = fact('FeedbackGiven', { item: 'add-open', feedback: 'liked' });
    const otherwise = fact('FeedbackGiven', { feedback: 'liked', item: 'add-open' });
    expect(await batch(once, otherwise)).toMatchObject({ accepted: 1, duplicates: 1, rejected: [] });
    expect(await batch(once)).toMatchObject({ accepted: 0, duplicates: 1 });
  });

  it('is rejected with other content, and with that of another type', async () => {
    const first = fact('MoodReported', { mood: 'good' });
    const taken = await batch(first, fact('MoodReported', { mood: 'bored' }), fact('SessionEnded', { session: 's1' }, { id: 'MoodReported-1' }));
    expect(taken).toMatchObject({ accepted: 1, rejected: [{ index: 1, code: 'conflicting-duplicate' }, { index: 2, code: 'conflicting-duplicate' }] });
    expect((await ada()).told.mood?.mood).toBe('good');
  });
});

describe('a correction', () => {
  const known = async (): Promise<number> => [...(await ada()).skills.values()][0]?.known ?? Number.NaN;
  const scored = (score: number, changes: object = {}): object => fact('AnswerScored', { answer: 'e1', score }, changes);

  it('gives an answer the score that it should have had', async () => {
    await batch(row({ id: 'e1' }, { correct: undefined }), row({ id: 'e2', occurredAt: '2026-03-01T08:00:30.000Z' }));
    const one = await known();
    await batch(scored(1));
    const both = await known();
    expect(both).toBeGreaterThan(one);
    await batch(fact('AnswerVoided', { answer: 'e1' }, { occurredAt: '2026-03-01T08:02:00.000Z' }));
    expect(await known()).toBe(one);
    expect((await ada()).answers).toBe(1);
  });

  it('takes effect also when it comes before its answer', async () => {
    expect(await batch(scored(0))).toMatchObject({ accepted: 1, rejected: [] });
    await batch(row({ id: 'e1' }));
    // 0.3*0.2 / (0.3*0.2 + 0.7*0.7) = 0.109091, then 0.109091 + 0.890909*0.2 = 0.287273.
    expect(await known()).toBeCloseTo(0.287273, 6);
  });

  it('is that of the answer of its own source', async () => {
    await batch(row({ id: 'e1', source: 'lms' }));
    const before = await known();
    await batch(scored(0));
    expect(await known()).toBe(before);
    await batch(fact('AnswerScored', { answer: 'e1', answerSource: 'lms', score: 0 }, { id: 'again' }));
    expect(await known()).toBeLessThan(before);
  });
});

it('knows of an answer that came too fast to be read', async () => {
  await batch(row({ id: 'e1' }, { durationMs: 400 }));
  const { skills, sitting, answers } = await ada();
  expect([skills.size, sitting.rapid, answers]).toEqual([0, 1, 1]);
});

it('tells in its documentation what each type takes', async () => {
  const document = (await service.send('GET', '/openapi.json')).json<{ paths: Record<string, { post: { requestBody: { content: Record<string, { schema: { items: { oneOf: readonly { title: string }[] } } }> } } }> }>();
  const schema = document.paths['/v1/events']?.post.requestBody.content['application/json']?.schema;
  expect(schema?.items.oneOf.map(({ title }) => title)).toEqual([
    ...['AnswerGiven', 'AnswerScored', 'AnswerVoided', 'HintTaken', 'ContentViewed', 'SessionStarted', 'SessionEnded'],
    ...['SelfAssessed', 'MoodReported', 'PreferenceStated', 'FeedbackGiven'],
  ]);
});
