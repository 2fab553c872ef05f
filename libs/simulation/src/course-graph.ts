// The course that the simulated students learn: skills in course order, what builds on what, and how many items each has.
import type { CourseContent } from '@trellis/learning';

export interface CourseGraph {
  readonly ids: readonly string[];
  /** By place in course order: direct prerequisites and successors, ascending. */
  readonly before: readonly Int32Array[];
  readonly next: readonly Int32Array[];
  /** Items that a student meets at most. */
  readonly items: Int32Array;
  /** Skills of each section that may be a target: those of the chapters after the first. */
  readonly sections: readonly (readonly number[])[];
}

const ITEMS_MIN = 3;
const ITEMS_MAX = 40;
/** Its skills lead to targets and are none: what a course begins with. */
const FIRST_CHAPTER = '1';

export function courseGraph({ skills, items }: CourseContent): CourseGraph {
  const placeOf = new Map(skills.map(({ id }, place) => [id, place]));
  const before = skills.map(({ prerequisites }) => Int32Array.from(prerequisites.map(({ skill }) => placeOf.get(skill) ?? 0)).sort());
  const next: number[][] = skills.map(() => []);
  for (const [place, list] of before.entries()) for (const each of list) next[each]?.push(place);
  const counts = new Int32Array(skills.length);
  for (const item of items) for (const skill of item.skills) counts[placeOf.get(skill) ?? 0] = (counts[placeOf.get(skill) ?? 0] ?? 0) + 1;
  const sections = new Map<string, number[]>();
  for (const [place, { section = '' }] of skills.entries()) {
    if (section === '' || section.split('.')[0] === FIRST_CHAPTER) continue;
    sections.set(section, [...(sections.get(section) ?? []), place]);
  }
  return {
    ids: skills.map(({ id }) => id),
    before,
    next: next.map((list) => Int32Array.from(list).sort()),
    items: counts.map((count) => Math.min(ITEMS_MAX, Math.max(ITEMS_MIN, count))),
    sections: [...sections.values()],
  };
}
