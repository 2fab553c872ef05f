// Enrolment: the classroom's stream owns it, each learner's stream repeats it.
import { problem, renamed, running, type Running } from './testing.js';

const ROOM = '/v1/classrooms/room-1/learners';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('small');
});
afterEach(() => service.close());

const enrol = (body: unknown, path = ROOM): ReturnType<Running['send']> => service.send('PUT', path, body);
const enrolments = async (learner: string): Promise<unknown> => (await service.engine.recommender.learner('default' as never, learner as never)).state.enrolments;

it('enrols learners once, however often they are sent', async () => {
  expect((await enrol({ course: 'small', learners: ['ada', 'bob', 'ada'] })).json()).toEqual({ classroom: 'room-1', course: 'small', enrolled: 2, learners: 2 });
  expect((await enrol({ course: 'small', learners: ['bob', 'cyd'] })).json()).toEqual({ classroom: 'room-1', course: 'small', enrolled: 1, learners: 3 });
  expect(await enrolments('bob')).toEqual([{ classroom: 'room-1', course: 'small' }]);
});

it('keeps all of several requests that come at once', async () => {
  const replies = await Promise.all(['ada', 'bob', 'cyd', 'dan'].map((learner) => enrol({ course: 'small', learners: [learner, 'eve'] })));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect((await enrol({ course: 'small', learners: ['eve'] })).json()).toMatchObject({ enrolled: 0, learners: 5 });
  expect(await enrolments('eve')).toEqual([{ classroom: 'room-1', course: 'small' }]);
});

it('puts a learner into a second course beside the first', async () => {
  await service.publish('other', renamed('x'));
  await enrol({ course: 'small', learners: ['ada'] });
  await enrol({ course: 'other', learners: ['ada'] });
  expect(await enrolments('ada')).toEqual([{ classroom: 'room-1', course: 'small' }, { classroom: 'room-1', course: 'other' }]);
});

it.each([
  ['an unknown course', { course: 'large', learners: ['ada'] }, ROOM, { status: 422, code: 'unknown-course', field: 'course', value: 'large', detail: 'course: "large" is not published; publish it first.' }],
  ['a learner with @', { course: 'small', learners: ['ada', 'b@c.org'] }, ROOM, { status: 400, code: 'id-not-opaque', field: 'learners[1]', value: 'b@c.org' }],
  ['nobody', { course: 'small', learners: [] }, ROOM, { status: 400, code: 'out-of-range', field: 'learners', value: '[]', detail: 'learners is []; it must be an array, 1 to 500 entries.' }],
  ['a missing course', { learners: ['ada'] }, ROOM, { status: 400, code: 'missing-field', field: 'course' }],
  ['an unknown field', { course: 'small', learners: ['ada'], teacher: 't' }, ROOM, { status: 400, code: 'unknown-field', field: 'teacher', value: 't', detail: 'teacher is not known; known here: course, learners.' }],
  ['a classroom with a space', { course: 'small', learners: ['ada'] }, '/v1/classrooms/room%201/learners', { status: 400, code: 'id-not-opaque', field: 'id', value: 'room 1' }],
])('is refused with %s', async (_name, body, path, answer) => {
  expect(problem(await enrol(body, path))).toMatchObject(answer);
  expect(await enrolments('ada')).toEqual([]);
});

it('is refused where a classroom would grow too large', async () => {
  await enrol({ course: 'small', learners: Array.from({ length: 500 }, (_, at) => `learner-${at}`) });
  expect(problem(await enrol({ course: 'small', learners: ['ada'] }))).toEqual({
    status: 409, code: 'refused:classroom-full', field: 'learners', value: '["ada"]', detail: 'learners: classroom "room-1" would have 501; it may have 500.',
  });
});
