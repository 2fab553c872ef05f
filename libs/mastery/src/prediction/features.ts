// A question as numbers: what the learner did so far, what others' answers say of the item, and what usually comes after what.
import { PLACEMENT_WIDTH, placementFeatures } from '../placement.js';
import { expectation, logistic } from '../ability.js';
import { easinessOfItem, easinessOfSkills } from './difficulties.js';
import { FADINGS, isSame, newRunningSkill, RING, SKILL_FADINGS, SKILL_LAST, SKILL_SURPRISES, skillsOf, SURPRISES, type Asked, type Ground, type RunningSkill, type RunningState } from './running-state.js';
import { COMBINATION_DRAWN_ROWS, DRAWN_ROWS, type Statics } from './statics.js';
import { COMBINATION_WINDOW_AT, ITEM_WINDOW_AT, KEYS_WIDTH, SINGLE_KEYS, transitionKeys } from './transition-keys.js';
import { lookUp, type Transitions, type TransitionSums } from './transition-tables.js';

/** All that a prediction rests on beside the learner and the weights. */
export interface PredictionTables extends Ground {
  readonly statics: Statics;
  readonly transitions: Transitions;
}

const LAST = 8;
/** Added to the variance behind an effect, by single key: what is rare counts little. */
const SINGLE_SHRINKAGE = [5, 5, 3, 3, 3, 2, 2, 2] as const;
const ITEM_SHRINKAGE = 3;
const COMBINATION_SHRINKAGE = 5;
const WINDOW_FADINGS = [0.6, 0.85, 0.95] as const;
const RIGHT_PRIOR = 0.65;
const STREAK_MAX = 10;

const each = (name: string, endings: readonly (string | number)[]): readonly string[] => endings.map((ending) => `${name}${ending}`);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);
const OVERALL = [
  ...['o_logn', 'o_logw', 'o_logl', ...each('o_dec', [70, 90, 98]), ...each('o_rdec', [70, 90, 98]), ...each('o_last', upTo(LAST))],
  ...[...each('o_lres', upTo(SURPRISES)), 'o_streak', 'o_th', 'o_v', 'o_th2', 'o_RV', 'o_nsk'],
];
const OF_SKILLS = [
  ...['s_logn', 's_logw', 's_logl', ...each('s_dec', [50, 80, 95]), ...each('s_rdec', [50, 80, 95]), ...each('s_last', upTo(SKILL_LAST))],
  ...[...each('s_lres', upTo(SKILL_SURPRISES)), 's_streak', 's_gap', 's_first', 's_phi', 's_v', 's_RV'],
];
const CONTEXT = ['s_phi_min', 's_logn_min', 'skills', 'same', 'same_run', 'i_logn', 'i_logw', 'i_last', 'i_gap', 'z_elo'];
const STATIC = ['bi', 'bs', 'log_ni', 'log_nc', 'raw', 'i_after_right', 'i_position'];
const ITEM_WINDOW = ['dec60', 'dec85', 'dec95', 'pool', 'poolc', 'max', 'min', 'cnt'].map((name) => `iw_${name}`);
const COMBINATION_WINDOW = ['dec60', 'dec85', 'dec95', 'pool'].map((name) => `cw_${name}`);

/** In the order in which they are written. */
export const PREDICTION_FEATURES: readonly string[] = [
  ...OVERALL,
  ...OF_SKILLS,
  ...CONTEXT,
  ...STATIC,
  ...SINGLE_KEYS.flatMap((name) => [name, `${name}_n`]),
  ...ITEM_WINDOW,
  ...COMBINATION_WINDOW,
];
export const PREDICTION_WIDTH = PREDICTION_FEATURES.length;

