// Stage 3: which of the needed skills can come next at all, and what keeps the others away.
import type { ItemId, Plan, Reason, StrategySettings } from '@trellis/learning';
import { hash48 } from '@trellis/views';
import type { CourseMap, MappedItem, MappedSkill } from '../course-map.js';
import { reason } from '../reasons.js';
import type { Knowledge } from './knowledge.js';

export interface Eligibility {
  /** In learning order. */
  readonly eligible: readonly number[];
  /** What was kept away, in learning order; `whyKept` says why. */
  readonly kept: readonly number[];
}

/** What a teacher took out for this learner. */
export interface Exclusions {
  readonly items: ReadonlySet<number>;
  readonly skills: ReadonlySet<string>;
}

export function exclusionsOf({ excludedItems, excludedSkills }: Plan): Exclusions {
  return { items: new Set(excludedItems.map((item: ItemId) => hash48(item))), skills: new Set(excludedSkills) };
}

/** What decides whether a skill can come next. */
export interface Gatekeeping {
  readonly map: CourseMap;
  readonly knowledge: Pick<Knowledge, 'states' | 'declared' | 'marks'>;
  readonly gates: StrategySettings['gates'];
  readonly excluded: Exclusions;
}

/** `path`: the needed skills, in learning order. */
export function eligibility(gatekeeping: Gatekeeping, path: readonly number[]): Eligibility {
  const { skills } = gatekeeping.map;
  const eligible: number[] = [];
  const kept: number[] = [];
  for (const number of path) (isEligible(gatekeeping, skills[number] as MappedSkill) ? eligible : kept).push(number);
  return { eligible, kept };
}

export function isEligible(gatekeeping: Gatekeeping, skill: MappedSkill): boolean {
  return !isOut(skill, gatekeeping.excluded) && wallOf(gatekeeping, skill) === null;
}

/** Of a skill that was kept away. */
export function whyKept(gatekeeping: Gatekeeping, number: number): Reason {
  const { map, knowledge, excluded } = gatekeeping;
  const mapped = map.skills[number];
  if (mapped === undefined) return reason('no-items', {});
  const { id: skill, title } = mapped.skill;
  if (isOut(mapped, excluded)) return reason(!excluded.skills.has(skill) && mapped.practice.length + mapped.lessons.length === 0 ? 'no-items' : 'excluded-by-teacher', { skill, title });
  const wall = wallOf(gatekeeping, mapped);
  return reason('behind-a-wall', { skill, title, before: wall?.skill.title ?? '', mastery: knowledge.states[wall?.number ?? -1]?.known ?? 0, goal: knowledge.marks[wall?.number ?? -1] ?? 1 });
}

/** Taken out, or without anything to practise. */
function isOut(skill: MappedSkill, excluded: Exclusions): boolean {
  if (excluded.skills.has(skill.skill.id)) return true;
  return excluded.items.size === 0 ? skill.practice.length + skill.lessons.length === 0 : practicable(skill, excluded).length === 0;
}

/** Its practice items; of a skill that has none, its lessons. */
export function practicable({ practice, lessons }: MappedSkill, { items }: Exclusions): readonly MappedItem[] {
  const all = practice.length > 0 ? practice : lessons;
  return items.size === 0 ? all : all.filter(({ hash }) => !items.has(hash));
}

/** The first prerequisite that has to be mastered before and is not. What cannot be practised is no wall: nobody would ever get past it. */
function wallOf({ map, knowledge, gates, excluded }: Gatekeeping, { prerequisites }: MappedSkill): MappedSkill | null {
  for (const { skill: number, strength } of prerequisites) {
    if (gates[strength] !== 'wall') continue;
    const isPassed = knowledge.declared[number] === 1 || (knowledge.states[number]?.known ?? 0) >= (knowledge.marks[number] as number);
    if (isPassed) continue;
    const before = map.skills[number];
    if (before !== undefined && !isOut(before, excluded)) return before;
  }
  return null;
}
