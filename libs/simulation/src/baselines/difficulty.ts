// Always where the predicted chance of a right answer is nearest to an aim ("desirable difficulty").
import { exactFirst, exactNext, recallAfter, type Memory } from '@trellis/mastery';
import type { HonestPolicy } from '../policy.js';
import { RECALL } from '../recipe/tracker.js';
import { baseline, type Chooser, type Given } from './baseline.js';

/** Without this it would stay for ever on what is known. Where everything is known, the first skill is as good as any. */
const SKIPPED_FROM = 0.95;
/** What each use of an item that wears out takes from its chance to be chosen again, in probability. */
const USED_PENALTY = 0.15;

export function difficulty(name: string, aim: number): HonestPolicy {
  return baseline(name, (given) => chooser(given, aim));
}

function chooser({ setting, practice }: Given, aim: number): Chooser {
  const { neededSkills, difficulties, day, wearsOut } = setting;
  const { known, bkt } = practice;
  const memories: (Memory | undefined)[] = [];
  const days = new Float64Array(setting.skills);
  const uses = difficulties.map(({ length }) => new Int32Array(length));

  const elapsed = (skill: number, step: number): number => (day[step] ?? 0) - (days[skill] ?? 0);
  const recalled = (skill: number, step: number): number => {
    const memory = memories[skill];
    return (known[skill] ?? 0) * (memory === undefined ? 1 : recallAfter(elapsed(skill, step), memory.stability, RECALL));
  };
  return {
    pick(step, choice) {
      let nearest = Infinity;
      let chosen = neededSkills[0] ?? -1;
      for (const skill of neededSkills) {
        if ((known[skill] ?? 0) >= SKIPPED_FROM) continue;
        const k = recalled(skill, step);
        const right = k * (1 - bkt.slip) + (1 - k) * bkt.guess;
        const ofSkill = difficulties[skill] ?? new Float64Array();
        for (let item = 0; item < ofSkill.length; item++) {
          const itemDifficulty = ofSkill[item] as number;
          // As hard as the one before: it cannot be nearer.
          if (!wearsOut && item > 0 && itemDifficulty === ofSkill[item - 1]) continue;
          const distance = Math.abs(easedBy(right, itemDifficulty) - aim) + (wearsOut ? USED_PENALTY * (uses[skill]?.[item] ?? 0) : 0);
          if (distance >= nearest) continue;
          [nearest, chosen, choice.item] = [distance, skill, item];
        }
      }
      return chosen;
    },
    observe(step, skill, item, right) {
      const memory = memories[skill];
      memories[skill] = memory === undefined ? exactFirst(right, RECALL) : exactNext(memory, elapsed(skill, step), right, RECALL);
      days[skill] = day[step] ?? 0;
      const ofSkill = uses[skill];
      if (ofSkill !== undefined) ofSkill[item] = (ofSkill[item] ?? 0) + 1;
    },
  };
}

function easedBy(right: number, itemDifficulty: number): number {
  return 1 / (1 + Math.exp(itemDifficulty) * ((1 - right) / right));
}
