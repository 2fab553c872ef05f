// The same evaluation without what the traps found: no twin of a tested learner in train, no student twice, each answer once.
import type { AnswerLog } from '@trellis/mastery';
import type { Fold } from './folds.js';
import { shared } from './trainings.js';
import type { TrapsResult } from './traps-task.js';

/** `students` are sets of learners who are one student. */
export function strictFolds(folds: readonly Fold[], students: readonly (readonly number[])[], { starts }: Pick<AnswerLog, 'starts'>): readonly Fold[] {
  const answers = (learner: number): number => (starts[learner + 1] ?? 0) - (starts[learner] ?? 0);
  return folds.map(({ train, test }) => {
    const [trained, tested] = [new Set(train), new Set(test)];
    const dropped = new Set<number>();
    for (const student of students) {
      const inTrain = student.filter((learner) => trained.has(learner));
      // Of equals the first stays.
      const kept = student.some((learner) => tested.has(learner)) ? undefined : inTrain.reduce<number | undefined>((best, one) => (best === undefined || answers(one) > answers(best) ? one : best), undefined);
      for (const learner of inTrain) if (learner !== kept) dropped.add(learner);
    }
    return { train: train.filter((learner) => !dropped.has(learner)), test };
  });
}

export interface GroupedLog {
  readonly log: AnswerLog;
  readonly group: Int32Array;
}

/** Without surplus rows; the row that stays has the skills of all of them. */
export function withoutSurplus({ log, group }: GroupedLog, { surplus, keeper }: Pick<TrapsResult['repeated'], 'surplus' | 'keeper'>): GroupedLog {
  if (surplus.length === 0) return { log, group };
  const goes = new Uint8Array(log.item.length);
  for (const row of surplus) goes[row] = 1;
  const combination = log.combination.slice();
  const combinations = [...log.vocabulary.combinations];
  const numbers = new Map(combinations.map((skills, n) => [skills.join(' '), n]));
  surplus.forEach((row, n) => {
    const stays = keeper[n] ?? row;
    const skills = Int32Array.from(new Set([...(combinations[combination[stays] ?? 0] ?? []), ...(combinations[combination[row] ?? 0] ?? [])])).sort();
    const key = skills.join(' ');
    const known = numbers.get(key) ?? combinations.push(skills) - 1;
    numbers.set(key, known);
    combination[stays] = known;
  });
  const stays = (_value: number, row: number): boolean => goes[row] === 0;
  const starts = new Int32Array(log.starts.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    let rows = 0;
    for (let row = log.starts[learner] ?? 0; row < (log.starts[learner + 1] ?? 0); row++) rows += goes[row] === 0 ? 1 : 0;
    starts[learner + 1] = (starts[learner] ?? 0) + rows;
  }
  const clean: AnswerLog = {
    vocabulary: { ...log.vocabulary, combinations },
    learners: log.learners,
    starts,
    item: log.item.filter(stays),
    combination: combination.filter(stays),
    right: log.right.filter(stays),
    at: log.at?.filter(stays) ?? null,
  };
  return { log: shared(clean), group: group.filter(stays) };
}
