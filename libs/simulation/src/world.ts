// What a simulated world is: students whose truth nobody sees, and what a policy may know of them.
import type { CourseGraph } from './course-graph.js';

/** What a policy may know. Skills are numbered from 0 in an order in which each comes after its prerequisites. */
export interface Setting {
  /** How worlds and traces call each skill. */
  readonly ids: Int32Array;
  readonly before: readonly Int32Array[];
  readonly next: readonly Int32Array[];
  /** 1: to be reached; 1: a target or on the way to one. Only needed skills are chosen from. */
  readonly targets: Uint8Array;
  readonly needed: Uint8Array;
  /** By skill, the difficulty of each item in logits as far as the policy knows it. */
  readonly items: readonly Float64Array[];
  /** Answers that a policy chooses. */
  readonly budget: number;
  /** Answers before that, which it sees and does not choose. */
  readonly warmUp: number;
  /** Whether a skill can be learned only near the one before. */
  readonly isLocal: boolean;
}

/** One student. Numbers of answers count from 0, the warm-up included. */
export interface Student {
  readonly seed: number;
  readonly setting: Setting;
  /** What to practise in the warm-up. */
  warmUpSkill(answer: number): number;
  /** Days since the first session, of an answer; and whether it is the first of its session. */
  day(answer: number): number;
  beginsSession(answer: number): boolean;
  /** Practises, and learns from it. */
  answer(skill: number, item: number, answer: number): boolean;
  /** The true score of a skill, 0..1, `full` once everything is reached; before the first chosen answer, and when all is over. */
  startScore(skill: number): number;
  endScore(skill: number): number;
  readonly full: number;
  /** Truly mastered now (for over-practice: and fresh). */
  isMastered(skill: number): boolean;
  isFresh(skill: number): boolean;
  /** Mean recall is asked so many days after the last session; null where memory does not fade over weeks. */
  recallAt: ((skill: number, day: number) => number) | null;
  /** For policies that see the truth: what one answer now is expected to add to the end score of the skill. */
  expectedGain(skill: number, item: number): number;
  /** The truth now, as a share of `full`. */
  trueScore(skill: number): number;
}

export interface World {
  readonly key: string;
  readonly title: string;
  /** Part of the seed of every student. */
  readonly index: number;
  /** What a step in value is worth to a policy that sees the truth. */
  readonly lookahead: 'one-step' | 'three-steps';
  readonly truthDelta: number;
  readonly lastDay: number;
  student(graph: CourseGraph, split: number, student: number): Student;
}

/** Students of one course share its items: a course a hundred. */
export function seedsOf(index: number, split: number, student: number): { readonly s: number; readonly c: number } {
  return { s: 1_000_003 * split + 100_003 * index + student, c: 7_919 * split + 101 * index + Math.floor(student / 100) + 1 };
}
