// Small courses and learners, for specs.
import type { EventId } from '@trellis/event-sourcing';
import { NO_CLASSROOM, NO_PLAN, type Classroom, type ClassroomId, type CourseId, type Item, type ItemId, type LearnerId, type ObjectiveId, type Plan, type Skill, type SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { hash48, newLearner, newSkill, NOTHING_TOLD, type Current, type LearnerState, type PublishedCourse, type SkillState, type Told } from '@trellis/views';
import { courseMap } from '../course-map.js';
import type { Situation } from '../situation.js';

// The casts of this file name things: every text here keeps to the pattern of its kind.

export const NOW = Date.UTC(2026, 2, 2, 8);
export const DAY = 24 * 3_600_000;

export interface CoursePlan {
  /** Each skill with its prerequisites; `~a` is a soft one. */
  readonly skills: { readonly [skill: string]: readonly string[] };
  /** Each item with its skills; without any plan: two a skill, `a1` and `a2`. */
  readonly items?: { readonly [item: string]: readonly string[] };
  readonly lessons?: { readonly [item: string]: readonly string[] };
  readonly objectives?: { readonly [objective: string]: readonly string[] };
  readonly change?: (item: Item) => Item;
  readonly marks?: { readonly [skill: string]: number };
  readonly version?: number;
}

export function courseOf({ skills: plan, items, lessons = {}, objectives = {}, change = (item) => item, marks = {}, version = 1 }: CoursePlan): PublishedCourse {
  const ids = Object.keys(plan);
  const two = Object.fromEntries(ids.flatMap((id) => [[`${id}1`, [id]], [`${id}2`, [id]]]));
  const skills = ids.map((id): Skill => ({
    id: id as SkillId,
    title: id.toUpperCase(),
    prerequisites: (plan[id] ?? []).map((text) => ({ skill: text.replace('~', '') as SkillId, strength: text.startsWith('~') ? 'soft' : 'hard' })),
    ...(marks[id] === undefined ? {} : { masteryAt: marks[id] }),
  }));
  const listed = (of: { readonly [item: string]: readonly string[] }, kind: Item['kind']): Item[] =>
    Object.entries(of).map(([id, on]) => change({ id: id as ItemId, skills: on as SkillId[], kind }));
  const all = [...listed(items ?? two, 'practice'), ...listed(lessons, 'lesson')];
  return {
    id: 'algebra' as CourseId,
    version,
    content: {
      title: 'Algebra',
      language: 'en',
      skills,
      items: all,
      objectives: Object.entries(objectives).map(([id, on]) => ({ id: id as ObjectiveId, title: id, skills: on as SkillId[] })),
    },
    items: new Map(all.map((item) => [item.id, item])),
    skills: new Set(skills.map(({ id }) => id)),
  };
}

export interface Past {
  readonly skills?: { readonly [skill: string]: Partial<SkillState> };
  /** All answers so far. */
  readonly answers?: number;
  /** Items that were looked at, and the ordinals of their answers. */
  readonly items?: { readonly [item: string]: readonly number[] };
  /** Items of recommendations that are still open. */
  readonly offered?: readonly (readonly string[])[];
  readonly plan?: Partial<Plan>;
  readonly told?: Partial<Told>;
  readonly current?: Current;
  /** When the newest answer was. */
  readonly lastAt?: number;
}

export function learnerWith({ skills = {}, answers = 0, items = {}, offered = [], plan = {}, told = {}, current, lastAt }: Past = {}): LearnerState {
  const state = newLearner(DEFAULT_CALIBRATION);
  state.plan = { ...NO_PLAN, ...plan };
  state.told = { ...NOTHING_TOLD, ...told };
  state.current = current ?? null;
  if (lastAt !== undefined) state.newest = { at: lastAt, sequence: 0, id: '' as EventId };
  state.answers = answers;
  for (const [id, change] of Object.entries(skills)) {
    const unseen = newSkill(DEFAULT_CALIBRATION);
    // What is known is remembered, unless the plan says otherwise.
    state.skills.set(id as SkillId, { ...unseen, answers: 4, lastAt: NOW - DAY, unrecalled: 1 - (change.known ?? unseen.known), ...change });
  }
  for (const [item, ordinals] of Object.entries(items)) {
    state.items.see(hash48(item));
    for (const ordinal of ordinals) state.items.add(hash48(item), true, ordinal);
  }
  for (const [at, all] of offered.entries()) state.offered.push({ recommendation: at + 1, revision: at, items: all.map(hash48) });
  return state;
}

export interface Plot {
  readonly course: PublishedCourse;
  readonly past?: Past;
  readonly classroom?: Partial<Classroom>;
  readonly change?: Partial<Situation>;
}

/** A learner in front of a course, at `NOW`. */
export function situationOf({ course, past = {}, classroom, change = {} }: Plot): Situation {
  const inRoom = classroom === undefined ? null : { id: 'room' as ClassroomId, revision: 3, state: { ...NO_CLASSROOM, ...classroom } };
  return { learner: 'ana' as LearnerId, state: learnerWith(past), classroom: inRoom, map: courseMap(course), calibration: DEFAULT_CALIBRATION, now: NOW, seed: 1, count: 1, ...change };
}
