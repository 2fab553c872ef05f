// Performance Factors Analysis (Pavlik, Cen & Koedinger, 2009, "Performance factors analysis: a new alternative to knowledge tracing",
// AIED): each skill of a question adds its easiness, a gain for answers that were right before, and one for those that were wrong. The counts n enter as ln(1 + n), as Gervet et al. (2020)
// re-measured it: held-out learners of every log at hand are predicted better so than by the plain counts.
import type { AnswerLog } from '../answer-log.js';
import type { BaselineOptions } from './fit.js';
import { fitRegression, type Encoding, type Regression } from './regression.js';

export function fitPfa(log: AnswerLog, options: BaselineOptions = {}): Regression {
  return fitRegression('PFA', encoding(log), log, options);
}

function encoding({ vocabulary: { skills, combinations } }: AnswerLog): Encoding {
  const [easiness, wins, fails] = [1, 1 + skills.length, 1 + 2 * skills.length];
  return {
    columns: 1 + 3 * skills.length,
    begin() {
      const won = new Float64Array(skills.length);
      const failed = new Float64Array(skills.length);
      return {
        encode({ combination }, add) {
          for (const skill of combinations[combination] ?? []) {
            add(easiness + skill, 1);
            add(wins + skill, Math.log1p(won[skill] ?? 0));
            add(fails + skill, Math.log1p(failed[skill] ?? 0));
          }
        },
        observe({ combination }, right) {
          const counts = right ? won : failed;
          for (const skill of combinations[combination] ?? []) counts[skill] = (counts[skill] ?? 0) + 1;
        },
      };
    },
  };
}
