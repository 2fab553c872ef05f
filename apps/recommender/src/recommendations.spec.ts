// What next: for whom, out of which course, and what is wrong with a request.
import type { RecommendationBody } from '@trellis/recommendation';
import type { Reply } from '@trellis/service/testing';
import { problem, renamed, running, SMALL, type Running } from './testing.js';

const ASK = '/v1/learners/ada/recommendations';

let service: Running;
beforeEach(async () => {
  service = await running();
});
afterEach(() => service.close());

const ask = (body: unknown = {}, path = ASK): Promise<Reply> => service.send('POST', path, body);

it('answers a learner whom nobody knows with a beginning', async () => {
  await service.publish('small');
  for (const body of [{}, undefined]) {
    const reply = await service.send('POST', '/v1/learners/nobody/recommendations', body);
    expect([reply.status, reply.json()]).toEqual([200, expect.objectContaining({
      learner: 'nobody', course: 'small', at: '2026-03-02T08:00:00.000Z', basedOn: { revision: body === undefined ? 0 : -1 },
      items: [expect.objectContaining({ skills: ['a'], action: 'learn' })],
    })]);
  }
});

it('answers with everything that the choice rests on, and keeps it', async () => {
  await service.publish('small');
  await service.answers('ada', [['a1', true], ['a2', true], ['a1', false]]);
  const reply = await ask({ count: 2, objective: 'to-b', budgetMinutes: 20, requestId: 'r1' });
  const made = reply.json<RecommendationBody>();
  expect(made).toMatchObject({
    basedOn: { revision: 2 },
    versions: { engine: '2', policy: '3', course: 1, calibration: 'default-1', strategy: 'individualized-2' },
    seed: expect.any(Number),
    pacing: { action: 'practise', items: 20, minutes: 20, reason: { key: 'session-practise', text: expect.any(String) } },
  });
  for (const { prediction, probability, reason } of made.items) {
    expect([prediction > 0 && prediction < 1, probability > 0 && probability <= 1, reason.text]).toEqual([true, true, expect.stringMatching(/^A /)]);
  }
  expect((await service.send('GET', `/v1/recommendations/${made.recommendationId}`)).text).toBe(reply.text);
});