/** The few that carry most; the first seven are those of placement. */
export const SIMPLE_FEATURES = ['bi', 'z_elo', 'bs', 'o_dec70', 'o_RV', 's_first', 's_streak', 'skpy', 'skpair2', 'item_sl', 'cw_dec85', 'iw_dec85', 'iw_min', 'iw_max'] as const;
export const SIMPLE_WIDTH = SIMPLE_FEATURES.length;
/** `PLACEMENT_FEATURES`, by their names here. */
export const PLACEMENT_NAMES: readonly string[] = ['bi', 'z_elo', 'bs', 'o_dec70', 'o_RV', 's_first', 's_streak', 's_logn', 's_logn_min'];
const PLACEMENT_IN_SIMPLE = 7;

/** Room to work in: one for each thread of predictions, not for each learner. */
export class FeatureWriter {
  private readonly keys = new Float64Array(KEYS_WIDTH);
  private readonly numbers = new Int32Array(KEYS_WIDTH);
  private readonly window = new Float64Array(ITEM_WINDOW.length);
  private readonly placement = new Float64Array(PLACEMENT_WIDTH);
  private readonly skills: RunningSkill[] = [];
  private readonly unseen: RunningSkill;

  constructor(private readonly tables: PredictionTables) {
    this.unseen = newRunningSkill(tables);
  }

  /** Writes `PREDICTION_FEATURES` into the first places of `out`. */
  write(state: RunningState, asked: Asked, out: Float64Array): void {
    const skills = this.skillsOf(state, asked);
    this.lookUp(state, asked, skills);
    this.writeNumbered(state, asked, this.numbers, 0, out);
  }

  /** As `write`, where the numbers of the keys stand in `numbers` from `at` on already. */
  writeNumbered(state: RunningState, asked: Asked, numbers: Int32Array, at: number, out: Float64Array): void {
    const skills = this.skillsOf(state, asked);
    const { sums } = this.tables.transitions;
    let to = writeOverall(state, out);
    to = writeSkills(state, skills, out, to);
    to = writeContext(state, this.tables, asked, skills, out, to);
    to = writeStatics(this.tables, asked, out, to);
    for (let n = 0; n < SINGLE_KEYS.length; n++) {
      const number = numbers[at + n] as number;
      out[to++] = effectOf(sums, number, SINGLE_SHRINKAGE[n] as number);
      out[to++] = Math.log(1 + (number < 0 ? 0 : (sums.seen[number] as number)));
    }
    overWindow(sums, numbers, at + ITEM_WINDOW_AT, ITEM_SHRINKAGE, this.window);
    for (let n = 0; n < ITEM_WINDOW.length; n++) out[to++] = this.window[n] as number;
    overWindow(sums, numbers, at + COMBINATION_WINDOW_AT, COMBINATION_SHRINKAGE, this.window);
    for (let n = 0; n < COMBINATION_WINDOW.length; n++) out[to++] = this.window[n] as number;
  }

  /** Writes `SIMPLE_FEATURES` into the first places of `out`. */
  writeSimple(state: RunningState, asked: Asked, out: Float64Array): void {
    const { numbers, window } = this;
    const { sums } = this.tables.transitions;
    const skills = this.skillsOf(state, asked);
    this.lookUp(state, asked, skills);
    this.writePlacement(state, asked, this.placement);
    for (let n = 0; n < PLACEMENT_IN_SIMPLE; n++) out[n] = this.placement[n] as number;
    out[7] = effectOf(sums, numbers[0] as number, SINGLE_SHRINKAGE[0]);
    out[8] = effectOf(sums, numbers[1] as number, SINGLE_SHRINKAGE[1]);
    out[9] = effectOf(sums, numbers[3] as number, SINGLE_SHRINKAGE[3]);
    overWindow(sums, numbers, COMBINATION_WINDOW_AT, COMBINATION_SHRINKAGE, window);
    out[10] = window[1] as number;
    overWindow(sums, numbers, ITEM_WINDOW_AT, ITEM_SHRINKAGE, window);
    out[11] = window[1] as number;
    out[12] = window[6] as number;
    out[13] = window[5] as number;
  }

