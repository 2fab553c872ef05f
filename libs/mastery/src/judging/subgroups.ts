// Whether a model is fair to groups of learners: in each, what was predicted beside what happened, and whether noise explains the gap.
import type { AnswerLog } from '../answer-log.js';
import { seeded } from '../seeded.js';
import { draw, interval, type BootstrapOptions, type Interval } from './bootstrap.js';
import { metricsOf, type Metrics } from './metrics.js';
import { studentQuantile } from './student-quantile.js';

/** A column of texts, one a learner or one a row of the log. An empty text is no group. */
export interface GroupColumn {
  readonly name: string;
  readonly of: 'learner' | 'row';
  readonly values: readonly string[];
}

export interface Subgroup {
  readonly name: string;
  readonly learners: number;
  readonly metrics: Metrics;
  /** Mean prediction less share right: above 0 the model promises too much. 95 % by bootstrap over the group's learners. */
  readonly gap: Interval;
  /**
   * - `flagged`: the gap is wider than `GAP_MAX` and beyond noise, with all groups of the column looked at.
   * - `fine`: it is not.
   * - `too-small`: under `GROUP_LEARNERS_MIN` learners or `GROUP_ROWS_MIN` rows nothing is said.
   */
  readonly verdict: 'flagged' | 'fine' | 'too-small';
}

export interface Subgroups {
  readonly column: string;
  /** By name. */
  readonly groups: readonly Subgroup[];
  /** Groups that were large enough to be judged: what the noise is corrected for. */
  readonly judged: number;
}

export const GAP_MAX = 0.02;
export const GROUP_LEARNERS_MIN = 20;
export const GROUP_ROWS_MIN = 200;
/** Chance of any false flag in a column, shared out evenly among its groups (Bonferroni). Low, since every calibration is looked at again. */
export const FALSE_FLAG_CHANCE = 0.002;
export const GROUPS_MAX = 1_000;

export function subgroups(log: Pick<AnswerLog, 'right' | 'starts'>, predicted: Float64Array, column: GroupColumn, options: BootstrapOptions): Subgroups {
  const groups = [...rowsByGroup(log, column)].sort(([one], [other]) => (one < other ? -1 : 1));
  if (groups.length > GROUPS_MAX) throw new Error(`column ${column.name}: ${groups.length} groups, at most ${GROUPS_MAX} can be judged`);
  const sums = groups.map(([name, rows]) => ({ name, rows, byLearner: sumsByLearner(log, predicted, rows) }));
  const judged = sums.filter(({ rows, byLearner }) => isLarge(rows.length, byLearner.rows.length)).length;
  const found = sums.map(({ name, rows, byLearner }, n): Subgroup => {
    options.progress?.(n / sums.length);
    const learners = byLearner.rows.length;
    const gap = gapOf(byLearner, options);
    return { name, learners, metrics: metricsOf(Int32Array.from(rows), log.right, predicted), gap, verdict: isLarge(rows.length, learners) ? verdict(gap, learners, judged) : 'too-small' };
  });
  options.progress?.(1);
  return { column: column.name, judged, groups: found };
}

function verdict({ value, sd }: Interval, learners: number, judged: number): 'flagged' | 'fine' {
  // Draws from the group itself are a little too close together: by (n - 1) / n in the variance.
  const noise = sd * Math.sqrt(learners / (learners - 1)) * studentQuantile(1 - FALSE_FLAG_CHANCE / (2 * judged), learners - 1);
  return Math.abs(value) > GAP_MAX && Math.abs(value) > noise ? 'flagged' : 'fine';
}

function isLarge(rows: number, learners: number): boolean {
  return rows >= GROUP_ROWS_MIN && learners >= GROUP_LEARNERS_MIN;
}

function rowsByGroup({ right, starts }: Pick<AnswerLog, 'right' | 'starts'>, { name, of, values }: GroupColumn): ReadonlyMap<string, number[]> {
  const expected = of === 'learner' ? starts.length - 1 : right.length;
  if (values.length !== expected) throw new Error(`column ${name}: ${values.length} values for ${expected} ${of}s`);
  const groups = new Map<string, number[]>();
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    for (let row = starts[learner] ?? 0; row < (starts[learner + 1] ?? 0); row++) {
      const group = values[of === 'learner' ? learner : row] ?? '';
      if (group === '') continue;
      const rows = groups.get(group);
      if (rows === undefined) groups.set(group, [row]);
      else rows.push(row);
    }
  }
  return groups;
}

/** Of each learner with rows in the group: prediction less answer, summed, and how many. */
interface Sums {
  readonly gap: Float64Array;
  readonly rows: Float64Array;
}

/** `rows` ascends, so those of a learner stand together. */
function sumsByLearner({ right, starts }: Pick<AnswerLog, 'right' | 'starts'>, predicted: Float64Array, rows: readonly number[]): Sums {
  const gap: number[] = [];
  const count: number[] = [];
  let learner = 0;
  let counted = -1;
  for (const row of rows) {
    while ((starts[learner + 1] ?? Infinity) <= row) learner++;
    if (counted !== learner) {
      gap.push(0);
      count.push(0);
      counted = learner;
    }
    const last = gap.length - 1;
    gap[last] = (gap[last] ?? 0) + (predicted[row] ?? NaN) - (right[row] ?? 0);
    count[last] = (count[last] ?? 0) + 1;
  }
  return { gap: Float64Array.from(gap), rows: Float64Array.from(count) };
}

/** Each group draws from the same seed, so that its interval does not depend on what other groups there are. */
function gapOf({ gap, rows }: Sums, { seed, resamples }: BootstrapOptions): Interval {
  const random = seeded(seed);
  const weights = new Float64Array(gap.length);
  const drawn = Float64Array.from({ length: resamples }, () => {
    draw(weights, random);
    return ratio(gap, rows, weights);
  });
  return interval(ratio(gap, rows, weights.fill(1)), drawn);
}

function ratio(gap: Float64Array, rows: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let all = 0;
  for (let n = 0; n < weights.length; n++) {
    sum += (weights[n] as number) * (gap[n] as number);
    all += (weights[n] as number) * (rows[n] as number);
  }
  return sum / all;
}
