// What the traps found, told for reports.
import type { AnswerLog } from '@trellis/mastery';
import type { Fold } from './folds.js';
import type { TrapsResult } from './traps-task.js';

export interface Traps {
  /** Empty where the answers hold neither. */
  readonly found: readonly ('repeated-rows' | 'twins')[];
  readonly repeatedRows: RepeatedReport;
  readonly twins: TwinsReport;
}

interface RepeatedReport {
  /** Answers that stand in several rows, and the rows beyond the first of each. */
  readonly answers: number;
  readonly surplusRows: number;
  readonly examples: readonly { readonly learner: string; readonly item: string; readonly skills: readonly string[] }[];
}

interface TwinsReport {
  readonly pairs: number;
  /** One of the pair is in train while the other is tested. */
  readonly across: number;
  readonly insideTrain: number;
  readonly insideTest: number;
  /** Answers of tested learners who have a twin in train, and their share of all tested answers. */
  readonly testAnswers: number;
  readonly testShare: number;
  /** Learners and answers that the strict training leaves out, over all folds. */
  readonly leftOutLearners: number;
  readonly leftOutAnswers: number;
  /** False where the search gave up before its end: there may be more. */
  readonly complete: boolean;
  readonly examples: readonly { readonly first: string; readonly second: string; readonly sharedItems: number; readonly agreement: number }[];
}

const EXAMPLES_MAX = 5;

export function trapsOf({ repeated, twins }: TrapsResult, log: AnswerLog, { official, strict }: { readonly official: readonly Fold[]; readonly strict: readonly Fold[] }): Traps {
  const id = (learner: number): string => log.learners[learner] ?? '';
  const answers = (learner: number): number => (log.starts[learner + 1] ?? 0) - (log.starts[learner] ?? 0);
  const sum = (learners: Iterable<number>): number => [...learners].reduce((all, learner) => all + answers(learner), 0);
  const parts = official.map(({ train, test }) => ({ train: new Set(train), test: new Set(test) }));
  const isTested = (learner: number): boolean => parts.some(({ test }) => test.has(learner));
  const flattered = (learner: number, twin: number): boolean => parts.some(({ train, test }) => test.has(learner) && train.has(twin));
  const isAcross = ({ first, second }: { readonly first: number; readonly second: number }): boolean => flattered(first, second) || flattered(second, first);
  const across = twins.pairs.filter(isAcross);
  const inside = twins.pairs.filter((pair) => !isAcross(pair));
  const withTwin = new Set(across.flatMap(({ first, second }) => [...(flattered(first, second) ? [first] : []), ...(flattered(second, first) ? [second] : [])]));
  const leftOut = official.flatMap(({ train }, n) => {
    const kept = new Set(strict[n]?.train);
    return train.filter((learner) => !kept.has(learner));
  });
  const insideTest = inside.filter(({ first, second }) => isTested(first) && isTested(second)).length;
  return {
    found: [...(repeated.answers > 0 ? (['repeated-rows'] as const) : []), ...(twins.pairs.length > 0 ? (['twins'] as const) : [])],
    repeatedRows: { answers: repeated.answers, surplusRows: repeated.surplus.length, examples: repeated.examples.slice(0, EXAMPLES_MAX).map(({ learner, item, skills }) => ({ learner, item, skills })) },
    twins: {
      pairs: twins.pairs.length,
      across: across.length,
      insideTrain: inside.length - insideTest,
      insideTest,
      testAnswers: sum(withTwin),
      testShare: sum(withTwin) / sum(official.flatMap(({ test }) => test)),
      leftOutLearners: leftOut.length,
      leftOutAnswers: sum(leftOut),
      complete: twins.complete,
      examples: twins.pairs.slice(0, EXAMPLES_MAX).map(({ first, second, shared, agreement }) => ({ first: id(first), second: id(second), sharedItems: shared, agreement })),
    },
  };
}
