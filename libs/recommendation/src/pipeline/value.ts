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

/** Skills and what each is worth, by place. */
export interface Scores {
  /** Numbers of skills in learning order. */
  readonly numbers: readonly number[];
  readonly values: readonly number[];
  /** What the value at a place is the product of. Asked of a few: one for each skill would be most of what a choice leaves behind. */
  readonly parts: (at: number) => ScoreParts;
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
export function scores(scoring: Scoring, eligible: readonly number[]): Scores {
  const rater = new Rater(scoring);
  const values = new Array<number>(eligible.length);
  // In a loop: what a callback is given or gives back is an object for each number.
  for (let at = 0; at < eligible.length; at++) values[at] = rater.value(eligible[at] as number);
  return { numbers: eligible, values, parts: (at) => rater.parts(eligible[at] as number) };
}

/** Scores any eligible skill, as things stand when it is asked. */
export class Rater {
  private readonly worth: Float64Array;
  private readonly isBase: Uint8Array | null;
  private readonly isNear: Uint8Array;
  private readonly current: readonly number[];
  private readonly again: number;

  constructor(private readonly scoring: Scoring) {
    const { map, state } = scoring;
    this.worth = worths(scoring);
    this.isBase = basesOfStuck(scoring);
    this.current = state.current?.skills.flatMap((skill) => map.numberOf.get(skill) ?? []) ?? [];
    this.again = (state.current?.run ?? 0) < AGAIN.run ? AGAIN.factor : AGAIN.afterRun;
    this.isNear = nearSkills(map, this.current);
  }

  /** `valueOf` of its parts, without an object for them. */
  value(number: number): number {
    return this.worthOf(number) * this.readinessOf(number) * this.gainOf(number) * this.nearOf(number) * this.againOf(number) * this.pauseOf(number);
  }

  parts(number: number): ScoreParts {
    return {
      worth: this.worthOf(number),
      readiness: this.readinessOf(number),
      gain: this.gainOf(number),
      near: this.nearOf(number),
      again: this.againOf(number),
      pause: this.pauseOf(number),
    };
  }

  private worthOf(number: number): number {
    return this.worth[number] as number;
  }

  private readinessOf(number: number): number {
    const { map, knowledge } = this.scoring;
    let doubt = 0;
    for (const before of (map.skills[number] as MappedSkill).before) doubt += 1 - (knowledge.now[before] as number);
    return doubt === 0 ? 1 : exp(-READINESS * doubt);
  }

  private gainOf(number: number): number {
    const { knowledge, learn } = this.scoring;
    const m = knowledge.mastery[number] as number;
    const recall = knowledge.recall[number] as number;
    let gain = (learn[number] as number) * (1 - m);
    if (recall < REVIEW.below) gain += REVIEW.worth * m * (1 - recall);
    else if (m >= MASTERED.at) gain *= MASTERED.factor;
    return this.isBase?.[number] === 1 ? max(gain, LOOK_BACK) : gain;
  }

  private nearOf(number: number): number {
    const { knowledge, state, isSittingNew } = this.scoring;
    if (state.current === null) return 1;
    return isSittingNew || this.isNear[number] === 1 || this.isReview(number, knowledge) ? 1 + LOCALITY : 1;
  }

  private isReview(number: number, { states, mastery, recall }: Knowledge): boolean {
    return (states[number] as SkillState).answers > 0 && (mastery[number] as number) >= REVIEW.knownFrom && (recall[number] as number) < REVIEW.below;
  }

  private againOf(number: number): number {
    return this.current.includes(number) ? this.again : 1;
  }

  private pauseOf(number: number): number {
    const { knowledge, state } = this.scoring;
    return (knowledge.states[number] as SkillState).pausedUntil > state.answers ? PAUSED : 1;
  }
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
