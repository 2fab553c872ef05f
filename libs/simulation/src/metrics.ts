// What a run of one policy in one world came to: shares of all students together, each with what it is made of by student, so that
// intervals can be drawn.
import { pooled, type Ratio } from './bootstrap.js';

/** By student: counts and sums over the run. */
export interface StudentFigures {
  /** True score at the end less that at the start, over the targets. */
  readonly gain: Float64Array;
  /** Full score less that at the start, over the targets. */
  readonly room: Float64Array;
  readonly answers: Float64Array;
  /** Answers on a skill that was truly mastered (and, where memory fades, fresh). */
  readonly overPractised: Float64Array;
  /** Answers on a skill from the eleventh on, before its first three right in a row. */
  readonly wheelSpinning: Float64Array;
  /** Answers on a skill with a direct prerequisite that was truly unmastered. */
  readonly violating: Float64Array;
  /** Targets; those truly mastered at the end and not at the start, less those lost. */
  readonly targets: Float64Array;
  readonly newlyMastered: Float64Array;
  /** Skills that the policy's estimates declare mastered at the end, and those of them that are not. */
  readonly declared: Float64Array;
  readonly falselyDeclared: Float64Array;
  /** True recall of the targets, summed, so long after the last session; only where memory fades over weeks. */
  readonly recallAfter2Weeks: Float64Array | null;
  readonly recallAfter4Weeks: Float64Array | null;
}

/** The name of a figure, with what stands above and below the line. */
export interface Metric {
  readonly name: MetricName;
  readonly title: string;
  readonly better: 'more' | 'less';
  readonly ratio: (figures: StudentFigures) => Ratio | null;
}

export type MetricName =
  | 'normalisedGain'
  | 'overPractice'
  | 'underPractice'
  | 'wheelSpin'
  | 'prerequisiteViolations'
  | 'itemsToMastery'
  | 'masteredPer100Answers'
  | 'recallAfter2Weeks'
  | 'recallAfter4Weeks';

export const METRICS: readonly Metric[] = [
  { name: 'normalisedGain', title: 'Normalised gain: what was gained of what there was to gain', better: 'more', ratio: (of) => ({ above: of.gain, below: of.room }) },
  { name: 'overPractice', title: 'Over-practice: answers on skills already mastered', better: 'less', ratio: (of) => ({ above: of.overPractised, below: of.answers }) },
  { name: 'underPractice', title: 'Under-practice: skills declared mastered that are not', better: 'less', ratio: (of) => ({ above: of.falselyDeclared, below: of.declared }) },
  { name: 'wheelSpin', title: 'Wheel-spin exposure: answers from the eleventh on without three right in a row', better: 'less', ratio: (of) => ({ above: of.wheelSpinning, below: of.answers }) },
  { name: 'prerequisiteViolations', title: 'Answers on skills with an unmastered prerequisite', better: 'less', ratio: (of) => ({ above: of.violating, below: of.answers }) },
  { name: 'itemsToMastery', title: 'Answers for each target newly mastered', better: 'less', ratio: (of) => ({ above: of.answers, below: of.newlyMastered }) },
  { name: 'masteredPer100Answers', title: 'Targets newly mastered per 100 answers', better: 'more', ratio: (of) => ({ above: of.newlyMastered.map((skills) => 100 * skills), below: of.answers }) },
  { name: 'recallAfter2Weeks', title: 'True recall of the targets two weeks after the last session', better: 'more', ratio: (of) => ofTargets(of, of.recallAfter2Weeks) },
  { name: 'recallAfter4Weeks', title: 'True recall of the targets four weeks after the last session', better: 'more', ratio: (of) => ofTargets(of, of.recallAfter4Weeks) },
];

/** Every metric by name; null where the world has no such thing or nothing to divide by. */
export function metricsOf(figures: StudentFigures): Readonly<Record<MetricName, number | null>> {
  const all = {} as Record<MetricName, number | null>;
  for (const { name, ratio } of METRICS) {
    const share = ratio(figures);
    const value = share === null ? NaN : pooled(share);
    all[name] = Number.isFinite(value) ? value : null;
  }
  return all;
}

/** What the policies are compared by. */
export function normalisedGain({ gain, room }: StudentFigures): Ratio {
  return { above: gain, below: room };
}

function ofTargets({ targets }: StudentFigures, recall: Float64Array | null): Ratio | null {
  return recall === null ? null : { above: recall, below: targets };
}
