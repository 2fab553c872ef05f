// Counters that forget: what the last answers of a learner say that sums of all do not.
import type { Encoder } from './regression.js';

const OVERALL_DECAYS = [0.7, 0.9, 0.98];
const SKILL_DECAYS = [0.5, 0.8, 0.95];
const LAST = 3;
/** Share of right answers of somebody who gave none yet, as one answer. */
const PRIOR_RIGHT = 0.65;

/** Decayed log odds of a right answer and the last three answers, overall and on the skill; ln(1 + answers since the skill); whether it is the first time. */
export const RECENCY_WIDTH = OVERALL_DECAYS.length + SKILL_DECAYS.length + 2 * LAST + 2;

interface Recent {
  readonly decays: readonly number[];
  /** Decayed right answers and answers, by decay. */
  readonly right: Float64Array;
  readonly answers: Float64Array;
  /** +1 right, -1 wrong, 0 none; the latest first. */
  readonly last: Float64Array;
  /** Number of the learner's answers before the latest that counted here. */
  seenAt: number;
}

/** Columns begin at `from`. Of the skills of a question the mean counts. */
export function recencyCounters(combinations: readonly Int32Array[], from: number): Encoder {
  const overall = recent(OVERALL_DECAYS);
  const skills = new Map<number, Recent>();
  const never = recent(SKILL_DECAYS);
  let answers = 0;
  const ofSkills = from + OVERALL_DECAYS.length + LAST;
  return {
    encode({ combination }, add) {
      encode(overall, from, 1, add);
      const own = combinations[combination] ?? [];
      for (const skill of own) {
        const one = skills.get(skill) ?? never;
        encode(one, ofSkills, 1 / own.length, add);
        const gap = ofSkills + SKILL_DECAYS.length + LAST;
        if (one === never) add(gap + 1, 1 / own.length);
        else add(gap, Math.log1p(answers - one.seenAt) / own.length);
      }
    },
    observe({ combination }, right) {
      take(overall, right, answers);
      for (const skill of combinations[combination] ?? []) {
        const one = skills.get(skill) ?? recent(SKILL_DECAYS);
        take(one, right, answers);
        skills.set(skill, one);
      }
      answers++;
    },
  };
}

function recent(decays: readonly number[]): Recent {
  return { decays, right: new Float64Array(decays.length), answers: new Float64Array(decays.length), last: new Float64Array(LAST), seenAt: 0 };
}

function encode({ decays, right, answers, last }: Recent, from: number, share: number, add: (column: number, value: number) => void): void {
  for (let n = 0; n < decays.length; n++) add(from + n, share * logOdds(right[n] ?? 0, answers[n] ?? 0));
  for (let n = 0; n < LAST; n++) add(from + decays.length + n, (last[n] ?? 0) * share);
}

/** Log odds, not the share itself: held-out learners of three logs are predicted better by them. */
function logOdds(right: number, answers: number): number {
  return Math.log((right + PRIOR_RIGHT) / (answers - right + 1 - PRIOR_RIGHT));
}

function take(one: Recent, right: boolean, at: number): void {
  for (const [n, decay] of one.decays.entries()) {
    one.right[n] = decay * (one.right[n] ?? 0) + (right ? 1 : 0);
    one.answers[n] = decay * (one.answers[n] ?? 0) + 1;
  }
  one.last.copyWithin(1, 0);
  one.last[0] = right ? 1 : -1;
  one.seenAt = at;
}
