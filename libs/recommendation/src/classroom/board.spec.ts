import { CLASSROOM_LEARNERS_MAX } from '@trellis/learning';
import { classOf, classroomWith, MASTERED, towards, type MemberPast } from '../testing/classes.js';
import { DAY, NOW } from '../testing/situations.js';
import { classBoard, type BoardRow } from './board.js';

const rowOf = (past: MemberPast, classroom = classroomWith()): BoardRow => classBoard(classOf({ ada: past }, { classroom })).learners[0] as BoardRow;
const flags = (past: MemberPast): readonly string[] => rowOf(past).flags.map(({ flag }) => flag);

it('shows what each works towards, how far, and what they work on now', () => {
  const board = classBoard(classOf({ ada: { skills: { a: MASTERED } }, bob: {} }, { classroom: towards('basics') }));
  expect(board).toMatchObject({ classroom: 'room-1', course: 'algebra', objective: { objective: 'basics', title: 'basics', locked: false } });
  expect(board.learners).toMatchObject([
    { learner: 'ada', aim: { objective: 'basics', by: 'classroom', mastered: 1, needed: 2 }, strategy: { source: 'classroom' } },
    { learner: 'bob', aim: { mastered: 0, needed: 2 }, working: null, group: null, flags: [] },
  ]);
  expect(board.totals).toMatchObject({ learners: 2, done: 0, mastered: 0.25 });
});

it('flags the stuck with their evidence, the gravest first', () => {
  const { flags: all } = rowOf({ skills: { a: { known: 0.2, pauses: 3, answers: 14, right: 3, lastAt: NOW - 2 * DAY }, x: { known: 0.2, pauses: 5, answers: 20, right: 2 } } });
  expect(all).toMatchObject([
    { flag: 'stuck', skill: 'x', reason: { params: { title: 'X', pauses: 5, answers: 20, right: 2, days: 1 } } },
    { flag: 'stuck', skill: 'a', since: NOW - 2 * DAY, reason: { key: 'flag-stuck', params: { pauses: 3, days: 2 } } },
  ]);
});

it('calls nobody stuck who got through, or of whom a person says so', () => {
  expect(flags({ skills: { a: { ...MASTERED, pauses: 4 } } })).toEqual([]);
  expect(flags({ skills: { a: { known: 0.2, pauses: 4 } }, plan: { attested: [{ skill: 'a', mastered: true, by: 'teacher' }] as never } })).toEqual([]);
});

it('follows the number of pauses that the strategy names', () => {
  const past: MemberPast = { skills: { a: { known: 0.2, pauses: 2, answers: 9 } } };
  expect(flags(past)).toEqual([]);
  expect(rowOf(past, classroomWith({ strategy: { preset: 'individualized', settings: { stuckAfter: 2 } } })).flags).toMatchObject([{ flag: 'stuck' }]);
});

it.each<[string, MemberPast]>([
  ['wheel-spinning', { skills: { a: { known: 0.4, answers: 12, right: 6, streak: 1 } } }],
  ['rapid', { sitting: { lastAnswerAt: NOW - DAY / 4, startedAt: NOW - DAY / 4, answers: 10, rapid: 5 } }],
  ['idle', { sitting: { lastAnswerAt: NOW - 15 * 60_000 }, told: { session: { session: 's', at: NOW - 30 * 60_000 } } }],
  ['surer', { skills: { a: { known: 0.3, answers: 6 } }, told: { selfAssessed: [{ skill: 'a' as never, level: 1, at: NOW }] } }],
  ['less-sure', { skills: { a: { known: 0.9, answers: 6 } }, told: { selfAssessed: [{ skill: 'a' as never, level: 0.1, at: NOW }] } }],
  ['paused', { plan: { paused: { by: 'teacher' } } }],
])('flags %s', (flag, past) => {
  expect(flags(past)).toEqual([flag]);
  expect(flags({ ...past, skills: {}, sitting: { lastAnswerAt: NOW - 3 * DAY, rapid: 5, answers: 10 }, told: {}, plan: {} })).toEqual([]);
});

it('flags who is behind or ahead of the calendar, and many reviews', () => {
  const calendar = [{ course: 'algebra', entries: [{ objective: 'basics', due: NOW + DAY }, { objective: 'all', due: NOW + 20 * DAY }] }] as never;
  const all = { a: MASTERED, b: MASTERED, c: MASTERED, x: MASTERED };
  const board = classBoard(classOf({ ada: { sitting: { firstAnswerAt: NOW - 9 * DAY } }, bob: { skills: all } }, { classroom: classroomWith({ calendar }) }));
  expect(board.learners).toMatchObject([{ calendarDays: -9, flags: [{ flag: 'behind' }] }, { calendarDays: 20, flags: [{ flag: 'ahead' }] }]);
  expect(board.totals).toMatchObject({ done: 1, flags: { behind: 1, ahead: 1 } });
});

it('has an answer for an empty class, and reads no more learners than a classroom may have', () => {
  expect(classBoard(classOf({}))).toMatchObject({ learners: [], totals: { learners: 0, done: 0, mastered: 0 }, pace: { actual: 0 } });
  const many = Object.fromEntries(Array.from({ length: CLASSROOM_LEARNERS_MAX + 5 }, (_, n) => [`l${n}`, {}]));
  expect(classBoard(classOf(many)).learners).toHaveLength(CLASSROOM_LEARNERS_MAX);
});
