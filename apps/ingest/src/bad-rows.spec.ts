// Each row of a batch stands alone: what is wrong with one is said of that one, and the others are kept.
import { BATCH_EVENTS_MAX } from './intake.js';
import { algebra, MINUTE, problem, row, running, START, type Running } from './testing.js';

interface Taken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly object[];
  readonly position: string | null;
}

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.send('PUT', '/v1/courses/algebra', algebra());
});
afterEach(() => service.close());

const batch = async (rows: unknown): Promise<Taken> => {
  const reply = await service.send('POST', '/v1/events', rows);
  expect(reply.status).toBe(200);
  return reply.json<Taken>();
};

describe('a row is rejected with its field, its value and what would be right', () => {
  const opaque = 'it must be 1 to 64 of A-Z a-z 0-9 _ -, without names or addresses';
  const time = 'it must be an RFC 3339 time such as "2024-05-06T07:08:09.123Z"';
  const cases: readonly [name: string, row: unknown, rejection: object][] = [
    ['an unknown item without skills', row({}, { item: 'nowhere' }), {
      field: 'data.item', value: 'nowhere', code: 'unknown-item',
      message: 'data.item is "nowhere"; it is in no published course and data.skills is missing; publish a course with it or name its skills' }],
    ['an item of another course than the one that is named', row({}, { item: 'nowhere', course: 'algebra' }), {
      field: 'data.item', value: 'nowhere', code: 'unknown-item',
      message: 'data.item is "nowhere"; it is not in course "algebra" and data.skills is missing; publish the course with it or name its skills' }],
    ['an unknown skill', row({}, { skills: ['add', 'divide'] }), {
      field: 'data.skills', value: 'divide', code: 'unknown-skill',
      message: 'data.skills is "divide"; it is not a skill of course "algebra"; name its skills or publish the course with it' }],
    ['an unknown course', row({}, { course: 'geometry' }), {
      field: 'data.course', value: 'geometry', code: 'unknown-course', message: 'data.course is "geometry"; it is not published; publish it or leave it out' }],
    ['a score above 1', row({}, { correct: undefined, score: 1.5 }), {
      field: 'data.score', value: 1.5, code: 'out-of-range', message: 'data.score is 1.5; it must be a number, 0 to 1' }],
    ['a score below 0', row({}, { correct: undefined, score: -0.1 }), { field: 'data.score', value: -0.1, code: 'out-of-range', message: 'data.score is -0.1; it must be a number, 0 to 1' }],
    ['a score beside correct', row({}, { score: 1 }), {
      field: 'data.score', value: 1, code: 'out-of-range', message: 'data.score is 1 beside data.correct; send one of the two' }],
    ['a time before 1970', row({ occurredAt: '1969-12-31T23:59:59.999Z' }), {
      field: 'occurredAt', value: '1969-12-31T23:59:59.999Z', code: 'time-before-1970', message: 'occurredAt is "1969-12-31T23:59:59.999Z"; it must not lie before 1970' }],
    ['a time without an offset', row({ occurredAt: '2026-03-01T08:00:00' }), {
      field: 'occurredAt', value: '2026-03-01T08:00:00', code: 'wrong-type', message: `occurredAt is "2026-03-01T08:00:00"; ${time}` }],
    ['a day that is none', row({ occurredAt: '2026-02-30T08:00:00Z' }), {
      field: 'occurredAt', value: '2026-02-30T08:00:00Z', code: 'wrong-type', message: `occurredAt is "2026-02-30T08:00:00Z"; ${time}` }],
    ['a time as a number', row({ occurredAt: 1_700_000_000 }), { field: 'occurredAt', value: 1_700_000_000, code: 'wrong-type', message: `occurredAt is 1700000000; ${time}` }],
    ['a negative duration', row({}, { durationMs: -5 }), {
      field: 'data.durationMs', value: -5, code: 'out-of-range', message: 'data.durationMs is -5; it must be a whole number, 0 to 86400000' }],
    ['a learner with @', row({ learner: 'ada@school.org' }), { field: 'learner', value: 'ada@school.org', code: 'id-not-opaque', message: `learner is "ada@school.org"; ${opaque}` }],
    ['a learner with a space', row({ learner: 'Ada L' }), { field: 'learner', value: 'Ada L', code: 'id-not-opaque', message: `learner is "Ada L"; ${opaque}` }],
    ['a learner that is a number', row({ learner: 7 }), { field: 'learner', value: 7, code: 'wrong-type', message: `learner is 7; ${opaque}` }],
    ['an unknown type', row({ type: 'AnswerGuessed' }), {
      field: 'type', value: 'AnswerGuessed', code: 'out-of-range',
      message: 'type is "AnswerGuessed"; it must be one of "AnswerGiven", "AnswerScored", "AnswerVoided", "HintTaken", "ContentViewed", "SessionStarted", "SessionEnded", "SelfAssessed", "MoodReported", "PreferenceStated", "FeedbackGiven"' }],
    ['no type', row({ type: undefined }), { field: 'type', value: null, code: 'missing-field', message: expect.stringContaining('type is missing; it must be one of "AnswerGiven", ') }],
    ['a decision', row({ type: 'GoalSet' }), { field: 'type', value: 'GoalSet', code: 'out-of-range', message: expect.stringContaining('type is "GoalSet"; it must be one of ') }],
    ['an unknown field', row({ tenant: 'north' }), {
      field: 'tenant', value: 'north', code: 'unknown-field', message: 'tenant is not known; known here: id, source, occurredAt, sequence, type, learner, data' }],
    ['an unknown field of the answer', row({}, { grade: 'A' }), {
      field: 'data.grade', value: 'A', code: 'unknown-field',
      message: 'data.grade is not known; known here: item, skills, course, response, correct, score, attempt, hints, durationMs, confidence, session, recommendation' }],
    ['a missing item', row({}, { item: undefined }), {
      field: 'data.item', value: null, code: 'missing-field', message: 'data.item is missing; it must be text, matching ^[A-Za-z0-9._:~-]{1,128}$' }],
    ['a missing learner', row({ learner: undefined }), { field: 'learner', value: null, code: 'missing-field', message: `learner is missing; ${opaque}` }],
    ['correct as text', row({}, { correct: 'yes' }), { field: 'data.correct', value: 'yes', code: 'wrong-type', message: 'data.correct is "yes"; it must be true or false' }],
    ['no skill at all', row({}, { item: 'nowhere', skills: [] }), {
      field: 'data.skills', value: '[]', code: 'out-of-range', message: 'data.skills is []; it must be an array, 1 to 16 entries, without repeats' }],
    ['a sequence that is no whole number', row({ sequence: 1.5 }), {
      field: 'sequence', value: 1.5, code: 'wrong-type', message: `sequence is 1.5; it must be a whole number, 0 to ${Number.MAX_SAFE_INTEGER}` }],
    ['an id with a line break', row({ id: 'e\n1' }), { field: 'id', value: 'e\n1', code: 'out-of-range', message: 'id is "e\\n1"; it must be text, matching ^[\\x21-\\x7e]{1,128}$' }],
    ['a number', 5, { field: 'body', value: 5, code: 'wrong-type', message: 'body is 5; it must be an object' }],
    ['null', null, { field: 'body', value: null, code: 'wrong-type', message: 'body is null; it must be an object' }],
  ];
  it.each(cases)('%s', async (_name, bad, rejection) => {
    const sent = typeof bad === 'object' && bad !== null && 'id' in bad ? { id: bad.id } : {};
    const taken = await batch([row({ id: 'before' }), bad, row({ id: 'after' })]);
    expect(taken).toEqual({ accepted: 2, duplicates: 0, rejected: [{ index: 1, ...sent, ...rejection }], position: expect.any(String) });
    expect((await service.events('ada')).length).toBe(2);
  });
});

