// Recall: the memory model FSRS-6 (Ye, Su & Cao, 2022, "A stochastic shortest path algorithm for optimizing spaced repetition scheduling",
// KDD; the formulas of version 6 as the open-spaced-repetition project publishes them and ts-fsrs computes them unless told otherwise). A review
// is right (Good) or wrong (Again).

export interface RecallParameters {
  /** 21, in the order of the publication. Those of Hard and Easy are carried and not used. */
  readonly weights: readonly number[];
  /** The most that a wrong answer on a later day leaves of a memory, as a share; where absent, what a right answer on the same day can bring back. */
  readonly lapseShare?: number;
  /** Days; where absent, `STABILITY_MIN`. */
  readonly stabilityMin?: number;
}

export interface Memory {
  /** Days after which recall has fallen to .9. */
  readonly stability: number;
  /** 1..10. */
  readonly difficulty: number;
}

/** The published defaults of FSRS-6. */
export const DEFAULT_RECALL: RecallParameters = {
  weights: [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542],
};

export const WEIGHTS = 21;
/** Days. */
export const STABILITY_MIN = 0.001;
export const STABILITY_MAX = 36_500;
export const FIRST_STABILITY_MIN = 0.1;
const DIFFICULTY_MIN = 1;
const DIFFICULTY_MAX = 10;

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { exp, fround, max, min } = Math;

/** After the first review. Rounded to single precision, as rows keep it, so that what was stored and what was kept go on alike. */
export function firstMemory(right: boolean, p: RecallParameters): Memory {
  return rounded(exactFirst(right, p));
}

/** After a review so many whole days after the one before, 0 for the same day. Rounded as `firstMemory`. */
export function nextMemory(memory: Memory, elapsedDays: number, right: boolean, p: RecallParameters): Memory {
  return rounded(exactNext(memory, elapsedDays, right, p));
}

/** As `nextMemory`, in place: folds make nothing of an answer that does not last. */
export function reviewOne(memory: { -readonly [Member in keyof Memory]: Memory[Member] }, elapsedDays: number, right: boolean, p: RecallParameters): void {
  const { stability, difficulty } = memory;
  memory.stability = fround(nextStability(stability, difficulty, elapsedDays, right, p));
  memory.difficulty = fround(nextDifficulty(difficulty, right, p));
}

/** P(remembered) so many days after the last review: 1 on the day itself. */
export function recallAfter(elapsedDays: number, stability: number, p: RecallParameters): number {
  const decay = weight(p, 20);
  return (1 + (curveFactor(decay) * elapsedDays) / stability) ** -decay;
}

/** Days after the last review at which P(remembered) has fallen to `recall` (0..1, exclusive). */
export function daysUntil(recall: number, stability: number, p: RecallParameters): number {
  const decay = weight(p, 20);
  return (stability / curveFactor(decay)) * (recall ** (-1 / decay) - 1);
}

/** Of many memories in one pass: writes P(remembered) of each into `out`. Stabilities are above 0. */
export function recallOfAll(elapsedDays: Float64Array, stability: Float64Array, p: RecallParameters, out: Float64Array): void {
  if (elapsedDays.length !== out.length || stability.length !== out.length) {
    throw new RangeError(`recallOfAll takes columns of one length, got ${elapsedDays.length} elapsedDays, ${stability.length} stabilities, ${out.length} places`);
  }
  const decay = weight(p, 20);
  const factor = curveFactor(decay);
  for (let n = 0; n < out.length; n++) out[n] = (1 + (factor * (elapsedDays[n] as number)) / (stability[n] as number)) ** -decay;
}

/** Memories as rows keep them, in single precision. */
export interface MemoryColumns {
  readonly stability: Float32Array;
  readonly difficulty: Float32Array;
}

/** One review of each of many memories, in place: to the bit what `nextMemory` makes of each. `right`: 1 or 0. */
export function reviewAll({ stability, difficulty }: MemoryColumns, elapsedDays: Int32Array, right: Uint8Array, p: RecallParameters): void {
  const rows = stability.length;
  if (difficulty.length !== rows || elapsedDays.length !== rows || right.length !== rows) {
    throw new RangeError(`reviewAll takes columns of one length, got ${rows} stabilities, ${difficulty.length} difficulties, ${elapsedDays.length} elapsedDays, ${right.length} answers`);
  }
  for (let n = 0; n < rows; n++) {
    const [before, isRight] = [difficulty[n] as number, right[n] === 1];
    stability[n] = nextStability(stability[n] as number, before, elapsedDays[n] as number, isRight, p);
    difficulty[n] = nextDifficulty(before, isRight, p);
  }
}

