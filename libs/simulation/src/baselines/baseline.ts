// The shape that the baselines share: the same tracker, one skill a step, the least used of its items unless they say which.
import type { BktParameters } from '@trellis/mastery';
import { ANY_ITEM, BASELINE_NOISE, newChoice, type Choice, type HonestPolicy } from '../policy.js';
import type { Setting } from '../world.js';
import { GENERIC_BKT, newPractice, practised, type Practice } from './practice.js';

/** What a baseline decides by, for one student. */
export interface Chooser {
  /** The skill of this step. Whoever cares which item writes it into `choice`. */
  pick(step: number, choice: Choice): number;
  /** Told of each answer, after the tracker. */
  observe?(step: number, skill: number, item: number, right: boolean): void;
}

export interface Given {
  readonly setting: Setting;
  readonly practice: Practice;
  /** Uniform in (0, 1), the same for the same step. */
  readonly noise: (step: number) => number;
}

export function baseline(name: string, chooser: (given: Given) => Chooser, bkt: BktParameters = GENERIC_BKT): HonestPolicy {
  return {
    name,
    begin(setting, noise) {
      const practice = newPractice(setting, bkt);
      const { pick, observe } = chooser({ setting, practice, noise: (step) => noise(BASELINE_NOISE, step) });
      const choice = newChoice();
      return {
        choose(step) {
          choice.item = ANY_ITEM;
          choice.skill = pick(step, choice);
          return choice;
        },
        observe(step, skill, item, right) {
          practised(practice, step, skill, right);
          observe?.(step, skill, item, right);
        },
        estimate: (skill) => practice.known[skill] ?? 0,
      };
    },
  };
}

/** One of them, each as likely; of no skills, -1. */
export function oneOf(skills: ArrayLike<number>, uniform: number): number {
  return skills[Math.floor(skills.length * uniform)] ?? -1;
}
