// Always where the predicted chance of a right answer is nearest to an aim ("desirable difficulty").
import { DEFAULT_RECALL, firstMemory, nextMemory, recallAfter, type Memory } from '@trellis/mastery';
import type { HonestPolicy } from '../policy.js';
import { baseline } from './baseline.js';
import { leastOf } from './practice.js';

/** Without this it would stay for ever on what is known. */
const SKIPPED_FROM = 0.95;
/** What each use of an item takes from its chance to be chosen again, in probability. */
const USED_PENALTY = 0.15;

export function difficulty(name: string, aim: number): HonestPolicy {
  return baseline(name, ({ setting, practice }) => {
    const { neededSkills, difficulties, day, wearsOut } = setting;
    const { known, lastStep, bkt } = practice;
    const memories: (Memory | undefined)[] = [];
    const days: number[] = [];
    const uses = difficulties.map(({ length }) => new Int32Array(length));
    const recalled = (skill: number, step: number): number => {
      const memory = memories[skill];
      return memory === undefined ? 1 : recallAfter(Math.floor((day[step] ?? 0) - (days[skill] ?? 0)), memory.stability, DEFAULT_RECALL);
    };
    const leastUsed = (skill: number): number => leastOf((uses[skill] ?? []).keys(), (item) => uses[skill]?.[item] ?? 0);
    const distance = (skill: number, step: number): number => {
      const k = (known[skill] ?? 0) * recalled(skill, step);
      const item = leastUsed(skill);
      const right = easedBy(k * (1 - bkt.slip) + (1 - k) * bkt.guess, difficulties[skill]?.[item] ?? 0);
      return Math.abs(right - aim) + USED_PENALTY * (uses[skill]?.[item] ?? 0);
    };
    return {
      pick: (step, choice) => {
        const open = neededSkills.filter((skill) => (known[skill] ?? 0) < SKIPPED_FROM);
        const skill = leastOf(open.length > 0 ? open : neededSkills, (each) => distance(each, step));
        choice.item = leastUsed(skill);
        return skill;
      },
      observe: (step, skill, item, right) => {
        const memory = memories[skill];
        const elapsed = Math.floor((day[step] ?? 0) - (days[skill] ?? 0));
        memories[skill] = memory === undefined ? firstMemory(right, DEFAULT_RECALL) : nextMemory(memory, elapsed, right, DEFAULT_RECALL);
        days[skill] = day[step] ?? 0;
        const ofSkill = uses[skill];
        if (wearsOut && ofSkill !== undefined) ofSkill[item] = (ofSkill[item] ?? 0) + 1;
      },
    };
  });
}

function easedBy(right: number, itemDifficulty: number): number {
  return 1 / (1 + Math.exp(itemDifficulty) * ((1 - right) / right));
}
