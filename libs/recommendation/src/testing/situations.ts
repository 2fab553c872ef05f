// Small courses and learners, for specs.
import type { CourseId, Item, ItemId, ObjectiveId, Skill, SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { hash48, newLearner, newSkill, type LearnerState, type PublishedCourse, type SkillState } from '@trellis/views';

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
  /** Items and the ordinals of their answers. */
  readonly items?: { readonly [item: string]: readonly number[] };
  /** Items of recommendations that are still open. */
  readonly offered?: readonly (readonly string[])[];
}

export function learnerWith({ skills = {}, answers = 0, items = {}, offered = [] }: Past = {}): LearnerState {
  const state = newLearner(DEFAULT_CALIBRATION);
  state.answers = answers;
  for (const [id, change] of Object.entries(skills)) {
    const unseen = newSkill(DEFAULT_CALIBRATION);
    // What is known is remembered, unless the plan says otherwise.
    state.skills.set(id as SkillId, { ...unseen, answers: 4, lastAt: NOW - DAY, unrecalled: 1 - (change.known ?? unseen.known), ...change });
  }
  for (const [item, ordinals] of Object.entries(items)) for (const ordinal of ordinals) state.items.add(hash48(item), true, ordinal);
  for (const [at, all] of offered.entries()) state.offered.push({ recommendation: at + 1, revision: at, items: all.map(hash48) });
  return state;
}
