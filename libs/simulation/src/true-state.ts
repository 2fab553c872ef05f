// What a policy could do that knew each student's true state: a mark for the others. Worth flows back along the prerequisites as far as what
// it leads to is not there yet; the choice is the skill with the largest worth times expected gain. Where answers are certain, the best
// sequence of three steps. It looks no further and plans no calendar, so it is no proof of what is possible.
import { ANY_ITEM, newChoice, type Choice, type TrueStatePolicy } from './policy.js';
import type { Lookahead, Setting, Student } from './world.js';

const STEPS_AHEAD = 3;
/** Smaller differences are noise of the arithmetic; the first of equals is chosen. */
const EQUAL_WITHIN = 1e-12;
/** Before the first answer. */
const NOWHERE = -1;

export function trueState(name: string): TrueStatePolicy {
  return {
    name,
    sees: 'true state',
    begin(setting, _noise, student, valueFlow) {
      const choice = newChoice();
      const { lookahead } = student;
      let place = NOWHERE;
      return {
        choose(step) {
          if (lookahead === null) takeBestNow(choice, setting, student, valueFlow);
          else choice.skill = bestAhead(setting, lookahead, place, Math.min(STEPS_AHEAD, setting.warmUp + setting.budget - step)).skill;
          return choice;
        },
        observe(_step, skill) {
          // What is far from it changes nothing, and does not move the student.
          if (within(setting, place).includes(skill)) place = skill;
        },
        estimate: (skill) => student.score(skill),
        declared: (skill) => student.mastered(skill),
      };
    },
  };
}

function takeBestNow(choice: Choice, setting: Setting, student: Student, valueFlow: number): void {
  const { neededSkills, items, wearsOut } = setting;
  const worth = worthOf(setting, student, valueFlow);
  let best = -Infinity;
  for (const skill of neededSkills) {
    const tried = wearsOut ? (items[skill] ?? 0) : 1;
    for (let item = 0; item < tried; item++) {
      const value = (worth[skill] ?? 0) * student.expectedGain(skill, item);
      if (value <= best + EQUAL_WITHIN) continue;
      [best, choice.skill, choice.item] = [value, skill, wearsOut ? item : ANY_ITEM];
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

function bestAhead(setting: Setting, lookahead: Lookahead, place: number, steps: number): { skill: number; worth: number } {
  const best = { skill: place, worth: -Infinity };
  if (steps === 0) return { skill: place, worth: lookahead.worth() };
  for (const skill of within(setting, place)) {
    lookahead.take(skill);
    const { worth } = bestAhead(setting, lookahead, skill, steps - 1);
    lookahead.undo();
    if (worth > best.worth + EQUAL_WITHIN) [best.skill, best.worth] = [skill, worth];
  }
  return best;
}

/** What can be learned from there. */
function within({ near, skills }: Setting, place: number): Iterable<number> & { includes(skill: number): boolean } {
  return near[place] ?? Array.from({ length: skills }, (_, skill) => skill);
}