it('gives the same request the same decision, and another learner another', async () => {
  await service.publish('small');
  const first = await ask({ requestId: 'r1', count: 2 });
  await service.answers('ada', [['a1', true]]);
  service.clock.ms += 60_000;
  expect((await ask({ requestId: 'r1', count: 2 })).text).toBe(first.text);
  expect((await ask({ requestId: 'r1', count: 2 }, '/v1/learners/bob/recommendations')).json()).toMatchObject({ learner: 'bob', basedOn: { revision: -1 } });
  const fresh = (await ask({ requestId: 'r2' })).json<RecommendationBody>();
  expect(fresh.basedOn.revision).toBe(1);
  const crowd = await Promise.all(Array.from({ length: 20 }, () => ask({ requestId: 'r3' })));
  expect(new Set(crowd.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
});

it('says why it has no item', async () => {
  await service.publish('small');
  await service.answers('ada', ['a', 'b'].flatMap((skill) => Array.from({ length: 8 }, (): [string, boolean] => [`${skill}1`, true])));
  expect((await ask()).json()).toMatchObject({
    items: [], pacing: { action: 'assess', reviewAt: '2026-03-05T08:00:00.000Z', reason: { key: 'ready-for-check', text: 'You seem ready to show what you can do in B. Ask for the check when you like.' } },
  });
});

describe('its sentences are', () => {
  const LANGUAGE: readonly [name: string, accepted: string | undefined, stated: string | undefined, language: 'en' | 'es'][] = [
    ['English where nothing is known', undefined, undefined, 'en'],
    ['in the language that the learner stated', undefined, 'es-MX', 'es'],
    ['in the language that the caller accepts, over what the learner stated', 'en-GB', 'es', 'en'],
    ['in the first accepted language that there is', 'fr, es;q=0.8, en;q=0.2', undefined, 'es'],
    ['in the language that weighs most', 'en;q=0.3, es;q=0.9', undefined, 'es'],
    ['in the learner\'s where none that is accepted is there', 'fr, en;q=0', 'es', 'es'],
    ['in the learner\'s where any is accepted', '*', 'es', 'es'],
  ];
  it.each(LANGUAGE)('%s', async (_name, accepted, stated, language) => {
    await service.publish('small');
    if (stated !== undefined) await service.send('PUT', '/v1/learners/ada/preferences', { language: stated });
    const headers = accepted === undefined ? {} : { 'accept-language': accepted };
    const expected = { en: 'Time for something new: A.', es: 'Es hora de algo nuevo: A.' }[language];
    const reply = await service.send('POST', ASK, { requestId: 'r1' }, headers);
    const made = reply.json<RecommendationBody>();
    expect(made.pacing.reason.text).toBe(expected);
    // The same again, when it is asked for once more, looked up, and made again.
    expect((await service.send('POST', ASK, { requestId: 'r1' }, headers)).text).toBe(reply.text);
    expect((await service.send('GET', `/v1/recommendations/${made.recommendationId}`, undefined, headers)).text).toBe(reply.text);
    expect((await service.send('GET', `/v1/recommendations/${made.recommendationId}?recompute=true`, undefined, headers)).json()).toMatchObject({ identical: true, recomputed: { pacing: { reason: { text: expected } } } });
  });
});

describe('the course', () => {
  it('is that of the newest enrolment, unless the request names one', async () => {
    for (const course of ['one', 'two']) await service.publish(course, course === 'one' ? SMALL : renamed('x'));
    await service.send('PUT', '/v1/classrooms/room/learners', { course: 'one', learners: ['ada'] });
    expect((await ask()).json()).toMatchObject({ course: 'one' });
    await service.send('PUT', '/v1/classrooms/room/learners', { course: 'two', learners: ['ada'] });
    expect((await ask()).json()).toMatchObject({ course: 'two', basedOn: { revision: 2 } });
    expect((await ask({ course: 'one' })).json()).toMatchObject({ course: 'one' });
  });

  it('must be named by a learner of none where there are several', async () => {
    for (const course of ['one', 'two']) await service.publish(course, course === 'one' ? SMALL : renamed('x'));
    expect(problem(await ask())).toEqual({
      status: 400, code: 'missing-field', field: 'course', detail: 'course: it is missing and the learner is enrolled in none; name one of one, two.',
    });
  });

  it('cannot be chosen from where there is none', async () => {
    expect(problem(await ask())).toEqual({
      status: 400, code: 'missing-field', field: 'course', detail: 'course: it is missing and the learner is enrolled in none; no course is published yet.',
    });
  });
});

describe('a request is refused with its field, its value and what would be right', () => {
  const opaque = 'it must be an opaque id matching ^[A-Za-z0-9_-]{1,64}$, never a name or an address.';
  const cases: readonly [name: string, request: readonly [body: unknown, path?: string], answer: object][] = [
    ['an unknown course', [{ course: 'large' }], { status: 422, code: 'unknown-course', field: 'course', value: 'large', detail: 'course: "large" is not published; publish it or name another.' }],
    ['an unknown objective', [{ objective: 'to-c' }], {
      status: 422, code: 'refused:unknown-objective', field: 'objective', value: 'to-c', detail: 'objective: course "small" has no objective "to-c"; name one of to-b, or leave it out for the whole course.' }],
    ['count 0', [{ count: 0 }], { status: 400, code: 'out-of-range', field: 'count', value: 0, detail: 'count is 0; it must be a whole number, 1 to 20.' }],
    ['count 21', [{ count: 21 }], { status: 400, code: 'out-of-range', field: 'count', value: 21, detail: 'count is 21; it must be a whole number, 1 to 20.' }],
    ['count as text', [{ count: '3' }], { status: 400, code: 'wrong-type', field: 'count', value: '3', detail: 'count is "3"; it must be a whole number, 1 to 20.' }],
    ['half an item', [{ count: 1.5 }], { status: 400, code: 'wrong-type', field: 'count', value: 1.5, detail: 'count is 1.5; it must be a whole number, 1 to 20.' }],
    ['no time at all', [{ budgetMinutes: 0 }], { status: 400, code: 'out-of-range', field: 'budgetMinutes', value: 0, detail: 'budgetMinutes is 0; it must be a number, at most 600, above 0.' }],
    ['a request id with a space', [{ requestId: 'r 1' }], { status: 400, code: 'out-of-range', field: 'requestId', value: 'r 1', detail: 'requestId is "r 1"; it must be text, matching ^[\\x21-\\x7e]{1,128}$.' }],
    ['an unknown field', [{ items: 3 }], {
      status: 400, code: 'unknown-field', field: 'items', value: 3, detail: 'items is not known; known here: course, count, objective, budgetMinutes, keepGoing, requestId.' }],
    ['a learner with @', [{}, '/v1/learners/ada@school.org/recommendations'], { status: 400, code: 'id-not-opaque', field: 'learner', value: 'ada@school.org', detail: `learner is "ada@school.org"; ${opaque}` }],
    ['a learner with a space', [{}, '/v1/learners/a%20b/recommendations'], { status: 400, code: 'id-not-opaque', field: 'learner', value: 'a b', detail: `learner is "a b"; ${opaque}` }],
    ['a learner of 65 characters', [{}, `/v1/learners/${'a'.repeat(65)}/recommendations`], { status: 400, code: 'id-not-opaque', field: 'learner' }],
    ['an array', [[]], { status: 400, code: 'wrong-type', field: 'body', value: '[]', detail: 'body is []; it must be an object.' }],
  ];
  it.each(cases)('%s', async (_name, [body, path = ASK], answer) => {
    await service.publish('small');
    expect(problem(await ask(body, path))).toMatchObject(answer);
    expect((await service.engine.recommender.learner('default' as never, 'ada' as never)).revision).toBe(-1);
  });

  it('a body that is no JSON', async () => {
    expect(problem(await ask('{"count": 3'))).toMatchObject({ status: 400, code: 'malformed-json', detail: expect.stringContaining('position 11') });
  });
});

describe('the id of a recommendation', () => {
  const id = (text: string): string => Buffer.from(text).toString('base64url');
  const hostile: readonly [name: string, id: string, status: number][] = [
    ['of nothing', id('learner-default.nobody@0'), 404],
    ['of an answer', id('learner-default.ada@0'), 404],
    ['past the end', id('learner-default.ada@999999999999999'), 404],
    ['before the beginning', id('learner-default.ada@-1'), 404],
    ['of no revision', id('learner-default.ada@1e3'), 404],
    ['of a course', id('course-default.small@0'), 404],
    ['with a way out', id('learner-default.../../etc@0'), 404],
    ['with a line break', id('learner-default.ada@0\nlearner-default.ada@1'), 404],
    ['that is no Base64', 'aaaaaaaaa', 404],
    ['too short', 'a', 404],
    ['with other characters', '%00%00%00%00%00%00%00%00', 404],
    ['with an escape that is none', '%zz', 400],
    ['of 500 characters', 'a'.repeat(500), 404],
    ['of 600 characters', 'a'.repeat(600), 414],
  ];
  it.each(hostile)('%s is not found', async (_name, hostileId, status) => {
    await service.publish('small');
    await service.answers('ada', [['a1', true]]);
    for (const query of ['', '?recompute=true']) {
      const reply = await service.send('GET', `/v1/recommendations/${hostileId}${query}`);
      expect([reply.status, reply.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
      if (status === 404) expect(reply.json()).toMatchObject({ code: 'not-found', field: 'id' });
    }
  });

  it.each([
    ['recompute=maybe', { status: 400, code: 'wrong-type', field: 'recompute', value: 'maybe', detail: 'recompute is "maybe"; it must be true or false.' }],
    ['again=true', { status: 400, code: 'unknown-field', field: 'again', value: 'true', detail: 'again is not known; known here: recompute.' }],
  ])('is asked for with ?%s in vain', async (query, answer) => {
    await service.publish('small');
    const { recommendationId } = (await ask()).json<RecommendationBody>();
    expect(problem(await service.send('GET', `/v1/recommendations/${recommendationId}?${query}`))).toEqual(answer);
  });
});
