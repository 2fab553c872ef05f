// Adaptive learning as the open-source engine of ALOSI does it (Rosen, Rushkin and others, 2018, "The effects of adaptive learning in a massive
// open online course on learners' skill development", L@S): remediation, continuity, readiness and difficulty, weighted.
import type { BktParameters } from '@trellis/mastery';
import type { HonestPolicy } from '../policy.js';
import { baseline } from './baseline.js';

export const ALOSI_BKT: BktParameters = { prior: 0.3, learn: 0.1, guess: 0.1, slip: 0.15 };

const WEIGHTS = { remediation: 2, continuity: 1, readiness: 2, difficulty: 0.5 };
const KNOWN_MAX = 0.999;
const MASTERED_AT = logit(0.9);
const USED_PENALTY = 1_000;

export function alosi(name: string, bkt: BktParameters = ALOSI_BKT): HonestPolicy {
  /** How much an answer says about its skill. */
  const relevance = -(logit(bkt.guess) + logit(bkt.slip));
  return baseline(
    name,
    ({ setting, practice }) => {
      const { neededSkills, prerequisites, difficulties, wearsOut } = setting;
      const used = difficulties.map(({ length }) => new Uint8Array(length));
      const level = (skill: number): number => logit(practice.known[skill] ?? 0);
      const readiness = (skill: number): number => {
        let missing = 0;
        for (const before of prerequisites[skill] ?? []) missing += Math.min(0, level(before) - MASTERED_AT);
        return missing;
      };
      return {
        pick: (_step, choice) => {
          let best = -Infinity;
          let chosen = -1;
          for (const skill of neededSkills) {
            const its = level(skill);
            const ofSkill =
              WEIGHTS.remediation * relevance * Math.max(0, MASTERED_AT - its) +
              WEIGHTS.continuity * (skill === practice.current ? relevance : 0) +
              WEIGHTS.readiness * relevance * readiness(skill);
            for (const [item, hard] of (difficulties[skill] ?? []).entries()) {
              const score = ofSkill - WEIGHTS.difficulty * relevance * Math.abs(its - hard) - (used[skill]?.[item] === 1 ? USED_PENALTY : 0);
              if (score <= best) continue;
              [best, chosen, choice.item] = [score, skill, item];
            }
          }
          return chosen;
        },
        observe: (_step, skill, item) => {
          const ofSkill = used[skill];
          if (wearsOut && ofSkill !== undefined) ofSkill[item] = 1;
        },
      };
    },
    bkt,
  );
}

/** Kept finite, or what is long known would outweigh everything else. */
function logit(p: number): number {
  const kept = Math.min(KNOWN_MAX, Math.max(1 - KNOWN_MAX, p));
  return Math.log(kept / (1 - kept));
}
