// What a course is made of, and what makes it whole.
import type { Refusal } from '@trellis/event-sourcing';
import type { AnswerKey } from './grading.js';
import type { ItemId, ObjectiveId, SkillId } from './ids.js';

export interface Prerequisite {
  readonly skill: SkillId;
  /** hard: to be known first; soft: better known first. */
  readonly strength: 'hard' | 'soft';
}

export interface Skill {
  readonly id: SkillId;
  readonly title: string;
  readonly section?: string;
  readonly prerequisites: readonly Prerequisite[];
  /** P(known) from which it counts as mastered. */
  readonly masteryAt?: number;
}

export interface Item {
  readonly id: ItemId;
  readonly title?: string;
  readonly skills: readonly SkillId[];
  readonly kind: 'practice' | 'lesson' | 'assessment';
  /** Logits above (harder) or below the average item. */
  readonly difficulty?: number;
  readonly tier?: 'support' | 'core' | 'extension';
  readonly modality?: string;
  readonly product?: string;
  readonly readingLevel?: number;
  readonly interests?: readonly string[];
  readonly minutes?: number;
  readonly variantOf?: ItemId;
  readonly key?: AnswerKey;
}

export interface Objective {
  readonly id: ObjectiveId;
  readonly title: string;
  readonly skills: readonly SkillId[];
}

export interface CourseContent {
  readonly title: string;
  readonly language: string;
  readonly licence?: string;
  readonly skills: readonly Skill[];
  readonly items: readonly Item[];
  readonly objectives: readonly Objective[];
}

export type CourseRefusal =
  | 'empty-course'
  | 'prerequisite-cycle'
  | 'dangling-skill'
  | 'item-without-skills'
  | 'dangling-item'
  | 'duplicate-id'
  | 'objective-without-skills';

/** The first thing that keeps a course from being taught, or null. */
export function flaw(course: CourseContent): Refusal<CourseRefusal> | null {
  if (course.skills.length === 0) return { refused: 'empty-course', detail: 'skills: the list is empty; a course needs at least one skill' };
  if (course.items.length === 0) return { refused: 'empty-course', detail: 'items: the list is empty; a course needs at least one item' };
  return repeatedId(course) ?? dangling(course) ?? cycleRefusal(course.skills);
}

function repeatedId({ skills, items, objectives }: CourseContent): Refusal<CourseRefusal> | null {
  for (const [name, list] of Object.entries({ skills, items, objectives })) {
    const seen = new Set<string>();
    for (const [at, { id }] of list.entries()) {
      if (seen.has(id)) return { refused: 'duplicate-id', detail: `${name}[${at}].id: "${id}" is used twice; ids are unique in a course` };
      seen.add(id);
    }
  }
  return null;
}

function dangling({ skills, items, objectives }: CourseContent): Refusal<CourseRefusal> | null {
  const known = new Set<string>(skills.map(({ id }) => id));
  const itemIds = new Set<string>(items.map(({ id }) => id));
  const missing = (skill: string, field: string): Refusal<CourseRefusal> => ({
    refused: 'dangling-skill',
    detail: `${field}: "${skill}" is not among the course's skills; add it to skills or leave it out here`,
  });
  for (const [at, { prerequisites }] of skills.entries()) {
    for (const [n, { skill }] of prerequisites.entries()) {
      if (!known.has(skill)) return missing(skill, `skills[${at}].prerequisites[${n}].skill`);
    }
  }
  for (const [at, item] of items.entries()) {
    if (item.skills.length === 0) {
      return { refused: 'item-without-skills', detail: `items[${at}].skills: item "${item.id}" names no skill; every item needs at least one` };
    }
    for (const [n, skill] of item.skills.entries()) if (!known.has(skill)) return missing(skill, `items[${at}].skills[${n}]`);
    if (item.variantOf !== undefined && !itemIds.has(item.variantOf)) {
      return { refused: 'dangling-item', detail: `items[${at}].variantOf: "${item.variantOf}" is not among the course's items; add it to items or leave it out here` };
    }
  }
  for (const [at, objective] of objectives.entries()) {
    if (objective.skills.length === 0) {
      return { refused: 'objective-without-skills', detail: `objectives[${at}].skills: objective "${objective.id}" names no skill` };
    }
    for (const [n, skill] of objective.skills.entries()) if (!known.has(skill)) return missing(skill, `objectives[${at}].skills[${n}]`);
  }
  return null;
}

function cycleRefusal(skills: readonly Skill[]): Refusal<CourseRefusal> | null {
  const cycle = prerequisiteCycle(skills);
  if (cycle === null) return null;
  return { refused: 'prerequisite-cycle', detail: `skills: ${cycle.join(' -> ')} is a cycle of prerequisites; take one of its links out` };
}

/** Skills that need each other in a circle, the first repeated at the end; null where there is none. */
export function prerequisiteCycle(skills: readonly Skill[]): readonly SkillId[] | null {
  const bySkill = new Map(skills.map((skill) => [skill.id, skill]));
  const done = new Set<SkillId>();
  // Depth first without recursion: a chain of prerequisites may be longer than the call stack.
  for (const { id } of skills) {
    const path: SkillId[] = [];
    const onPath = new Set<SkillId>();
    const toVisit: { skill: SkillId; leave: boolean }[] = [{ skill: id, leave: false }];
    for (let step = toVisit.pop(); step !== undefined; step = toVisit.pop()) {
      const { skill, leave } = step;
      if (leave) {
        path.pop();
        onPath.delete(skill);
        done.add(skill);
      } else if (onPath.has(skill)) {
        return [...path.slice(path.indexOf(skill)), skill];
      } else if (!done.has(skill)) {
        path.push(skill);
        onPath.add(skill);
        toVisit.push({ skill, leave: true });
        for (const { skill: needed } of bySkill.get(skill)?.prerequisites ?? []) toVisit.push({ skill: needed, leave: false });
      }
    }
  }
  return null;
}
