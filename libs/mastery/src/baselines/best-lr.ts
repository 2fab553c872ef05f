// Best-LR (Gervet, Koedinger, Schneider & Mitchell, 2020, "When is deep learning the best approach to knowledge tracing?", JEDM 12(3)):
// one weight an item and a skill; ln(1 + right answers) and ln(1 + answers) with weights of their own for each skill, and one weight
// each for the item and in total.
import type { AnswerLog } from '../answer-log.js';
import type { BaselineOptions } from './fit.js';
import { recencyCounters, RECENCY_WIDTH } from './recency.js';
import { fitRegression, type Encoding, type Regression } from './regression.js';

export function fitBestLr(log: AnswerLog, options: BaselineOptions = {}): Regression {
  return fitRegression('Best-LR', encoding(log), log, options);
}

/** The same with what came last: counters that forget, as `recency.ts` lists them. */
export function fitBestLrRecency(log: AnswerLog, options: BaselineOptions = {}): Regression {
  return fitRegression('Best-LR + recency', withRecency(encoding(log), log), log, options);
}

const SCALARS = 4;

function encoding({ vocabulary: { items, skills, combinations } }: AnswerLog): Encoding {
  const skillAt = 1 + items.length;
  const winsAt = skillAt + skills.length;
  const attemptsAt = winsAt + skills.length;
  const scalarAt = attemptsAt + skills.length;
  return {
    columns: scalarAt + SCALARS,
    begin() {
      const wins = new Float64Array(skills.length);
      const attempts = new Float64Array(skills.length);
      const itemWins = new Map<number, number>();
      const itemAttempts = new Map<number, number>();
      let allWins = 0;
      let allAttempts = 0;
      return {
        encode({ item, combination }, add) {
          if (item >= 0) {
            add(1 + item, 1);
            add(scalarAt, Math.log1p(itemWins.get(item) ?? 0));
            add(scalarAt + 1, Math.log1p(itemAttempts.get(item) ?? 0));
          }
          for (const skill of combinations[combination] ?? []) {
            add(skillAt + skill, 1);
            add(winsAt + skill, Math.log1p(wins[skill] ?? 0));
            add(attemptsAt + skill, Math.log1p(attempts[skill] ?? 0));
          }
          add(scalarAt + 2, Math.log1p(allWins));
          add(scalarAt + 3, Math.log1p(allAttempts));
        },
        observe({ item, combination }, right) {
          const won = right ? 1 : 0;
          for (const skill of combinations[combination] ?? []) {
            wins[skill] = (wins[skill] ?? 0) + won;
            attempts[skill] = (attempts[skill] ?? 0) + 1;
          }
          if (item >= 0) {
            itemWins.set(item, (itemWins.get(item) ?? 0) + won);
            itemAttempts.set(item, (itemAttempts.get(item) ?? 0) + 1);
          }
          allWins += won;
          allAttempts++;
        },
      };
    },
  };
}

function withRecency(plain: Encoding, { vocabulary }: AnswerLog): Encoding {
  return {
    columns: plain.columns + RECENCY_WIDTH,
    begin() {
      const counts = plain.begin();
      const recent = recencyCounters(vocabulary.combinations, plain.columns);
      return {
        encode(question, add) {
          counts.encode(question, add);
          recent.encode(question, add);
        },
        observe(question, right) {
          counts.observe(question, right);
          recent.observe(question, right);
        },
      };
    },
  };
}
