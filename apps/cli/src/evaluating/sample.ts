// What a fit takes of a log that is too large for it.
import { ofLearners, type AnswerLog } from '@trellis/mastery';
import { shuffled } from './folds.js';

/** Whole learners, drawn until the next would be one too many. */
export function sample(log: AnswerLog, seed: number, rowsMax: number): AnswerLog {
  if (log.item.length <= rowsMax) return log;
  const kept: number[] = [];
  let rows = 0;
  for (const learner of shuffled(log.learners.length, seed)) {
    rows += (log.starts[learner + 1] ?? 0) - (log.starts[learner] ?? 0);
    if (rows > rowsMax) break;
    kept.push(learner);
  }
  return ofLearners(log, kept.sort((a, b) => a - b));
}
