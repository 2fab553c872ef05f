// A simulated world: students whose true state is known, on a part of a course. A policy sees only the setting; what it does is judged by the truth.
import type { CourseGraph } from './course-graph.js';

/** What a policy may know. Skills are numbered 0.. in topological (course) order. */
export interface Setting {
  /** Of the world: K, B, L, F ... */
  readonly world: string;
  /** How many skills there are; lists below have one entry each. */
  readonly skills: number;
  /** The skill's number in the course (or the concept's), for noise and traces. */
  readonly ids: Int32Array;
  /** 1 for the skills to be reached in the end; the same as a list. */
  readonly target: Uint8Array;
  readonly targets: Int32Array;
  /** 1 for targets and all that they rest on; the same as a list. */
  readonly needed: Uint8Array;
  readonly neededSkills: Int32Array;
  /** Direct ones, in course order. */
  readonly prerequisites: readonly Int32Array[];
  readonly successors: readonly Int32Array[];
  /** The skill itself, its successors, its prerequisites, and the prerequisites and successors of those; each once, ascending. */
  readonly near: readonly Int32Array[];
  /** True where it is known that only skills near the last one are learned. */
  readonly learnsNearOnly: boolean;
  /** How many items each skill has; and how hard each is believed to be, in logits (0 where unknown). */
  readonly items: Int32Array;
  readonly difficulties: readonly Float64Array[];
  /** Whether an item teaches less when it comes again, so that unused ones are to be taken first. */
  readonly wearsOut: boolean;
  /** The first steps are given, not chosen; then come `budget` chosen ones. Steps count from 0 through both. */
  readonly warmUp: number;
  readonly budget: number;
  /** By step: the day and the session of the answer. */
  readonly day: Float64Array;
  readonly session: Int32Array;
}

/** One student's true state in one world. Fast and mutable: draw a new one for every run. */
export interface Student {
  readonly seed: number;
  readonly setting: Setting;
  /** The skill given in a step of the warm-up. */
  warmUpSkill(step: number): number;
  /** Time goes on to a step: called once before each step, the choice of the step still open. */
  reach(step: number): void;
  /** The answer to an item of a skill, and what was learned from it. */
  answer(skill: number, item: number): boolean;
  /** True score now, 0..1; where memory fades, now is the day of the step reached. */
  score(skill: number): number;
  /** True score on a later day if nothing more happens; null where days alone change nothing. */
  scoreOn: ((skill: number, day: number) => number) | null;
  mastered(skill: number): boolean;
  /** Mastered, and there is nothing to refresh. */
  fresh(skill: number): boolean;
  /** The expected gain of the score from one answer now; where memory fades, of the strength behind it. */
  expectedGain(skill: number, item: number): number;
  /** Where answers are certain: trying out what would come. */
  readonly lookahead: Lookahead | null;
}

export interface Lookahead {
  /** As an answer would, without counting as one; undone in reverse order. */
  take(skill: number): void;
  undo(): void;
  /** How good the state is, more is better. */
  worth(): number;
}

export interface World {
  /** One letter, and the number that goes into the seeds. */
  readonly id: string;
  readonly number: number;
  readonly title: string;
  /** What a policy that knows the true state takes as the share of worth that flows from a skill to what it rests on. */
  readonly valueFlow: number;
  /** The day whose score counts in the end; null: right after the last answer. */
  readonly judgedOnDay: number | null;
  /** Student `number` of a split. The same arguments give the same student. */
  student(course: CourseGraph, split: number, number: number): Student;
}
