import { NO_CLASSROOM, type ClassroomId, type CourseId, type CoursePublished, type LearnerId } from '@trellis/learning';
import { classroomView, courseView } from './aggregate-view.js';
import { content, enrolment, envelope } from './testing/events.js';

const part = (n: number, change: Partial<CoursePublished['data']>): ReturnType<typeof envelope> =>
  envelope(n, { type: 'CoursePublished', data: { version: 1, part: 1, parts: 1, ...content({ i1: ['fractions'] }), ...change } });

describe('the row of a course', () => {
  it('is the state of its decider, also halfway through a version', () => {
    for (const events of [[], [part(0, {})], [part(0, {}), part(1, { version: 2, part: 1, parts: 3 })]]) {
      const state = courseView.refold('default.algebra', events);
      expect(courseView.decode(courseView.encode(state), '')).toEqual(state);
    }
  });

  it('is the same folded one by one and from the stream', () => {
    const events = [part(0, {}), part(1, { version: 2, parts: 2 }), part(2, { version: 2, part: 2, parts: 2, skills: [], items: [] })];
    let state = courseView.initial('default.algebra');
    for (const event of events) {
      const next = courseView.fold(state, event);
      if (next === 'late') throw new Error('a decision was late');
      state = courseView.decode(courseView.encode(next), '');
    }
    expect(state).toEqual(courseView.refold('default.algebra', events));
    expect(state.version).toBe(2);
  });
});

describe('the row of a classroom', () => {
  it('is its roster and how teaching is arranged', () => {
    const state = classroomView.refold('default.room-1', [enrolment(0, 'room-1', 'algebra'), enrolment(1, 'room-1', 'geometry')]);
    const again = classroomView.decode(classroomView.encode(state), '');
    expect(again).toEqual({ ...NO_CLASSROOM, roster: new Map([['ana' as LearnerId, ['algebra', 'geometry'] as CourseId[]]]) });
    expect(classroomView.decode(classroomView.encode(classroomView.initial('default.room-1' as ClassroomId)), '')).toEqual(NO_CLASSROOM);
  });
});
