// What a policy could do that knew each student's true state: a mark for the others. Worth flows back along the prerequisites as far as what
// it leads to is not there yet; the choice is the item with the largest worth times expected gain. Where answers are certain, the best
// sequence of three steps. It looks no further, so it is no proof of what is possible.
import { newChoice, type Choice, type TrueStatePolicy } from './policy.js';
import type { Lookahead, Setting, Student } from './world.js';

const STEPS_AHEAD = 3;
/** Smaller differences are noise of the arithmetic; the first of equals is chosen. */
const EQUAL_WITHIN = 1e-12;

export function trueState(name: string): TrueStatePolicy {
  return {
    name,
    sees: 'true state',
    begin(setting, _noise, student, valueFlow) {
      const choice = newChoice();
      const { lookahead } = student;
      return {
        choose(step) {
          if (lookahead === null) bestNow(choice, setting, student, valueFlow);
          else choice.skill = bestAhead(setting, lookahead, Math.min(STEPS_AHEAD, setting.warmUp + setting.budget - step)).skill;
          return choice;
        },
        observe: () => undefined,
        estimate: (skill) => student.score(skill),
        declared: (skill) => student.mastered(skill),
      };
    },
  };
}

function bestNow(choice: Choice, setting: Setting, student: Student, valueFlow: number): void {
  const { neededSkills, items } = setting;
  const worth = worthOf(setting, student, valueFlow);
  let best = -Infinity;
  for (const skill of neededSkills) {
    for (let item = 0; item < (items[skill] ?? 0); item++) {
      const value = (worth[skill] ?? 0) * student.expectedGain(skill, item);
      if (value <= best + EQUAL_WITHIN) continue;
      [best, choice.skill, choice.item] = [value, skill, item];
    }
  }
}

function worthOf({ skills, target, needed, successors }: Setting, student: Student, valueFlow: number): Float64Array {
  const worth = new Float64Array(skills);
  for (let skill = skills - 1; skill >= 0; skill--) {
    let flowing = 0;
    for (const next of successors[skill] ?? []) {
      if (needed[next] === 1) flowing += (worth[next] ?? 0) * (1 - student.score(next));
    }
    worth[skill] = (target[skill] ?? 0) + valueFlow * flowing;
  }
  return worth;
}

function bestAhead(setting: Setting, lookahead: Lookahead, steps: number): { skill: number; worth: number } {
  const best = { skill: 0, worth: -Infinity };
  if (steps === 0) return { skill: 0, worth: lookahead.worth() };
  for (let skill = 0; skill < setting.skills; skill++) {
    lookahead.take(skill);
    const { worth } = bestAhead(setting, lookahead, steps - 1);
    lookahead.undo();
    if (worth > best.worth + EQUAL_WITHIN) [best.skill, best.worth] = [skill, worth];
  }
  return best;
}