  /** Writes `PLACEMENT_FEATURES` into the first places of `out`. */
  writePlacement(state: RunningState, { item, combination }: Asked, out: Float64Array): void {
    const { difficulties } = this.tables;
    const easiness = { item: easinessOfItem(difficulties, item, combination), skills: easinessOfSkills(difficulties, combination) };
    placementFeatures(state.learner, this.skillsOf(state, { item, combination }), easiness, out);
  }

  private skillsOf(state: RunningState, { combination }: Asked): RunningSkill[] {
    return skillsOf(state, this.tables, combination, this.unseen, this.skills);
  }

  private lookUp(state: RunningState, asked: Asked, skills: readonly RunningSkill[]): void {
    transitionKeys(state, asked, skills, this.keys);
    lookUp(this.tables.transitions, this.keys, this.numbers);
  }
}

function writeOverall(state: RunningState, out: Float64Array): number {
  const { learner, answers, right, faded, surprises, ringRight } = state;
  let to = 0;
  out[to++] = Math.log(1 + answers);
  out[to++] = Math.log(1 + right);
  out[to++] = Math.log(1 + answers - right);
  for (let n = 0; n < FADINGS.length; n++) out[to++] = ((faded[3 * n] as number) + RIGHT_PRIOR) / ((faded[3 * n + 1] as number) + 1);
  for (let n = 0; n < FADINGS.length; n++) out[to++] = (faded[3 * n + 2] as number) / ((faded[3 * n + 1] as number) + 1);
  for (let back = 1; back <= LAST; back++) out[to++] = back > answers ? 0 : ringRight[(answers - back) % RING] === 1 ? 1 : -1;
  for (let n = 0; n < SURPRISES; n++) out[to++] = surprises[n] as number;
  out[to++] = clipped(state.streak);
  out[to++] = learner.ability.mean;
  out[to++] = learner.ability.variance;
  out[to++] = state.plain.mean;
  out[to++] = learner.surprise / (1 + learner.information);
  out[to++] = Math.log(1 + state.skills.size);
  return to;
}

/** Means over the skills. */
function writeSkills({ answers }: RunningState, skills: readonly RunningSkill[], out: Float64Array, from: number): number {
  out.fill(0, from, from + OF_SKILLS.length);
  for (const skill of skills) {
    const { faded, last, surprises } = skill;
    let to = from;
    const add = (value: number) => {
      out[to] = (out[to] as number) + value;
      to++;
    };
    add(Math.log(1 + skill.answers));
    add(Math.log(1 + skill.right));
    add(Math.log(1 + skill.answers - skill.right));
    for (let n = 0; n < SKILL_FADINGS.length; n++) add(((faded[3 * n] as number) + RIGHT_PRIOR) / ((faded[3 * n + 1] as number) + 1));
    for (let n = 0; n < SKILL_FADINGS.length; n++) add((faded[3 * n + 2] as number) / ((faded[3 * n + 1] as number) + 1));
    for (let n = 0; n < SKILL_LAST; n++) add(last[n] as number);
    for (let n = 0; n < SKILL_SURPRISES; n++) add(surprises[n] as number);
    add(clipped(skill.streak));
    add(skill.answers === 0 ? 0 : Math.log(1 + answers - skill.lastAt));
    add(skill.answers === 0 ? 1 : 0);
    add(skill.mean);
    add(skill.variance);
    add(skill.surprise / (1 + skill.information));
  }
  // Divided at the end, as placement does it: the same bits.
  for (let to = from; to < from + OF_SKILLS.length; to++) out[to] = (out[to] as number) / Math.max(1, skills.length);
  return from + OF_SKILLS.length;
}