it('takes 4,999 rows around a bad one and says which it was', async () => {
  const rows = Array.from({ length: BATCH_EVENTS_MAX }, (_, at) => row({ id: `e${at}`, learner: `learner-${at % 40}` }));
  rows[3_210] = row({ id: 'e3210', learner: 'a b' });
  const { accepted, duplicates, rejected } = await batch(rows);
  expect({ accepted, duplicates }).toEqual({ accepted: 4_999, duplicates: 0 });
  expect(rejected).toEqual([expect.objectContaining({ index: 3_210, id: 'e3210', field: 'learner', code: 'id-not-opaque' })]);
  expect(await batch(rows)).toMatchObject({ accepted: 0, duplicates: 4_999, rejected: [{ index: 3_210 }] });
});

it('takes 5,000 rows and no more', async () => {
  const rows = Array.from({ length: BATCH_EVENTS_MAX + 1 }, (_, at) => row({ id: `e${at}` }));
  const body = { status: 413, code: 'too-large', detail: 'The body holds 5001 events; send at most 5000 at once.' };
  expect(problem(await service.send('POST', '/v1/events', rows))).toEqual(body);
  const lines = rows.map((each) => JSON.stringify(each)).join('\n');
  expect(problem(await service.send('POST', '/v1/events', lines, { 'content-type': 'application/x-ndjson' }))).toEqual(body);
  expect(await service.events('ada')).toEqual([]);
});

