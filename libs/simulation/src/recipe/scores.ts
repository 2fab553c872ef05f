// What each needed skill is worth right now: what it leads to, times how ready it is, times what an answer would bring.
import type { Setting } from '../world.js';
import type { RecipeConstants } from './constants.js';
import type { PolicyGraph } from './graph.js';
import { estimateOf, logit } from './logit.js';
import type { Tracker } from './tracker.js';

const { exp, log2, max, min } = Math;

/** Of the moment of a choice, by skill. Written in place. */
export interface Moment {
  /** P(known) with what neighbours tell, and the same times recall. */
  readonly known: Float64Array;
  readonly recalled: Float64Array;
  readonly value: Float64Array;
  readonly score: Float64Array;
  /** Evidence of the successors of each skill. */
  readonly evidenceAfter: Float64Array;
}

export interface Place {
  readonly step: number;
  /** The skill practised last, -1 before any; and how often in a row. */
  readonly current: number;
  readonly run: number;
  readonly beginsSession: boolean;
}

export function newMoment(skills: number): Moment {
  const column = (): Float64Array => new Float64Array(skills);
  return { known: column(), recalled: column(), value: column(), score: column(), evidenceAfter: column() };
}

/** P(known) for choosing, before scoring and for whoever asks. */
export function estimate(moment: Moment, tracker: Tracker, { around }: PolicyGraph, constants: RecipeConstants): void {
  const { known, recalled, evidenceAfter } = moment;
  if (constants.spreading === 'when choosing') {
    for (let skill = 0; skill < known.length; skill++) evidenceAfter[skill] = sumOf(tracker.evidence, around.successors[skill] as Int32Array);
    for (let skill = 0; skill < known.length; skill++) {
      const after = around.successors[skill] as Int32Array;
      const told = sumOf(tracker.evidence, after) + 0.5 * sumOf(evidenceAfter, after) + sumOf(tracker.evidence, around.prerequisites[skill] as Int32Array);
      const kept = max(-constants.spreadWhenChoosingMax, min(constants.spreadWhenChoosingMax, told));
      known[skill] = estimateOf(logit(tracker.known[skill] as number) + (constants.spreadWhenChoosing / (1 + (tracker.answers[skill] as number))) * kept);
    }
  } else known.set(tracker.known);
  for (let skill = 0; skill < known.length; skill++) recalled[skill] = (known[skill] as number) * (tracker.recall[skill] as number);
}

/** Fills in the scores of the needed skills; none is zero, so that nothing can be stuck. */
export function score(moment: Moment, tracker: Tracker, place: Place, setting: Setting, graph: PolicyGraph, constants: RecipeConstants): void {
  flowValue(moment, setting, graph, constants);
  for (let n = 0; n < setting.neededSkills.length; n++) {
    const skill = setting.neededSkills[n] as number;
    moment.score[skill] = scoreOf(skill, moment, tracker, place, graph, constants);
  }
}

/** From what is learned late to what it rests on. */
function flowValue({ value, recalled }: Moment, { needed, target }: Setting, { successors }: PolicyGraph, { valueFlow, valueMax }: RecipeConstants): void {
  for (let skill = value.length - 1; skill >= 0; skill--) {
    const after = successors[skill] as Int32Array;
    let flowing = 0;
    for (let n = 0; n < after.length; n++) {
      const next = after[n] as number;
      if (needed[next] === 1) flowing += (value[next] as number) * (1 - (recalled[next] as number));
    }
    value[skill] = min(valueMax, (target[skill] as number) + valueFlow * flowing);
  }
}

function scoreOf(skill: number, { known, recalled, value }: Moment, tracker: Tracker, { step, current, run, beginsSession }: Place, { around, near }: PolicyGraph, c: RecipeConstants): number {
  const before = around.prerequisites[skill] as Int32Array;
  let missing = 0;
  for (let n = 0; n < before.length; n++) missing += 1 - (recalled[before[n] as number] as number);
  const [m, recall] = [known[skill] as number, tracker.recall[skill] as number];
  const isDue = recall < c.reviewBelow;
  let gain = c.bkt.learn * (1 - m);
  if (isDue) gain += c.reviewWeight * m * (1 - recall);
  if (c.information > 0) gain += c.information * informationOf(m, c);
  let score = (value[skill] as number) * exp(-c.readiness * missing) * gain;
  if (m >= c.masteredAt && !isDue) score *= c.masteredFactor;
  if (current >= 0) {
    const isReview = isDue && m >= 0.5 && (tracker.answers[skill] as number) > 0;
    if (beginsSession || isReview || near[current]?.[skill] === 1) score *= 1 + c.locality;
    if (skill === current) score *= run < c.runMax ? 1 - c.sameSkill : c.runFactor;
  }
  return (tracker.restsUntil[skill] as number) > step ? score * c.restFactor : score;
}

/** What an answer is expected to tell about whether the skill is known, in bits. */
function informationOf(known: number, { bkt: { guess, slip } }: RecipeConstants): number {
  return entropy(known * (1 - slip) + (1 - known) * guess) - known * entropy(slip) - (1 - known) * entropy(guess);
}

function entropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * log2(p) - (1 - p) * log2(1 - p);
}

function sumOf(values: Float64Array, skills: Int32Array): number {
  let sum = 0;
  for (let n = 0; n < skills.length; n++) sum += values[skills[n] as number] as number;
  return sum;
}
