// From scores to a choice: the best skill, or one drawn with a probability that is written down; then the item.
import { ANY_ITEM, type Choice } from '../policy.js';
import type { Setting } from '../world.js';
import type { RecipeConstants, Exploration } from './constants.js';
import { logit } from './logit.js';

const { abs, exp } = Math;

/** The first of those with the largest score. */
export function best(scores: Float64Array, skills: Int32Array): number {
  let chosen = skills[0] as number;
  for (let n = 1; n < skills.length; n++) {
    const skill = skills[n] as number;
    if ((scores[skill] as number) > (scores[chosen] as number)) chosen = skill;
  }
  return chosen;
}

/** Better ones more often; every plausible one with a known least probability. Writes the probabilities into `out`. */
export function draw(choice: Choice, out: Float64Array, scores: Float64Array, skills: Int32Array, uniform: number, { temperature, share, plausible }: Exploration): void {
  const most = scores[best(scores, skills)] as number;
  let [sum, plausibles] = [0, 0];
  for (let n = 0; n < skills.length; n++) {
    const skill = skills[n] as number;
    const relative = (scores[skill] as number) / most;
    out[skill] = exp((relative - 1) / temperature);
    sum += out[skill] as number;
    if (relative >= plausible) plausibles++;
  }
  let [left, drawn] = [uniform, skills[0] as number];
  for (let n = 0; n < skills.length; n++) {
    const skill = skills[n] as number;
    const even = (scores[skill] as number) >= plausible * most ? share / plausibles : 0;
    const probability = ((1 - share) * (out[skill] as number)) / sum + even;
    out[skill] = probability;
    if (left >= 0) drawn = skill;
    left -= probability;
  }
  choice.skill = drawn;
  choice.probability = out[drawn] as number;
  choice.probabilities = out;
}

/** Among the least used ones (all, where none wears out), that whose chance of a right answer is nearest to the aim. */
export function itemOf(skill: number, recalled: number, uses: Int32Array, { difficulties, wearsOut }: Setting, { itemTarget, bkt }: RecipeConstants): number {
  if (itemTarget === null) return ANY_ITEM;
  const most = wearsOut ? fewest(uses) : Infinity;
  const right = logit(recalled * (1 - bkt.slip) + (1 - recalled) * bkt.guess);
  const own = difficulties[skill] as Float64Array;
  let [chosen, least] = [-1, Infinity];
  for (let item = 0; item < uses.length; item++) {
    if ((uses[item] as number) > most) continue;
    const distance = abs(1 / (1 + exp((own[item] as number) - right)) - itemTarget);
    if (distance < least) [chosen, least] = [item, distance];
  }
  return chosen;
}

function fewest(uses: Int32Array): number {
  let least = Infinity;
  for (let item = 0; item < uses.length; item++) if ((uses[item] as number) < least) least = uses[item] as number;
  return least;
}
