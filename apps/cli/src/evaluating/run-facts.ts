// All that a run knows at its end, for those who tell it.
import type { Evaluation, Plan } from './evaluation.js';
import type { Read } from './reading.js';

export interface Ran {
  readonly plan: Plan;
  readonly read: Read;
  readonly evaluation: Evaluation;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

export interface PartFacts {
  readonly answers: number;
  readonly learners: number;
  readonly items: number;
  readonly shareRight: number;
}

export interface DataFacts {
  readonly split: string;
  readonly files: Read['files'];
  readonly train: PartFacts;
  readonly test: PartFacts;
  readonly skills: number;
  readonly combinations: number;
  readonly times: boolean;
  readonly subgroup: string | null;
  readonly seed: number;
}

export function dataFacts({ plan, read: { answers, files, groups } }: Ran): DataFacts {
  const { log, train, test } = answers;
  const everybody = plan.folds === null ? null : partFacts(answers, [...train, ...test]);
  return {
    split: plan.folds === null ? 'files' : `${plan.folds.count} folds by ${plan.folds.by}, pooled`,
    files,
    train: everybody ?? partFacts(answers, train),
    test: everybody ?? partFacts(answers, test),
    skills: log.vocabulary.skills.length,
    combinations: log.vocabulary.combinations.length,
    times: log.at !== null,
    subgroup: groups?.column ?? null,
    seed: plan.seed,
  };
}

function partFacts({ log }: Read['answers'], learners: readonly number[]): PartFacts {
  const seen = new Uint8Array(log.vocabulary.items.length);
  let [answers, right, items] = [0, 0, 0];
  for (const learner of learners) {
    for (let row = log.starts[learner] ?? 0; row < (log.starts[learner + 1] ?? 0); row++) {
      answers++;
      right += log.right[row] ?? 0;
      const item = log.item[row] ?? -1;
      if (item < 0 || seen[item] === 1) continue;
      seen[item] = 1;
      items++;
    }
  }
  return { answers, learners: learners.length, items, shareRight: right / answers };
}
