import fc from 'fast-check';
import { live, specFor } from '@trellis/event-sourcing/testing';
import { classroom, type EnrolLearners } from './classroom.js';
import { CLASSROOM_LEARNERS_MAX, LEARNER_COURSES_MAX, type Classroom, type LearnerEnrolled } from './classroom-events.js';
import type { ClassroomId, CourseId, LearnerId } from './ids.js';

const given = specFor(classroom);

// Casts: the texts keep to the patterns of their kinds.
const room = 'room-1' as ClassroomId;
const enrol = (course: string, ...learners: readonly string[]): EnrolLearners => ({ type: 'EnrolLearners', classroom: room, course: course as CourseId, learners: learners as LearnerId[] });
const enrolled = (course: string, learner: string): LearnerEnrolled => ({ type: 'LearnerEnrolled', data: { learner: learner as LearnerId, classroom: room, course: course as CourseId } });
const many = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => `learner-${from + n}`);

describe('enrolling learners', () => {
  it('records each', () => given().when(enrol('algebra', 'ana', 'ben')).then(enrolled('algebra', 'ana'), enrolled('algebra', 'ben')));
  it('records one who is named twice once', () => given().when(enrol('algebra', 'ana', 'ana')).then(enrolled('algebra', 'ana')));
  it('does nothing for those who are enrolled', () => given(enrolled('algebra', 'ana')).when(enrol('algebra', 'ana')).thenNothing());
  it('records only who is new', () => given(enrolled('algebra', 'ana')).when(enrol('algebra', 'ana', 'ben')).then(enrolled('algebra', 'ben')));
  it('records another course of the same learner', () => given(enrolled('algebra', 'ana')).when(enrol('geometry', 'ana')).then(enrolled('geometry', 'ana')));
  it('does nothing for nobody', () => given().when(enrol('algebra')).thenNothing());
});

describe('a full classroom', () => {
  const full = many(CLASSROOM_LEARNERS_MAX).map((learner) => enrolled('algebra', learner));

  it('takes as many as it may have', () => given(...full.slice(1)).when(enrol('algebra', 'learner-0')).then(enrolled('algebra', 'learner-0')));
  it('refuses one more', () => given(...full).when(enrol('algebra', 'one-more')).thenRefused('classroom-full'));
  it('refuses a list that is too long, whole', () => given().when(enrol('algebra', ...many(501))).thenRefused('classroom-full'));
  it('lets those who are in it take another course', () => given(...full).when(enrol('geometry', 'learner-7')).then(enrolled('geometry', 'learner-7')));
  it('says how many there would be', () => {
    expect(classroom.decide(enrol('algebra', ...many(502)), classroom.initial)).toEqual({
      refused: 'classroom-full',
      detail: 'learners: classroom "room-1" would have 502; it may have 500',
    });
  });
});

describe('a learner with many courses', () => {
  const busy = many(LEARNER_COURSES_MAX).map((course) => enrolled(course, 'ana'));

  it('is refused one more', () => given(...busy).when(enrol('one-more', 'ben', 'ana')).thenRefused('too-many-courses'));
  it('may be enrolled again in what is there', () => given(...busy).when(enrol('learner-3', 'ana')).thenNothing());
  it('is named', () => {
    expect(classroom.decide(enrol('one-more', 'ana'), busy.reduce(classroom.evolve, classroom.initial))).toMatchObject({ detail: 'learners: "ana" takes 20 courses here already' });
  });
});

describe('laws', () => {
  const command = fc.record({ course: fc.constantFrom('algebra', 'geometry', 'physics'), learners: fc.array(fc.constantFrom('ana', 'ben', 'cem', 'dia'), { maxLength: 5 }) }).map(({ course, learners }) => enrol(course, ...learners));

  it('accepts any command a second time without a second event', () => {
    fc.assert(fc.property(fc.array(command), command, (before, last) => {
      const again = classroom.decide(last, live(classroom, [...before, last]));
      expect('refused' in again || again.length === 0).toBe(true);
    }));
  });

  it('passes over events that are not its own', () => {
    const state: Classroom = [enrolled('algebra', 'ana')].reduce(classroom.evolve, classroom.initial);
    expect(classroom.evolve(state, { type: 'CoursePublished', data: {} })).toBe(state);
  });
});
