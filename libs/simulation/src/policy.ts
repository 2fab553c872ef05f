// A policy to be judged: what it chooses for one student, from what it was told and has seen.
import type { Setting, Student } from './world.js';

/** One run for one student. Answers of the warm-up are observed too. */
export interface PolicyRun {
  /** Fills in and gives back what to do in this step; the caller reads it before the next call, so the object may be one and the same. */
  choose(step: number): Choice;
  observe(step: number, skill: number, item: number, right: boolean): void;
  /** P(known) as the policy believes it; absent where it believes nothing. */
  estimate?(skill: number): number;
  /** Whether the policy would tell a teacher that the skill is mastered; absent: whether the estimate is .95 or more. */
  declared?(skill: number): boolean;
}

export interface Choice {
  /** `STOP` when the policy has nothing more to offer. */
  skill: number;
  /** `ANY_ITEM`: the first; where items wear out, the first of the least used. */
  item: number;
  /** Of the skill being chosen; 1 where nothing was drawn. */
  probability: number;
  /** By skill; null where nothing was drawn. */
  probabilities: Float64Array | null;
}

export const STOP = -1;
export const ANY_ITEM = -1;
export const DECLARED_AT = 0.95;

/** Uniform in (0, 1), the same for the same step: `BASELINE_NOISE` or `RECIPE_NOISE` is the stream. */
export type Noise = (stream: number, step: number) => number;
export const BASELINE_NOISE = 51;
export const RECIPE_NOISE = 52;

export interface HonestPolicy {
  readonly name: string;
  readonly sees?: 'answers';
  begin(setting: Setting, noise: Noise): PolicyRun;
}

/** Knows what no real policy can: a mark of what is possible. */
export interface TrueStatePolicy {
  readonly name: string;
  readonly sees: 'true state';
  begin(setting: Setting, noise: Noise, student: Student, valueFlow: number): PolicyRun;
}

export type Policy = HonestPolicy | TrueStatePolicy;

/** What every choice starts as. */
export function newChoice(): Choice {
  return { skill: STOP, item: ANY_ITEM, probability: 1, probabilities: null };
}