it('keeps a time far ahead as a claim beside the time of arrival', async () => {
  const tooFar = new Date(START + 5 * MINUTE + 1).toISOString();
  const near = new Date(START + 5 * MINUTE).toISOString();
  await batch([row({ id: 'far', occurredAt: tooFar }), row({ id: 'near', occurredAt: near }), row({ id: 'none', occurredAt: undefined })]);
  expect((await service.events('ada')).map(({ meta }) => meta)).toEqual([
    { source: 'api', occurredAt: START, timeBasis: 'received', claimedAt: START + 5 * MINUTE + 1, sequence: 1, schema: 1 },
    { source: 'api', occurredAt: START + 5 * MINUTE, schema: 1 },
    { source: 'api', occurredAt: START, timeBasis: 'received', sequence: 2, schema: 1 },
  ]);
});

it('keeps the first of two rows with one id and different content', async () => {
  const first = row();
  const other = row({}, { correct: false });
  const rejection = {
    index: 1, id: 'e1', field: 'id', value: 'e1', code: 'conflicting-duplicate',
    message: 'id is "e1", which this source sent before with different content; what was sent first stands: correct it with a new id',
  };
  expect(await batch([first, other, first])).toMatchObject({ accepted: 1, duplicates: 1, rejected: [rejection] });
  expect(await batch([first, other])).toMatchObject({ accepted: 0, duplicates: 1, rejected: [rejection] });
  expect((await service.events('ada')).map(({ data }) => data)).toEqual([expect.objectContaining({ score: 1 })]);
  expect(await batch([row({ source: 'another' }, { correct: false })])).toMatchObject({ accepted: 1, rejected: [] });
});

describe('a body that cannot be read as a whole', () => {
  it('is refused where it is no array', async () => {
    const body = { status: 400, code: 'malformed-json', detail: 'The body must be a JSON array of events, or NDJSON with one event a line.' };
    for (const sent of [row(), 'null', '"text"', 5]) expect(problem(await service.send('POST', '/v1/events', sent))).toEqual(body);
  });

  it('is refused where it is no JSON, with the place', async () => {
    const reply = await service.send('POST', '/v1/events', '[{"id": "e1",}]');
    expect(problem(reply)).toMatchObject({ status: 400, code: 'malformed-json', detail: expect.stringContaining('position 13') });
  });

  it('is refused where it is over the limit', async () => {
    const reply = await service.send('POST', '/v1/events', `["${'x'.repeat(5 * 1024 * 1024)}"]`);
    expect(problem(reply)).toEqual({ status: 413, code: 'too-large', detail: 'The body is over the limit of 5242880 bytes; send it in smaller parts.' });
  });

  it('is refused where its type is another', async () => {
    const reply = await service.send('POST', '/v1/events', 'id,learner', { 'content-type': 'text/csv' });
    expect(problem(reply)).toMatchObject({ status: 415, code: 'wrong-type', field: 'content-type', value: 'text/csv' });
  });
});

describe('lines of JSON', () => {
  const lines = async (text: string): Promise<Taken> => (await service.send('POST', '/v1/events', text, { 'content-type': 'application/x-ndjson' })).json<Taken>();

  it('are taken around one that cannot be read', async () => {
    const taken = await lines(`${JSON.stringify(row({ id: 'e1' }))}\n{"id": "e2", \n\n${JSON.stringify(row({ id: 'e3' }))}\r\n`);
    expect(taken).toMatchObject({ accepted: 2, duplicates: 0 });
    expect(taken.rejected).toEqual([
      { index: 1, field: 'body', value: '{"id": "e2", ', code: 'malformed-json', message: expect.stringContaining('the line is not valid JSON: ') },
    ]);
  });

  it('may hold none', async () => expect(await lines('\n\n')).toMatchObject({ accepted: 0, duplicates: 0, rejected: [] }));

  it('are refused alone where they hold what is never taken', async () => {
    const { accepted, rejected } = await lines(`${JSON.stringify(row()).replace('{', '{"__proto__":{},')}\n${JSON.stringify(row({ id: 'e2' }))}`);
    expect({ accepted, rejected }).toEqual({ accepted: 1, rejected: [expect.objectContaining({ index: 0, code: 'unknown-field', field: '__proto__' })] });
  });
});
