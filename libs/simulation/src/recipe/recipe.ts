// The recipe as a policy: one score with one set of constants, in every world.
import { newChoice, RECIPE_NOISE, STOP, type HonestPolicy } from '../policy.js';
import { best, draw, itemOf } from './choice.js';
import type { RecipeConstants } from './constants.js';
import { policyGraph } from './graph.js';
import { estimate, newMoment, score } from './scores.js';
import { newTracker, reachDay, track } from './tracker.js';

export function recipe(name: string, constants: RecipeConstants): HonestPolicy {
  return {
    name,
    begin(setting, noise) {
      const { day, session, neededSkills, targets, warmUp } = setting;
      const graph = policyGraph(setting, noise, constants);
      const tracker = newTracker(setting.skills, constants);
      const moment = newMoment(setting.skills);
      const uses = Array.from(setting.items, (items) => new Int32Array(items));
      const probabilities = new Float64Array(setting.skills);
      const choice = newChoice();
      let [current, run] = [-1, 0];

      const declared = (skill: number): boolean =>
        constants.declaring === 'estimate'
          ? (moment.known[skill] as number) >= constants.declaredAt
          : (tracker.declared[skill] as number) >= constants.declaredAt && (tracker.recall[skill] as number) >= constants.declaredRecall;

      const look = (step: number): void => {
        reachDay(tracker, day[step] as number);
        estimate(moment, tracker, graph, constants);
      };

      return {
        choose(step) {
          look(step);
          if (constants.stops && targets.every(declared)) {
            choice.skill = STOP;
            return choice;
          }
          score(moment, tracker, { step, current, run, beginsSession: step === 0 || session[step] !== session[step - 1] }, setting, graph, constants);
          if (constants.exploration === null) choice.skill = best(moment.score, neededSkills);
          else draw(choice, probabilities, moment.score, neededSkills, noise(RECIPE_NOISE, step), constants.exploration);
          choice.item = itemOf(choice.skill, moment.recalled[choice.skill] as number, uses[choice.skill] as Int32Array, setting, constants);
          return choice;
        },
        observe(step, skill, item, right) {
          if (step < warmUp) look(step);
          track(tracker, { step, skill, right, given: step < warmUp }, moment.recalled, graph.around, constants);
          run = skill === current ? run + 1 : 1;
          current = skill;
          const ofSkill = uses[skill];
          if (ofSkill !== undefined) ofSkill[item] = (ofSkill[item] ?? 0) + 1;
          if (step === warmUp + setting.budget - 1) estimate(moment, tracker, graph, constants);
        },
        estimate: (skill) => moment.known[skill] as number,
        declared,
      };
    },
  };
}