/** So that recall is .9 when as many days have passed as the stability says. */
export function curveFactor(decay: number): number {
  return 0.9 ** (-1 / decay) - 1;
}

export function exactFirst(right: boolean, p: RecallParameters): Memory {
  return { stability: max(weight(p, right ? 2 : 0), FIRST_STABILITY_MIN), difficulty: clampDifficulty(firstDifficulty(right ? GOOD : AGAIN, p)) };
}

export function exactNext({ stability, difficulty }: Memory, elapsedDays: number, right: boolean, p: RecallParameters): Memory {
  return { stability: nextStability(stability, difficulty, elapsedDays, right, p), difficulty: nextDifficulty(difficulty, right, p) };
}

/** The most a wrong answer leaves of a memory, as a share: so that a right answer the same day brings back no more than there was. */
export function lapseShare({ weights }: { readonly weights: ArrayLike<number> }): number {
  return exp(-(weights[17] ?? 0) * (weights[18] ?? 0));
}

/** Grades of the publication. */
const AGAIN = 1;
const GOOD = 3;
const EASY = 4;

function firstDifficulty(grade: number, p: RecallParameters): number {
  return weight(p, 4) - exp((grade - 1) * weight(p, 5)) + 1;
}

/** A wrong answer makes it harder, less so the harder it is; every answer draws it back towards the easy end. */
function nextDifficulty(difficulty: number, right: boolean, p: RecallParameters): number {
  const change = right ? 0 : 2 * weight(p, 6);
  const damped = difficulty + (change * (DIFFICULTY_MAX - difficulty)) / 9;
  const reversion = weight(p, 7);
  return clampDifficulty(reversion * firstDifficulty(EASY, p) + (1 - reversion) * damped);
}

function nextStability(stability: number, difficulty: number, elapsedDays: number, right: boolean, p: RecallParameters): number {
  if (elapsedDays === 0) return sameDay(stability, right, p);
  const recall = recallAfter(elapsedDays, stability, p);
  return right ? remembered(stability, difficulty, recall, p) : forgotten(stability, difficulty, recall, p);
}

/** A right answer on the same day never shortens it. */
function sameDay(stability: number, right: boolean, p: RecallParameters): number {
  const grade = right ? GOOD : AGAIN;
  const share = stability ** -weight(p, 19) * exp(weight(p, 17) * (grade - GOOD + weight(p, 18)));
  return clampStability(stability * (right ? max(share, 1) : share), p);
}

function remembered(stability: number, difficulty: number, recall: number, p: RecallParameters): number {
  const growth = exp(weight(p, 8)) * (11 - difficulty) * stability ** -weight(p, 9) * (exp((1 - recall) * weight(p, 10)) - 1);
  return clampStability(stability * (1 + growth), p);
}

/** Shorter than it was, whatever the weights. */
function forgotten(stability: number, difficulty: number, recall: number, p: RecallParameters): number {
  const left = weight(p, 11) * difficulty ** -weight(p, 12) * ((stability + 1) ** weight(p, 13) - 1) * exp((1 - recall) * weight(p, 14));
  return min(max(p.stabilityMin ?? STABILITY_MIN, stability * (p.lapseShare ?? lapseShare(p))), clampStability(left, p));
}

function weight({ weights }: RecallParameters, n: number): number {
  return weights[n] ?? 0;
}

function clampStability(value: number, { stabilityMin = STABILITY_MIN }: RecallParameters): number {
  return min(STABILITY_MAX, max(stabilityMin, value));
}

function clampDifficulty(value: number): number {
  return min(DIFFICULTY_MAX, max(DIFFICULTY_MIN, value));
}

function rounded({ stability, difficulty }: Memory): Memory {
  return { stability: fround(stability), difficulty: fround(difficulty) };
}
