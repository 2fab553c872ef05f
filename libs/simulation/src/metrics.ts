// What a run of one policy in one world came to: shares of all students together, each with what it is made of by student, so that
// intervals can be drawn.
import { pooled, type Ratio } from './bootstrap.js';
import type { RunColumns } from './run.js';

/** The name of a figure, with what stands above and below the line. */
export interface Metric {
  readonly name: MetricName;
  readonly title: string;
  readonly better: 'more' | 'less';
  readonly ratio: (of: RunColumns) => Ratio;
}

export type MetricName =
  | 'normalisedGain'
  | 'overPractice'
  | 'underPractice'
  | 'falseDeclarations'
  | 'wheelSpin'
  | 'prerequisiteViolations'
  | 'itemsToMastery'
  | 'masteredPer100Answers'
  | 'recallAfter2Weeks'
  | 'recallAfter4Weeks';

export const METRICS: readonly Metric[] = [
  { name: 'normalisedGain', title: 'Normalised gain: what was gained of what there was to gain', better: 'more', ratio: (of) => ({ above: of.gain, below: of.room }) },
  { name: 'overPractice', title: 'Over-practice: answers on skills already mastered', better: 'less', ratio: (of) => ({ above: of.overPractised, below: of.answers }) },
  { name: 'underPractice', title: 'Under-practice: targets believed mastered that are not', better: 'less', ratio: (of) => ({ above: of.falselyDeclared, below: of.declared }) },
  { name: 'falseDeclarations', title: 'Targets that a teacher is told are mastered and are not', better: 'less', ratio: (of) => ({ above: of.falselyTold, below: of.told }) },
  { name: 'wheelSpin', title: 'Wheel-spin exposure: answers from the eleventh on without three right in a row', better: 'less', ratio: (of) => ({ above: of.wheelSpinning, below: of.answers }) },
  { name: 'prerequisiteViolations', title: 'Answers on skills with an unmastered prerequisite', better: 'less', ratio: (of) => ({ above: of.violating, below: of.answers }) },
  { name: 'itemsToMastery', title: 'Answers for each target newly mastered', better: 'less', ratio: (of) => ({ above: of.answers, below: of.newlyMastered }) },
  { name: 'masteredPer100Answers', title: 'Targets newly mastered per 100 answers', better: 'more', ratio: (of) => ({ above: of.newlyMastered.map((skills) => 100 * skills), below: of.answers }) },
  { name: 'recallAfter2Weeks', title: 'True recall of the targets two weeks after the last session', better: 'more', ratio: (of) => mean(of.recallAfter2Weeks) },
  { name: 'recallAfter4Weeks', title: 'True recall of the targets four weeks after the last session', better: 'more', ratio: (of) => mean(of.recallAfter4Weeks) },
];

/** Every metric by name; null where the world has no such thing or nothing to divide by. */
export function metricsOf(columns: RunColumns): Readonly<Record<MetricName, number | null>> {
  const all = {} as Record<MetricName, number | null>;
  for (const { name, ratio } of METRICS) {
    const value = pooled(ratio(columns));
    all[name] = Number.isFinite(value) ? value : null;
  }
  return all;
}

/** What the policies are compared by. */
export function normalisedGain({ gain, room }: RunColumns): Ratio {
  return { above: gain, below: room };
}

/** Of the students. */
function mean(values: Float64Array): Ratio {
  return { above: values, below: new Float64Array(values.length).fill(1) };
}
