// What a prediction carries of one learner: constant time and bounded growth an answer (one entry for each skill and item touched).
// The part that placement knows is placement's own, so both go on bit by bit alike.
import { logistic, type AbilityParameters, type Estimate } from '../ability.js';
import { newPlacement, newPlacementSkill, observePlacement, type PlacementLearner, type PlacementSkill } from '../placement.js';
import { easinessOfItem, easinessOfSkills, type Difficulties } from './difficulties.js';

/** What of the fit moves a learner's state. */
export interface Ground {
  /** By number of combination: numbers of its skills. */
  readonly combinations: readonly Int32Array[];
  readonly ability: AbilityParameters;
  readonly difficulties: Difficulties;
}

/** An item and its combination of skills, by their numbers; -1 for no item. */
export interface Asked {
  readonly item: number;
  readonly combination: number;
}

/** Changed in place by `observeAnswer`. */
export interface RunningState {
  readonly learner: PlacementLearner;
  /** The same filter without skills, and drifting faster. */
  readonly plain: Estimate;
  readonly skills: Map<number, RunningSkill>;
  readonly items: Map<number, RunningItem>;
  answers: number;
  right: number;
  /** Right answers in a row; negative for wrong ones. */
  streak: number;
  /** For each of `FADINGS`: right answers, answers and surprises, fading with each answer. */
  readonly faded: Float64Array;
  /** Scores less what the items alone made one expect, the latest first. */
  readonly surprises: Float64Array;
  /** The last `RING` answers; the answer number n (from 0) stands at n modulo `RING`. */
  readonly ringItem: Int32Array;
  readonly ringCombination: Int32Array;
  readonly ringRight: Uint8Array;
  /** The first skill of the last answer (-1: none), and for how many answers it has been among the skills asked. */
  previousSkill: number;
  run: number;
}

export interface RunningSkill extends PlacementSkill {
  right: number;
  /** As those of the learner, for `SKILL_FADINGS`, from answers on this skill. */
  readonly faded: Float64Array;
  /** The latest first: +1 right, -1 wrong, 0 none. */
  readonly last: Float64Array;
  readonly surprises: Float64Array;
  surprise: number;
  information: number;
  /** How many answers the learner had given before the last on this skill. */
  lastAt: number;
}

export interface RunningItem {
  answers: number;
  right: number;
  /** +1 right, -1 wrong. */
  last: number;
  lastAt: number;
}

export const RING = 20;
export const FADINGS = [0.7, 0.9, 0.98] as const;
export const SKILL_FADINGS = [0.5, 0.8, 0.95] as const;
export const SURPRISES = 5;
export const SKILL_LAST = 5;
export const SKILL_SURPRISES = 3;
const PLAIN_DRIFT = 0.02;
const PLAIN_VARIANCE = 0.7;

export function newRunningState({ ability }: Pick<Ground, 'ability'>): RunningState {
  return {
    learner: newPlacement(ability),
    plain: { mean: 0, variance: PLAIN_VARIANCE },
    skills: new Map(),
    items: new Map(),
    answers: 0,
    right: 0,
    streak: 0,
    faded: new Float64Array(3 * FADINGS.length),
    surprises: new Float64Array(SURPRISES),
    ringItem: new Int32Array(RING),
    ringCombination: new Int32Array(RING),
    ringRight: new Uint8Array(RING),
    previousSkill: -1,
    run: 0,
  };
}

export function newRunningSkill({ ability }: Pick<Ground, 'ability'>): RunningSkill {
  return {
    ...newPlacementSkill(ability),
    right: 0,
    faded: new Float64Array(3 * SKILL_FADINGS.length),
    last: new Float64Array(SKILL_LAST),
    surprises: new Float64Array(SKILL_SURPRISES),
    surprise: 0,
    information: 0,
    lastAt: -1,
  };
}

