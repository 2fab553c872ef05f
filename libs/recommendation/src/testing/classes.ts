// Classes of learners, for specs.
import { NO_CLASSROOM, NO_PLAN, type Classroom, type ClassroomId, type CourseId, type LearnerId, type Plan } from '@trellis/learning';
import type { LearnerState, PublishedCourse, Sitting, Told } from '@trellis/views';
import { courseMap } from '../course-map.js';
import type { ClassroomSituation } from '../situation.js';
import { courseOf, learnerWith, NOW, type Past } from './situations.js';
import type { ClassQuestion, Member } from '../classroom/board.js';
import { standingOf, type Standing } from '../classroom/standing.js';

// The casts of this file name things: every text here keeps to the pattern of its kind.

/** `a` then `b` then `c`; `x` beside them. */
export const CHAIN = courseOf({ skills: { a: [], b: ['a'], c: ['b'], x: [] }, objectives: { basics: ['a', 'b'], all: ['c', 'x'] } });

export interface MemberPast extends Past {
  readonly sitting?: Partial<Sitting>;
  readonly told?: Partial<Told>;
  readonly plan?: Partial<Plan>;
}

export const MASTERED = { known: 0.99, answers: 6, right: 6, stability: 30, difficulty: 5 } as const;

export function stateOf({ sitting, told, plan, ...past }: MemberPast = {}): LearnerState {
  const state = learnerWith(past);
  Object.assign(state.sitting, sitting);
  state.told = { ...state.told, ...told };
  state.plan = { ...NO_PLAN, ...plan };
  return state;
}

export function memberOf(learner: string, past: MemberPast = {}): Member {
  return { learner: learner as LearnerId, state: stateOf(past) };
}

export function classroomWith(change: Partial<Classroom> = {}): ClassroomSituation {
  return { id: 'room-1' as ClassroomId, revision: 3, state: { ...NO_CLASSROOM, ...change } };
}

/** The class works towards an objective of `CHAIN`. */
export function towards(objective: string, change: Partial<Classroom> = {}): ClassroomSituation {
  return classroomWith({ objectives: [{ course: 'algebra' as CourseId, objective: objective as never, locked: false }], strategy: { preset: 'differentiated' }, ...change });
}

export function classOf(members: { readonly [learner: string]: MemberPast }, { classroom = classroomWith(), course = CHAIN, now = NOW }: { classroom?: ClassroomSituation; course?: PublishedCourse; now?: number } = {}): ClassQuestion {
  return { map: courseMap(course), classroom, members: Object.entries(members).map(([learner, past]) => memberOf(learner, past)), now };
}

export function standingWith(past: MemberPast = {}, { course = CHAIN, classroom = null, now = NOW }: { course?: PublishedCourse; classroom?: ClassroomSituation | null; now?: number } = {}): Standing {
  return standingOf({ learner: 'ada' as LearnerId, state: stateOf(past), map: courseMap(course), classroom, now });
}
