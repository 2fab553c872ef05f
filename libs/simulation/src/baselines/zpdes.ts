// Where the learner progresses most lately: ZPDES (Clement, Roy, Oudeyer and Lopes, 2015, "Multi-armed bandits for intelligent tutoring
// systems", Journal of Educational Data Mining 7:2). The zone grows along the prerequisites.
import type { HonestPolicy } from '../policy.js';
import { baseline, type Chooser, type Given } from './baseline.js';

/** Answers of a skill that count: the newer half is compared with the older. */
const WINDOW = 4;
const HALF = 2;
const OPENS_AFTER_ANSWERS = 2;
const KEPT = 0.6;
const FIRST_WEIGHT_MIN = 0.2;
const UNIFORM_SHARE = 0.2;

/** `opensAt`: the share of right answers on every prerequisite from which a skill is in the zone. */
export function zpdes(name: string, opensAt: number): HonestPolicy {
  return baseline(name, ({ setting, noise }) => chooser(setting, noise, opensAt));
}

function chooser({ skills, neededSkills, prerequisites }: Given['setting'], noise: Given['noise'], opensAt: number): Chooser {
  const recent = Array.from({ length: skills }, (): number[] => []);
  const weights = new Float64Array(skills).fill(NaN);
  const rightOf = (skill: number): number => sum(recent[skill] ?? []) / (recent[skill] ?? []).length;
  const isFinished = (skill: number): boolean => recent[skill]?.length === WINDOW && rightOf(skill) === 1;
  const isOpen = (skill: number): boolean => (prerequisites[skill] ?? []).every((before) => (recent[before]?.length ?? 0) >= OPENS_AFTER_ANSWERS && rightOf(before) >= opensAt);
  return {
    pick: (step) => {
      const zone = neededSkills.filter((skill) => !isFinished(skill) && isOpen(skill));
      const among = zone.length > 0 ? zone : neededSkills;
      return drawn(among, withUnseen(among, weights), noise(step));
    },
    observe: (_step, skill, _item, right) => {
      const last = recent[skill] ?? [];
      last.push(right ? 1 : 0);
      if (last.length > WINDOW) last.shift();
      const progress = Math.max(0, (sum(last.slice(-HALF)) - sum(last.slice(0, -HALF))) / HALF);
      const before = weights[skill] as number;
      weights[skill] = Number.isNaN(before) ? Math.max(FIRST_WEIGHT_MIN, (1 - KEPT) * progress) : KEPT * before + (1 - KEPT) * progress;
    },
  };
}

/** What was never tried is as promising as the best that was. */
function withUnseen(skills: ArrayLike<number>, weights: Float64Array): Float64Array {
  const ofThem = Float64Array.from(skills, (skill) => weights[skill] ?? NaN);
  const largest = ofThem.reduce((most, weight) => (weight > most ? weight : most), 0);
  return ofThem.map((weight) => (Number.isNaN(weight) ? largest : weight));
}

function drawn(skills: ArrayLike<number>, weights: Float64Array, uniform: number): number {
  const total = weights.reduce((all, weight) => all + weight, 0);
  let left = uniform;
  for (let n = 0; n < skills.length; n++) {
    const even = 1 / skills.length;
    left -= total > 0 ? (1 - UNIFORM_SHARE) * ((weights[n] ?? 0) / total) + UNIFORM_SHARE * even : even;
    if (left < 0) return skills[n] ?? -1;
  }
  return skills[skills.length - 1] ?? -1;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
