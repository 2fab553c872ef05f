// A course as a graph of numbered skills: made once a version, read at every choice.
import type { Item, ObjectiveId, Prerequisite, Skill, SkillId } from '@trellis/learning';
import { hash48, type PublishedCourse } from '@trellis/views';

export interface MappedItem {
  readonly item: Item;
  /** Its place in the learner's item table. */
  readonly hash: number;
}

export interface MappedSkill {
  /** In course order. */
  readonly number: number;
  readonly skill: Skill;
  readonly prerequisites: readonly { readonly skill: number; readonly strength: Prerequisite['strength'] }[];
  /** The numbers of its prerequisites alone. */
  readonly before: readonly number[];
  readonly successors: readonly number[];
  /** What can be practised; lessons apart. */
  readonly practice: readonly MappedItem[];
  readonly lessons: readonly MappedItem[];
}

export interface CourseMap {
  readonly course: PublishedCourse;
  readonly skills: readonly MappedSkill[];
  /** Every skill after its prerequisites; course order where the graph leaves it open. */
  readonly learningOrder: readonly number[];
  readonly numberOf: ReadonlyMap<SkillId, number>;
}

const maps = new WeakMap<PublishedCourse, CourseMap>();

export function courseMap(course: PublishedCourse): CourseMap {
  const known = maps.get(course);
  if (known !== undefined) return known;
  const made = mapped(course);
  maps.set(course, made);
  return made;
}

function mapped(course: PublishedCourse): CourseMap {
  const { skills, items } = course.content;
  const numberOf = new Map(skills.map(({ id }, number) => [id, number]));
  // A published course has no dangling skill.
  const place = (id: SkillId): number => numberOf.get(id) ?? 0;
  const successors: number[][] = skills.map(() => []);
  for (const [number, { prerequisites }] of skills.entries()) for (const { skill } of prerequisites) successors[place(skill)]?.push(number);
  const practice: MappedItem[][] = skills.map(() => []);
  const lessons: MappedItem[][] = skills.map(() => []);
  for (const item of items) {
    // Assessment items are kept for assessments: practised ones measure nothing.
    if (item.kind === 'assessment') continue;
    for (const skill of item.skills) (item.kind === 'lesson' ? lessons : practice)[place(skill)]?.push({ item, hash: hash48(item.id) });
  }
  return {
    course,
    numberOf,
    skills: skills.map((skill, number) => ({
      number,
      skill,
      prerequisites: skill.prerequisites.map(({ skill: needed, strength }) => ({ skill: place(needed), strength })),
      before: skill.prerequisites.map(({ skill: needed }) => place(needed)),
      successors: successors[number] ?? [],
      practice: practice[number] ?? [],
      lessons: lessons[number] ?? [],
    })),
    learningOrder: learningOrder(skills.map(({ prerequisites }) => prerequisites.map(({ skill }) => place(skill)))),
  };
}

/** Kahn's algorithm, always taking the first skill in course order that is free. */
function learningOrder(prerequisites: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const placed = new Set<number>();
  const visit = (start: number): void => {
    const path = [start];
    for (let skill = path.at(-1); skill !== undefined; skill = path.at(-1)) {
      const missing = prerequisites[skill]?.find((needed) => !placed.has(needed));
      if (missing !== undefined) path.push(missing);
      else {
        if (!placed.has(skill)) order.push(skill);
        placed.add(skill);
        path.pop();
      }
    }
  };
  for (const skill of prerequisites.keys()) if (!placed.has(skill)) visit(skill);
  return order;
}

export interface Needed {
  readonly targets: ReadonlySet<number>;
  readonly needed: ReadonlySet<number>;
  /** The needed ones in learning order. */
  readonly path: readonly number[];
}

/** By objective; a course has few, and an id that is none of them gives the whole course. */
const needs = new WeakMap<CourseMap, Map<ObjectiveId | undefined, Needed>>();

/** What an objective asks for, and all that leads there. Without an objective: the whole course. */
export function neededSkills(map: CourseMap, objective: ObjectiveId | undefined): Needed {
  const asked = map.course.content.objectives.find(({ id }) => id === objective);
  const known = needs.get(map) ?? new Map<ObjectiveId | undefined, Needed>();
  const found = known.get(asked?.id);
  if (found !== undefined) return found;
  const made = leadingTo(map, asked === undefined ? map.skills.keys() : asked.skills.map((skill) => map.numberOf.get(skill) ?? 0));
  needs.set(map, known.set(asked?.id, made));
  return made;
}

/** Some skills and all that leads there. */
export function leadingTo(map: CourseMap, targets: Iterable<number>): Needed {
  const needed = new Set(targets);
  const asked = new Set(needed);
  // A set lists what is added while it is walked.
  for (const skill of needed) for (const before of map.skills[skill]?.before ?? []) needed.add(before);
  return { targets: asked, needed, path: map.learningOrder.filter((number) => needed.has(number)) };
}

const around = new WeakMap<CourseMap, (Uint8Array | undefined)[]>();

/** 1: a skill that leads to this one, however far before it, or builds on it directly: what changes its score when this one is mastered. */
export function touchedBy(map: CourseMap, number: number): Uint8Array {
  const known = around.get(map) ?? [];
  const found = known[number];
  if (found !== undefined) return found;
  const isTouched = new Uint8Array(map.skills.length);
  for (const before of leadingTo(map, [number]).needed) isTouched[before] = 1;
  for (const next of map.skills[number]?.successors ?? []) isTouched[next] = 1;
  known[number] = isTouched;
  around.set(map, known);
  return isTouched;
}
