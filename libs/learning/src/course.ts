// The aggregate of a course: versions of its content, each published whole.
import type { Decider, DomainEvent } from '@trellis/event-sourcing';
import { flaw, type CourseContent, type CourseRefusal, type Item, type Objective, type Skill } from './course-content.js';
import { inParts } from './parts.js';

// --- Events: stored for ever. Add optional fields; never rename, retype or reuse a name. ---

/** One part of a version. The version takes effect with its last part, so that no event grows beyond what a log carries. */
export type CoursePublished = DomainEvent<
  'CoursePublished',
  {
    readonly version: number;
    /** From 1. */
    readonly part: number;
    readonly parts: number;
    readonly title: string;
    readonly language: string;
    readonly licence?: string;
    readonly skills: readonly Skill[];
    readonly items: readonly Item[];
    readonly objectives: readonly Objective[];
  }
>;

// --- State: the content in force, and the parts of a version that is not whole yet ---

export interface Course {
  /** 0: nothing published yet. */
  readonly version: number;
  readonly content: CourseContent | null;
  readonly unfinished: CourseContent | null;
  /** How many of its parts have come. */
  readonly parts: number;
}

const evolve = (course: Course, { type, data }: DomainEvent): Course => {
  if (type !== 'CoursePublished') return course;
  const part = data as CoursePublished['data'];
  // A version of which a part was lost never takes effect.
  if (part.part !== 1 && part.part !== course.parts + 1) return { ...course, unfinished: null, parts: 0 };
  const before = part.part === 1 ? null : course.unfinished;
  const content: CourseContent = {
    title: part.title,
    language: part.language,
    ...(part.licence === undefined ? {} : { licence: part.licence }),
    skills: [...(before?.skills ?? []), ...part.skills],
    items: [...(before?.items ?? []), ...part.items],
    objectives: [...(before?.objectives ?? []), ...part.objectives],
  };
  if (part.part < part.parts) return { ...course, unfinished: content, parts: part.part };
  return { version: part.version, content, unfinished: null, parts: 0 };
};

// --- Decisions ---

export interface PublishCourse {
  readonly type: 'PublishCourse';
  readonly content: CourseContent;
}

type Rules = Decider<PublishCourse, Course, CoursePublished, CourseRefusal>;

const decide: Rules['decide'] = ({ content }, course) => {
  const refused = flaw(content);
  if (refused !== null) return refused;
  if (course.content !== null && JSON.stringify(inOrder(course.content)) === JSON.stringify(inOrder(content))) return [];
  return partsOf(inOrder(content), course.version + 1);
};

export const course: Rules = { initial: { version: 0, content: null, unfinished: null, parts: 0 }, evolve, decide };

/** The same content has the same keys in the same order, however it was written. */
function inOrder({ title, language, licence, skills, items, objectives }: CourseContent): CourseContent {
  return {
    title,
    language,
    ...(licence === undefined ? {} : { licence }),
    skills: sorted(skills),
    items: sorted(items),
    objectives: sorted(objectives),
  };
}

function sorted<Value>(value: Value): Value {
  // The same members in another order are of the same type.
  if (Array.isArray(value)) return value.map(sorted) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)])) as Value;
}

function partsOf(content: CourseContent, version: number): CoursePublished[] {
  const { skills, items, objectives, ...head } = content;
  const slices = inParts({ skills, items, objectives });
  return slices.map((slice, at) => ({
    type: 'CoursePublished',
    data: { version, part: at + 1, parts: slices.length, ...head, ...slice },
  }));
}