function writeContext(state: RunningState, ground: Ground, asked: Asked, skills: readonly RunningSkill[], out: Float64Array, from: number): number {
  let lowest = Infinity;
  let fewest = Infinity;
  for (const { mean, answers } of skills) {
    lowest = Math.min(lowest, mean);
    fewest = Math.min(fewest, answers);
  }
  const same = isSame(state, ground, asked.combination);
  const item = state.items.get(asked.item);
  let to = from;
  out[to++] = skills.length === 0 ? 0 : lowest;
  out[to++] = Math.log(1 + (skills.length === 0 ? 0 : fewest));
  out[to++] = Math.max(0, skills.length - 1);
  out[to++] = same ? 1 : 0;
  out[to++] = same ? Math.log(1 + state.run) : 0;
  out[to++] = Math.log(1 + (item?.answers ?? 0));
  out[to++] = Math.log(1 + (item?.right ?? 0));
  out[to++] = item?.last ?? 0;
  out[to++] = item === undefined ? 0 : Math.log(1 + state.answers - item.lastAt);
  out[to++] = expectation(state.learner.ability.mean, skills, easinessOfItem(ground.difficulties, asked.item, asked.combination));
  return to;
}

function writeStatics({ difficulties, statics }: PredictionTables, { item, combination }: Asked, out: Float64Array, from: number): number {
  const ofItem = difficulties.itemCount[item] ?? 0;
  const ofSkills = difficulties.combinationCount[combination] ?? 0;
  const skillsShare = ((statics.combinationRight[combination] ?? 0) + COMBINATION_DRAWN_ROWS * statics.rightShare) / (ofSkills + COMBINATION_DRAWN_ROWS);
  const share = ((statics.itemRight[item] ?? 0) + DRAWN_ROWS * skillsShare) / (ofItem + DRAWN_ROWS);
  let to = from;
  out[to++] = easinessOfItem(difficulties, item, combination);
  out[to++] = easinessOfSkills(difficulties, combination);
  out[to++] = Math.log(1 + ofItem);
  out[to++] = Math.log(1 + ofSkills);
  out[to++] = logitOfShare(share);
  out[to++] = statics.itemAfterRight[item] ?? statics.afterRightShare;
  out[to++] = statics.itemPosition[item] ?? statics.position;
  return to;
}

function effectOf({ surprise, variance }: TransitionSums, number: number, shrinkage: number): number {
  return number < 0 ? 0 : (surprise[number] as number) / ((variance[number] as number) + shrinkage);
}

/** Effects of the last answers, weighed by how long ago they are, and pooled. In the order of `ITEM_WINDOW`. */
function overWindow(sums: TransitionSums, numbers: Int32Array, from: number, shrinkage: number, out: Float64Array): void {
  const { surprise, variance, seen, seenAtLeast } = sums;
  const [near, middle, far] = WINDOW_FADINGS;
  let [nearWeight, middleWeight, farWeight] = [1, 1, 1];
  let [nearSum, middleSum, farSum] = [0, 0, 0];
  let [surpriseSum, varianceSum, known] = [0, 0, 0];
  let [highest, lowest] = [-Infinity, Infinity];
  for (let back = 0; back < RING; back++) {
    const number = numbers[from + back] as number;
    let effect = 0;
    if (number >= 0 && (seen[number] as number) >= seenAtLeast) {
      const ofKey = variance[number] as number;
      effect = (surprise[number] as number) / (ofKey + shrinkage);
      surpriseSum += surprise[number] as number;
      varianceSum += ofKey;
      if (ofKey > 0) known++;
      nearSum += nearWeight * effect;
      middleSum += middleWeight * effect;
      farSum += farWeight * effect;
    }
    if (effect > highest) highest = effect;
    if (effect < lowest) lowest = effect;
    nearWeight *= near;
    middleWeight *= middle;
    farWeight *= far;
  }
  out[0] = nearSum;
  out[1] = middleSum;
  out[2] = farSum;
  out[3] = surpriseSum / (varianceSum + 2 * shrinkage);
  out[4] = Math.log(1 + varianceSum);
  out[5] = highest;
  out[6] = lowest;
  out[7] = known / RING;
}

function clipped(streak: number): number {
  return Math.max(-STREAK_MAX, Math.min(STREAK_MAX, streak));
}

function logitOfShare(share: number): number {
  const least = logistic(-STREAK_MAX);
  const inside = Math.max(least, Math.min(1 - least, share));
  return Math.log(inside / (1 - inside));
}
