// What a teacher sees of a class: composed from the classroom and the rows of its learners when it is asked for.
import { problem, renamed, running, type Running } from './testing.js';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('small');
  await service.send('PUT', '/v1/classrooms/room-1/learners', { course: 'small', learners: ['ada', 'bob', 'cyd'] });
});
afterEach(() => service.close());

const get = async <Body>(path: string): Promise<Body> => (await service.send('GET', path)).json<Body>();
const right = (item: string, times: number): (readonly [string, boolean])[] => Array.from({ length: times }, () => [item, true]);

describe('the board', () => {
  it('shows every learner in the order of the roster, with every acknowledged answer', async () => {
    await service.answers('ada', [...right('a1', 6), ['b1', true]]);
    expect(await get('/v1/classrooms/room-1/board')).toMatchObject({
      classroom: 'room-1',
      course: 'small',
      objective: null,
      learners: [
        { learner: 'ada', aim: { title: 'Small', by: 'course', mastered: 1, needed: 2 }, working: { skills: [{ skill: 'b', title: 'B' }], at: '2026-03-02T08:00:00.000Z' }, flags: [] },
        { learner: 'bob', aim: { mastered: 0 }, working: null },
        { learner: 'cyd' },
      ],
      totals: { learners: 3, done: 0 },
      pace: { expected: null, reason: { key: 'no-calendar', teacher: 'No calendar is set for this course.' } },
    });
  });

  it('flags the stuck with their evidence, in the language that was asked for', async () => {
    await service.answers('bob', Array.from({ length: 12 }, () => ['a1', false] as const));
    const { learners } = (await service.send('GET', '/v1/classrooms/room-1/board', undefined, { 'accept-language': 'es-MX,es;q=0.9' })).json<{ learners: object[] }>();
    expect(learners[1]).toMatchObject({ flags: [{ flag: 'stuck', skill: 'a', reason: { params: { pauses: 3, answers: 12, right: 0 }, teacher: expect.stringContaining('0 de 12') as string, text: expect.stringContaining('Tu docente') as string } }] });
  });

  it.each([
    ['a classroom that nobody knows', '/v1/classrooms/attic/board', { status: 404, code: 'not-found', field: 'id', value: 'attic', detail: 'id: there is no classroom "attic"; enrol learners in it first.' }],
    ['a course that is not published', '/v1/classrooms/room-1/board?course=large', { status: 422, code: 'unknown-course', field: 'course', value: 'large', detail: 'course: "large" is not published; publish it or name another.' }],
    ['a course that nobody of the classroom takes', '/v1/classrooms/room-1/board?course=other', { status: 422, code: 'refused:course-not-taken', field: 'course', value: 'other', detail: 'course: nobody in classroom "room-1" takes "other"; enrol learners in it, or name one of small.' }],
    ['groups of a course that nobody of the classroom takes', '/v1/classrooms/room-1/groups?course=other', { status: 422, code: 'refused:course-not-taken', field: 'course', value: 'other' }],
    ['an id that is not opaque', '/v1/classrooms/room%401/board', { status: 400, code: 'id-not-opaque', field: 'id', value: 'room@1' }],
  ])('answers %s with what would be right', async (_, path, expected) => {
    await service.publish('other', renamed('x'));
    expect(problem(await service.send('GET', path))).toMatchObject(expected);
  });

  it('wants the course named where the classroom takes several', async () => {
    await service.publish('other', renamed('x'));
    await service.send('PUT', '/v1/classrooms/room-1/learners', { course: 'other', learners: ['ada'] });
    expect(problem(await service.send('GET', '/v1/classrooms/room-1/board'))).toMatchObject({ status: 400, code: 'missing-field', field: 'course', detail: 'course: it is missing; name one of small, other.' });
    expect(await get('/v1/classrooms/room-1/board?course=other')).toMatchObject({ learners: [{ learner: 'ada' }], totals: { learners: 1 } });
  });
});

describe('groups', () => {
  it('come with their reason, and with those who are left over', async () => {
    await service.answers('ada', right('a1', 8));
    await service.answers('bob', right('a1', 8));
    expect(await get('/v1/classrooms/room-1/groups')).toMatchObject({
      classroom: 'room-1',
      groups: [],
      suggestion: {
        kind: 'shared-gap',
        title: 'Small',
        groups: [{ group: 'shared-gap-1.b', title: 'B', learners: ['ada', 'bob'], reason: { key: 'group-not-begun', teacher: expect.stringContaining('B comes next') as string } }],
        notes: [{ learner: 'cyd', group: null, reason: { key: 'alone-own-gap' } }],
      },
    });
    expect(await get('/v1/classrooms/room-1/groups?kind=mixed-readiness&size=3')).toMatchObject({ suggestion: { kind: 'mixed-readiness', groups: [{ learners: ['ada', 'bob', 'cyd'] }], notes: [] } });
  });

  it('of no kind that there is are refused with the kinds that there are', async () => {
    expect(problem(await service.send('GET', '/v1/classrooms/room-1/groups?kind=ability'))).toMatchObject({ status: 400, code: 'out-of-range', field: 'kind', value: 'ability' });
    expect(problem(await service.send('GET', '/v1/classrooms/room-1/groups?size=9'))).toMatchObject({ status: 400, field: 'size', value: 9 });
  });
});
