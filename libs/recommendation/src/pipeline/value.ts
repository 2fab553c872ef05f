// Stage 4: what each eligible skill is worth now. One score, whose parts are kept for the reason.
import type { ScoreParts } from '@trellis/learning';
import type { Current, LearnerState } from '@trellis/views';
import type { CourseMap } from '../course-map.js';
import type { Aim } from './objective.js';
import type { Knowledge } from './knowledge.js';

/** What part of a successor's worth flows to the skill that leads to it, and where worth ends. */
const VALUE_FLOW = 0.3;
const WORTH_MAX = 2;
/** What a doubtful prerequisite takes, per unit of doubt. */
const READINESS = 1.1;
/** A skill from here on hardly needs practice. */
const MASTERED = { at: 0.95, factor: 0.2 };
/** What is less remembered is reviewed, and what that adds beside learning. */
export const REVIEW = { below: 0.97, worth: 0.1, knownFrom: 0.5 };
/** Near what was practised last, or the first of a sitting, or a review: learning that hangs together. */
const LOCALITY = 150;
/** The same skill again, until a run is over. */
const AGAIN = { factor: 0.7, run: 6, afterRun: 0.05 };
/** While a skill is paused. Never 0: nothing can come to a standstill. */
const PAUSED = 0.05;
/** What a look back is worth at what a stuck skill builds on, while that one is paused: more than the skill once more, less than anything else. */
const LOOK_BACK = 0.01;

export interface Scored {
  readonly number: number;
  readonly value: number;
  readonly parts: ScoreParts;
}

export interface Scoring {
  readonly map: CourseMap;
  readonly aim: Pick<Aim, 'targets' | 'needed'>;
  readonly knowledge: Knowledge;
  readonly state: Pick<LearnerState, 'answers' | 'current'>;
  readonly learnOf: (number: number) => number;
  /** Nothing was answered yet in this sitting. */
  readonly isSittingNew: boolean;
  /** Pauses from which a skill is stuck. */
  readonly stuckAfter: number;
}

/** `eligible` in learning order. */
export function scores(scoring: Scoring, eligible: readonly number[]): readonly Scored[] {
  const { map, knowledge, state, isSittingNew } = scoring;
  const worth = worths(scoring);
  const current = currentOf(map, state.current);
  const near = nearSkills(map, current.skills);
  return eligible.map((number) => {
    const skill = map.skills[number];
    const m = knowledge.mastery[number] as number;
    const recall = knowledge.recall[number] as number;
    const known = knowledge.states[number];
    let doubt = 0;
    for (const { skill: before } of skill?.prerequisites ?? []) doubt += 1 - (knowledge.now[before] as number);
    let gain = scoring.learnOf(number) * (1 - m);
    if (recall < REVIEW.below) gain += REVIEW.worth * m * (1 - recall);
    else if (m >= MASTERED.at) gain *= MASTERED.factor;
    if (stuckOnto(scoring, number) !== null) gain = Math.max(gain, LOOK_BACK);
    const isReview = known !== undefined && known.answers > 0 && m >= REVIEW.knownFrom && recall < REVIEW.below;
    const isNear = state.current !== null && (isSittingNew || isReview || near.has(number));
    const parts: ScoreParts = {
      worth: worth[number] as number,
      readiness: Math.exp(-READINESS * doubt),
      gain,
      near: isNear ? 1 + LOCALITY : 1,
      again: current.skills.includes(number) ? (current.run < AGAIN.run ? AGAIN.factor : AGAIN.afterRun) : 1,
      pause: known !== undefined && known.pausedUntil > state.answers ? PAUSED : 1,
    };
    return { number, parts, value: valueOf(parts) };
  });
}

/** The first stuck skill, paused now, that builds on this one. */
export function stuckOnto({ map, aim: { needed }, knowledge, state: { answers }, stuckAfter }: Pick<Scoring, 'map' | 'aim' | 'knowledge' | 'stuckAfter'> & { readonly state: Pick<LearnerState, 'answers'> }, number: number): number | null {
  for (const next of map.skills[number]?.successors ?? []) {
    const known = knowledge.states[next];
    if (needed.has(next) && known !== undefined && known.pauses >= stuckAfter && known.pausedUntil > answers && knowledge.declared[next] !== 1) return next;
  }
  return null;
}

export function valueOf({ worth, readiness, gain, near, again, pause }: ScoreParts): number {
  return worth * readiness * gain * near * again * pause;
}

/** What each needed skill is worth for the aim: its own place in it, and a share of what it leads to and is not known yet. */
function worths({ map, aim: { targets, needed }, knowledge }: Scoring): Float64Array {
  const worth = new Float64Array(map.skills.length);
  for (let at = map.learningOrder.length - 1; at >= 0; at--) {
    const number = map.learningOrder[at] as number;
    if (!needed.has(number)) continue;
    let flowing = 0;
    for (const next of map.skills[number]?.successors ?? []) if (needed.has(next)) flowing += (worth[next] as number) * (1 - (knowledge.now[next] as number));
    worth[number] = Math.min(WORTH_MAX, (targets.has(number) ? 1 : 0) + VALUE_FLOW * flowing);
  }
  return worth;
}

function currentOf(map: CourseMap, current: Current | null): { readonly skills: readonly number[]; readonly run: number } {
  return { skills: current?.skills.flatMap((skill) => map.numberOf.get(skill) ?? []) ?? [], run: current?.run ?? 0 };
}

/** A skill itself, what it leads to and builds on, and what else those lead to and build on. */
function nearSkills(map: CourseMap, skills: readonly number[]): ReadonlySet<number> {
  const near = new Set<number>(skills);
  for (const number of skills) {
    for (const next of map.skills[number]?.successors ?? []) near.add(next);
    for (const { skill: before } of map.skills[number]?.prerequisites ?? []) {
      near.add(before);
      for (const next of map.skills[before]?.successors ?? []) near.add(next);
      for (const { skill: further } of map.skills[before]?.prerequisites ?? []) near.add(further);
    }
  }
  return near;
}
