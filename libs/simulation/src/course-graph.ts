// A course as worlds need it: skills as numbers in course order, what each rests on, its section and how many items it has.
import type { CourseContent } from '@trellis/learning';

export interface CourseGraph {
  readonly skills: readonly string[];
  /** In course order; every link that the course has, hard or soft. */
  readonly prerequisites: readonly Int32Array[];
  /** Between the bounds below. */
  readonly items: Int32Array;
  /** In course order; skills of no section are in none. */
  readonly sections: readonly CourseSection[];
}

export interface CourseSection {
  readonly id: string;
  /** The number before the dot. */
  readonly chapter: number;
  readonly skills: Int32Array;
}

export const SKILL_ITEMS_MIN = 3;
export const SKILL_ITEMS_MAX = 40;

/** Throws where a skill comes before one that it rests on. */
export function courseGraph(course: CourseContent): CourseGraph {
  const numbers = new Map<string, number>(course.skills.map(({ id }, number) => [id, number]));
  const counts = new Int32Array(course.skills.length);
  for (const item of course.items) {
    for (const skill of new Set(item.skills)) {
      const number = numbers.get(skill);
      if (number !== undefined) counts[number] = (counts[number] ?? 0) + 1;
    }
  }
  return {
    skills: course.skills.map(({ id }) => id),
    prerequisites: course.skills.map(({ id, prerequisites }, number) => {
      const before = [...new Set(prerequisites.map(({ skill }) => numbers.get(skill) ?? Infinity))].sort((a, b) => a - b);
      const late = before.find((other) => other >= number);
      if (late !== undefined) throw new RangeError(`skill ${id} rests on ${course.skills[late]?.id ?? 'a skill that the course lacks'}, which does not come before it`);
      return Int32Array.from(before);
    }),
    items: counts.map((count) => Math.min(SKILL_ITEMS_MAX, Math.max(SKILL_ITEMS_MIN, count))),
    sections: sectionsOf(course),
  };
}

function sectionsOf({ skills }: CourseContent): CourseSection[] {
  const bySection = new Map<string, number[]>();
  for (const [number, { section }] of skills.entries()) {
    if (section === undefined) continue;
    const there = bySection.get(section);
    if (there === undefined) bySection.set(section, [number]);
    else there.push(number);
  }
  return [...bySection].map(([id, numbers]) => ({ id, chapter: Number.parseInt(id, 10), skills: Int32Array.from(numbers) }));
}
