// Stage 4: what each eligible skill is worth now. One score, whose parts are kept for the reason.
import type { ScoreParts } from '@trellis/learning';
import type { LearnerState, SkillState } from '@trellis/views';
import type { CourseMap, MappedSkill } from '../course-map.js';
import type { Aim } from './objective.js';
import type { Knowledge } from './knowledge.js';

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { exp, max, min } = Math;

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
  readonly aim: Pick<Aim, 'targets' | 'needed' | 'path'>;
  readonly knowledge: Knowledge;
  readonly state: Pick<LearnerState, 'answers' | 'current'>;
  /** By number of skill: P(learned from one answer). */
  readonly learn: Float64Array;
  /** Nothing was answered yet in this sitting. */
  readonly isSittingNew: boolean;
  /** Pauses from which a skill is stuck. */
  readonly stuckAfter: number;
}

/** `eligible` in learning order. */
export function scores(scoring: Scoring, eligible: readonly number[]): readonly Scored[] {
  const rate = rater(scoring);
  return eligible.map((number) => {
    const parts = rate(number);
    return { number, parts, value: valueOf(parts) };
  });
}

/** The parts of any eligible skill's score. */
export function rater(scoring: Scoring): (number: number) => ScoreParts {
  const { map: { skills, numberOf }, knowledge, state, learn, isSittingNew } = scoring;
  const worth = worths(scoring);
  const isBase = basesOfStuck(scoring);
  const current = state.current?.skills.flatMap((skill) => numberOf.get(skill) ?? []) ?? [];
  const run = state.current?.run ?? 0;
  const isNear = nearSkills(scoring.map, current);
  return (number) => {
    const m = knowledge.mastery[number] as number;
    const recall = knowledge.recall[number] as number;
    const known = knowledge.states[number] as SkillState;
    let doubt = 0;
    for (const before of (skills[number] as MappedSkill).before) doubt += 1 - (knowledge.now[before] as number);
    let gain = (learn[number] as number) * (1 - m);
    if (recall < REVIEW.below) gain += REVIEW.worth * m * (1 - recall);
    else if (m >= MASTERED.at) gain *= MASTERED.factor;
    if (isBase?.[number] === 1) gain = max(gain, LOOK_BACK);
    const isReview = known.answers > 0 && m >= REVIEW.knownFrom && recall < REVIEW.below;
    const hangsTogether = state.current !== null && (isSittingNew || isReview || isNear[number] === 1);
    return {
      worth: worth[number] as number,
      readiness: doubt === 0 ? 1 : exp(-READINESS * doubt),
      gain,
      near: hangsTogether ? 1 + LOCALITY : 1,
      again: current.includes(number) ? (run < AGAIN.run ? AGAIN.factor : AGAIN.afterRun) : 1,
      pause: known.pausedUntil > state.answers ? PAUSED : 1,
    };
  };
}

export function valueOf({ worth, readiness, gain, near, again, pause }: ScoreParts): number {
  return worth * readiness * gain * near * again * pause;
}

/** A stuck skill that is paused now. */
function isStuckNow({ knowledge, state: { answers }, stuckAfter }: Pick<Scoring, 'knowledge' | 'stuckAfter'> & { readonly state: Pick<LearnerState, 'answers'> }, number: number): boolean {
  const known = knowledge.states[number];
  return known !== undefined && known.pauses >= stuckAfter && known.pausedUntil > answers && knowledge.declared[number] !== 1;
}

/** The first stuck skill that builds on this one, or null. */
export function stuckOnto(scoring: Pick<Scoring, 'map' | 'aim' | 'knowledge' | 'stuckAfter'> & { readonly state: Pick<LearnerState, 'answers'> }, number: number): number | null {
  return scoring.map.skills[number]?.successors.find((next) => scoring.aim.needed.has(next) && isStuckNow(scoring, next)) ?? null;
}

/** 1: a stuck skill builds on it. Null where none is stuck. */
function basesOfStuck(scoring: Scoring): Uint8Array | null {
  const { map: { skills }, aim: { path } } = scoring;
  let isBase: Uint8Array | null = null;
  for (const number of path) {
    if (!isStuckNow(scoring, number)) continue;
    isBase ??= new Uint8Array(skills.length);
    for (const before of (skills[number] as MappedSkill).before) isBase[before] = 1;
  }
  return isBase;
}

/** What each needed skill is worth for the aim: its own place in it, and a share of what it leads to and is not known yet. */
function worths({ map: { skills }, aim: { targets, path }, knowledge }: Scoring): Float64Array {
  const worth = new Float64Array(skills.length);
  for (let at = path.length - 1; at >= 0; at--) {
    const number = path[at] as number;
    let flowing = 0;
    // What is not needed is worth nothing.
    for (const next of (skills[number] as MappedSkill).successors) flowing += (worth[next] as number) * (1 - (knowledge.now[next] as number));
    worth[number] = min(WORTH_MAX, (targets.has(number) ? 1 : 0) + VALUE_FLOW * flowing);
  }
  return worth;
}

/** 1: a skill of these itself, what it leads to and builds on, and what else those lead to and build on. */
function nearSkills({ skills }: CourseMap, current: readonly number[]): Uint8Array {
  const isNear = new Uint8Array(skills.length);
  for (const number of current) {
    const skill = skills[number] as MappedSkill;
    isNear[number] = 1;
    for (const next of skill.successors) isNear[next] = 1;
    for (const before of skill.before) {
      const around = skills[before] as MappedSkill;
      isNear[before] = 1;
      for (const next of around.successors) isNear[next] = 1;
      for (const further of around.before) isNear[further] = 1;
    }
  }
  return isNear;
}