/** The learner's skills among those of the combination, `unseen` for each that is new. Fills and returns `out`; the state stays as it is. */
export function skillsOf(state: RunningState, { combinations }: Pick<Ground, 'combinations'>, combination: number, unseen: RunningSkill, out: RunningSkill[]): RunningSkill[] {
  const numbers = combinations[combination];
  const count = numbers?.length ?? 0;
  out.length = count;
  for (let n = 0; n < count; n++) out[n] = state.skills.get(numbers?.[n] ?? -1) ?? unseen;
  return out;
}

/** Whether the first skill of the last answer is asked again. */
export function isSame(state: RunningState, { combinations }: Pick<Ground, 'combinations'>, combination: number): boolean {
  return state.previousSkill >= 0 && (combinations[combination]?.includes(state.previousSkill) ?? false);
}

const touched: RunningSkill[] = [];

/** Takes in one answer, `right` being 1 or 0. */
export function observeAnswer(state: RunningState, ground: Ground, asked: Asked, right: number): void {
  const { combination, item } = asked;
  const easiness = { item: easinessOfItem(ground.difficulties, item, combination), skills: easinessOfSkills(ground.difficulties, combination) };
  const alone = logistic(easiness.item);
  const surprise = right - alone;
  const skills = touchedSkills(state, ground, combination);
  observePlacement(state.learner, skills, right, easiness, ground.ability);
  for (const skill of skills) observeSkill(skill, state.answers, right, surprise, alone * (1 - alone));
  observePlain(state.plain, right, easiness.item);
  if (item >= 0) observeItem(state, item, right);
  fade(state.faded, FADINGS, right, surprise);
  push(state.surprises, surprise);
  state.streak = right === 1 ? Math.max(0, state.streak) + 1 : Math.min(0, state.streak) - 1;
  state.run = isSame(state, ground, combination) ? state.run + 1 : 1;
  state.previousSkill = ground.combinations[combination]?.[0] ?? -1;
  const at = state.answers % RING;
  state.ringItem[at] = item;
  state.ringCombination[at] = combination;
  state.ringRight[at] = right;
  state.answers++;
  state.right += right;
}

function touchedSkills(state: RunningState, ground: Ground, combination: number): RunningSkill[] {
  touched.length = 0;
  for (const number of ground.combinations[combination] ?? []) {
    let skill = state.skills.get(number);
    if (skill === undefined) state.skills.set(number, (skill = newRunningSkill(ground)));
    touched.push(skill);
  }
  return touched;
}

function observeSkill(skill: RunningSkill, at: number, right: number, surprise: number, information: number): void {
  skill.right += right;
  fade(skill.faded, SKILL_FADINGS, right, surprise);
  push(skill.last, right === 1 ? 1 : -1);
  push(skill.surprises, surprise);
  skill.surprise += surprise;
  skill.information += information;
  skill.lastAt = at;
}

function observeItem({ items, answers }: RunningState, number: number, right: number): void {
  let item = items.get(number);
  if (item === undefined) items.set(number, (item = { answers: 0, right: 0, last: 0, lastAt: 0 }));
  item.answers++;
  item.right += right;
  item.last = right === 1 ? 1 : -1;
  item.lastAt = answers;
}

function observePlain(plain: Estimate, right: number, easiness: number): void {
  const expected = logistic(easiness + plain.mean);
  const before = plain.variance + PLAIN_DRIFT;
  plain.variance = before / (1 + before * expected * (1 - expected));
  plain.mean += plain.variance * (right - expected);
}

function fade(faded: Float64Array, by: readonly number[], right: number, surprise: number): void {
  for (let n = 0; n < by.length; n++) {
    const factor = by[n] as number;
    faded[3 * n] = factor * (faded[3 * n] as number) + right;
    faded[3 * n + 1] = factor * (faded[3 * n + 1] as number) + 1;
    faded[3 * n + 2] = factor * (faded[3 * n + 2] as number) + surprise;
  }
}

function push(latestFirst: Float64Array, value: number): void {
  for (let n = latestFirst.length - 1; n > 0; n--) latestFirst[n] = latestFirst[n - 1] as number;
  latestFirst[0] = value;
}
