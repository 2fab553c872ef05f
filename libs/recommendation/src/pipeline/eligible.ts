// Stage 3: which of the needed skills can come next at all, and what keeps the others away.
import type { ItemId, Plan, Reason, StrategySettings } from '@trellis/learning';
import { hash48 } from '@trellis/views';
import type { CourseMap, MappedItem, MappedSkill } from '../course-map.js';
import { reason } from '../reasons.js';
import type { Knowledge } from './knowledge.js';

export interface Eligibility {
  /** In learning order. */
  readonly eligible: readonly number[];
  /** What was kept away, with the reason. */
  readonly kept: readonly { readonly number: number; readonly reason: Reason }[];
}

/** What a teacher took out for this learner. */
export interface Exclusions {
  readonly items: ReadonlySet<number>;
  readonly skills: ReadonlySet<string>;
}

export function exclusionsOf({ excludedItems, excludedSkills }: Plan): Exclusions {
  return { items: new Set(excludedItems.map((item: ItemId) => hash48(item))), skills: new Set(excludedSkills) };
}

export function eligibility(
  map: CourseMap,
  needed: ReadonlySet<number>,
  { knowledge, gates, excluded }: { readonly knowledge: Knowledge; readonly gates: StrategySettings['gates']; readonly excluded: Exclusions },
): Eligibility {
  const eligible: number[] = [];
  const kept: { number: number; reason: Reason }[] = [];
  for (const number of map.learningOrder) {
    const skill = map.skills[number];
    if (skill === undefined || !needed.has(number)) continue;
    const { id, title } = skill.skill;
    if (excluded.skills.has(id)) kept.push({ number, reason: reason('excluded-by-teacher', { skill: id, title }) });
    else if (practicable(skill, excluded).length === 0) kept.push({ number, reason: reason(skill.practice.length + skill.lessons.length === 0 ? 'no-items' : 'excluded-by-teacher', { skill: id, title }) });
    else {
      const wall = wallOf(map, skill, { knowledge, gates, excluded });
      if (wall === null) eligible.push(number);
      else kept.push({ number, reason: reason('behind-a-wall', { skill: id, title, before: wall.skill.title, mastery: knowledge.states[wall.number]?.known ?? 0, goal: knowledge.marks[wall.number] ?? 1 }) });
    }
  }
  return { eligible, kept };
}

/** Its practice items; of a skill that has none, its lessons. */
export function practicable({ practice, lessons }: MappedSkill, { items }: Exclusions): readonly MappedItem[] {
  const all = practice.length > 0 ? practice : lessons;
  return items.size === 0 ? all : all.filter(({ hash }) => !items.has(hash));
}

/** The first prerequisite that has to be mastered before and is not. What cannot be practised is no wall: nobody would ever get past it. */
function wallOf(map: CourseMap, { prerequisites }: MappedSkill, { knowledge, gates, excluded }: { readonly knowledge: Knowledge; readonly gates: StrategySettings['gates']; readonly excluded: Exclusions }): MappedSkill | null {
  for (const { skill: number, strength } of prerequisites) {
    if (gates[strength] !== 'wall') continue;
    const before = map.skills[number];
    if (before === undefined || excluded.skills.has(before.skill.id) || practicable(before, excluded).length === 0) continue;
    const isPassed = knowledge.declared[number] === 1 || (knowledge.states[number]?.known ?? 0) >= (knowledge.marks[number] as number);
    if (!isPassed) return before;
  }
  return null;
}
