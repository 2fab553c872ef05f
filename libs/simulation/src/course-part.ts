// The part of a course that one student is to reach: three sections drawn as targets, and all that they rest on.
import type { CourseGraph, CourseSection } from './course-graph.js';
import { uniform } from './random.js';

export interface CoursePart {
  /** The skills' numbers in the course, ascending. */
  readonly ids: Int32Array;
  readonly target: Uint8Array;
  /** As places in `ids`. */
  readonly prerequisites: readonly Int32Array[];
  readonly items: Int32Array;
}

/** Sections drawn for each student; a course should have at least as many to draw from. */
export const TARGET_SECTIONS = 3;
const TARGET_CHAPTER_MIN = 2;
const TARGET_CHAPTER_MAX = 10;
const TARGET_STREAM = 60;

/** Those that targets are drawn from. */
export function targetSections({ sections }: CourseGraph): readonly CourseSection[] {
  return sections.filter(({ chapter }) => chapter >= TARGET_CHAPTER_MIN && chapter <= TARGET_CHAPTER_MAX);
}

export function coursePart(course: CourseGraph, seed: number): CoursePart {
  const isTarget = new Uint8Array(course.skills.length);
  const left = [...targetSections(course)];
  for (let drawn = 0; drawn < TARGET_SECTIONS && left.length > 0; drawn++) {
    const [section] = left.splice(Math.floor(left.length * uniform(seed, TARGET_STREAM, drawn, 0)), 1) as [CourseSection];
    for (const skill of section.skills) isTarget[skill] = 1;
  }
  const isNeeded = Uint8Array.from(isTarget);
  const places = new Int32Array(isNeeded.length);
  const ids: number[] = [];
  for (let skill = isNeeded.length - 1; skill >= 0; skill--) {
    if (isNeeded[skill] === 1) for (const before of course.prerequisites[skill] ?? []) isNeeded[before] = 1;
  }
  for (let skill = 0; skill < isNeeded.length; skill++) {
    if (isNeeded[skill] === 1) places[skill] = ids.push(skill) - 1;
  }
  return {
    ids: Int32Array.from(ids),
    target: Uint8Array.from(ids, (skill) => isTarget[skill] ?? 0),
    prerequisites: ids.map((skill) => (course.prerequisites[skill] ?? new Int32Array()).map((before) => places[before] ?? 0)),
    items: Int32Array.from(ids, (skill) => course.items[skill] ?? 0),
  };
}
