// What is believed of one student's skills, folded from the answers: one estimate for choosing, one for declaring, memory, and rests after giving up.
import { DEFAULT_RECALL, exactFirst, exactNext, posteriorUnknown, recallAfter, type BktParameters, type Memory, type RecallParameters } from '@trellis/mastery';
import type { RecipeConstants } from './constants.js';
import type { Links } from './graph.js';
import { estimateOf, logit } from './logit.js';

/** The published weights; after a lapse no more is kept than there was, and never less than a hundredth of a day. */
export const RECALL: RecallParameters = { ...DEFAULT_RECALL, lapseShare: 1, stabilityMin: 0.01 };

/** One entry a skill. Written in place. */
export interface Tracker {
  /** P(known) for choosing, and for declaring. */
  readonly known: Float64Array;
  readonly declared: Float64Array;
  /** Log-likelihood ratio of the skill's own answers. */
  readonly evidence: Float64Array;
  readonly answers: Int32Array;
  readonly wrongInARow: Int32Array;
  readonly giveUps: Int32Array;
  /** It rests before this answer. */
  readonly restsUntil: Int32Array;
  readonly memories: (Memory | null)[];
  readonly lastDay: Float64Array;
  /** P(remembered) on the day reached. */
  readonly recall: Float64Array;
  day: number;
}

export interface Answered {
  readonly step: number;
  readonly skill: number;
  readonly right: boolean;
  /** Given, not chosen: wrong answers count, but nothing is given up before the first choice. */
  readonly given: boolean;
}

export function newTracker(skills: number, { bkt }: RecipeConstants): Tracker {
  return {
    known: new Float64Array(skills).fill(bkt.prior),
    declared: new Float64Array(skills).fill(bkt.prior),
    evidence: new Float64Array(skills),
    answers: new Int32Array(skills),
    wrongInARow: new Int32Array(skills),
    giveUps: new Int32Array(skills),
    restsUntil: new Int32Array(skills),
    memories: new Array<Memory | null>(skills).fill(null),
    lastDay: new Float64Array(skills),
    recall: new Float64Array(skills).fill(1),
    day: 0,
  };
}

/** Recall of all skills on a day; the same day again costs nothing. */
export function reachDay(tracker: Tracker, day: number): void {
  if (tracker.day === day) return;
  tracker.day = day;
  for (let skill = 0; skill < tracker.recall.length; skill++) {
    const memory = tracker.memories[skill];
    if (memory) tracker.recall[skill] = recallAfter(day - (tracker.lastDay[skill] as number), memory.stability, RECALL);
  }
}

/** `recalled`: P(known and remembered) of each skill as it was when the item was chosen. */
export function track(tracker: Tracker, answered: Answered, recalled: Float64Array, { prerequisites, successors }: Links, constants: RecipeConstants): void {
  const { skill, right } = answered;
  const { bkt } = constants;
  const { known, declared, recall } = tracker;
  const before = known[skill] as number;
  const [r, n] = [recall[skill] as number, tracker.answers[skill] as number];
  const posterior = posteriorOf(constants.fades ? before * r : before, right, bkt);
  known[skill] = posterior + (1 - posterior) * bkt.learn;
  const own = posteriorOf((declared[skill] as number) * r, right, bkt);
  declared[skill] = own + (1 - own) * (constants.declaredLearn ?? bkt.learn);
  tracker.evidence[skill] = (tracker.evidence[skill] as number) + evidenceOf(right, bkt);
  remember(tracker, skill, right);
  if (constants.spreading === 'when answering') {
    const change = logit(posterior) - logit(constants.fades ? before * r : before);
    for (const prerequisite of prerequisites[skill] as Int32Array) {
      move(tracker, prerequisite, constants.spread * change);
      for (const further of prerequisites[prerequisite] as Int32Array) move(tracker, further, 0.5 * constants.spread * change);
    }
    for (const successor of successors[skill] as Int32Array) move(tracker, successor, constants.spread * change);
  }
  tracker.answers[skill] = n + 1;
  if (right) tracker.wrongInARow[skill] = 0;
  else countWrong(tracker, answered, { recalled, prerequisites: prerequisites[skill] as Int32Array }, constants);
}

function posteriorOf(known: number, right: boolean, bkt: BktParameters): number {
  return 1 - posteriorUnknown(1 - known, right ? 1 : 0, bkt);
}

function evidenceOf(right: boolean, { guess, slip }: BktParameters): number {
  return right ? Math.log((1 - slip) / guess) : Math.log(slip / (1 - guess));
}

/** Less, the more the skill has answers of its own. */
function move({ known, answers }: Tracker, skill: number, logOdds: number): void {
  known[skill] = estimateOf(logit(known[skill] as number) + logOdds / (1 + (answers[skill] as number)));
}

function remember(tracker: Tracker, skill: number, right: boolean): void {
  const memory = tracker.memories[skill] ?? null;
  tracker.memories[skill] = memory === null ? exactFirst(right, RECALL) : exactNext(memory, tracker.day - (tracker.lastDay[skill] as number), right, RECALL);
  tracker.lastDay[skill] = tracker.day;
  tracker.recall[skill] = 1;
}

/** Wheel-spinning: after so many wrong in a row the skill rests, longer each time, and its weakest prerequisite is doubted. */
function countWrong(
  tracker: Tracker,
  { step, skill, given }: Answered,
  { recalled, prerequisites }: { recalled: Float64Array; prerequisites: Int32Array },
  { giveUpAfter, restAnswers, restDoublingsMax, doubt }: RecipeConstants,
): void {
  const wrong = (tracker.wrongInARow[skill] as number) + 1;
  const givesUp = giveUpAfter > 0 && wrong >= giveUpAfter && !given;
  tracker.wrongInARow[skill] = givesUp ? 0 : wrong;
  if (!givesUp) return;
  const giveUps = (tracker.giveUps[skill] as number) + 1;
  tracker.giveUps[skill] = giveUps;
  tracker.restsUntil[skill] = step + 1 + restAnswers * 2 ** Math.min(giveUps - 1, restDoublingsMax);
  let weakest = -1;
  for (const prerequisite of prerequisites) {
    if (weakest === -1 || (recalled[prerequisite] as number) < (recalled[weakest] as number)) weakest = prerequisite;
  }
  if (weakest !== -1 && doubt > 0) tracker.known[weakest] = estimateOf(logit(tracker.known[weakest] as number) - doubt);
}
