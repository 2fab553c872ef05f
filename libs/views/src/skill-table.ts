// What is known of a learner's skills: the whole state of those that were practised, and of others the one number that a diagnostic told,
// at 8 bytes a skill, since a diagnostic tells of every skill of a course.
import type { Instant } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';
import { bktOf, newPlacementSkill, type Calibration, type PlacementSkill } from '@trellis/mastery';
import { hash48 } from './item-table.js';

export interface SkillState extends PlacementSkill {
  /** P(not known): what the fold carries, because it keeps its digits where P(known) is all but 1. */
  unknown: number;
  /** P(known) = 1 - unknown, which every reader wants. */
  known: number;
  /** P(not known) as far as it still is remembered at each answer: stricter, what declares a skill mastered. Single precision. */
  unrecalled: number;
  /** Days and 1..10 of FSRS-6, single precision; both 0 before the first graded answer. */
  stability: number;
  difficulty: number;
  right: number;
  pauses: number;
  /** Practice rests until the learner has given this many answers. */
  pausedUntil: number;
  lastAt: Instant;
}

/** `skill`: left out for one that has no parameters of its own. */
export function newSkill(calibration: Calibration, skill?: SkillId): SkillState {
  const { prior } = skill === undefined ? calibration.bkt : bktOf(calibration, skill);
  // Member by member, and `decode` of the row in this order: folds are fast on objects of one shape.
  const { mean, variance, answers, streak } = newPlacementSkill(calibration.ability);
  return {
    mean,
    variance,
    answers,
    streak,
    unknown: 1 - prior,
    known: prior,
    unrecalled: Math.fround(1 - prior),
    stability: 0,
    difficulty: 0,
    right: 0,
    pauses: 0,
    pausedUntil: 0,
    lastAt: 0,
  };
}

/** Of more skills without answers, those that were told of first, and of these the ones of which least was told, are as new again. */
export const PRIORS_MAX = 500;
/** A prior as near as this to the one of a new skill tells nothing. */
export const PRIOR_TELLS_FROM = 0.02;
/** Priors are kept to so many steps of 1, never 0 or 1: what is certain no answer could change. */
const PRIOR_STEPS = 10_000;

/** The fold changes it in place. Iterated, it has the skills that were practised, in the order of their first answers. */
export class SkillTable {
  private readonly own = new Map<SkillId, SkillState>();
  /** By the hash of the skill's id, in steps: most learners have none. The ones to be forgotten first come first. */
  private priors: Map<number, number> | null = null;

  constructor(private readonly calibration: Calibration) {}

  /** Of those that were practised. */
  get size(): number {
    return this.own.size;
  }

  keys(): IterableIterator<SkillId> {
    return this.own.keys();
  }

  values(): IterableIterator<SkillState> {
    return this.own.values();
  }

  [Symbol.iterator](): IterableIterator<[SkillId, SkillState]> {
    return this.own[Symbol.iterator]();
  }

  /** Whether any skill that was not practised is known from a diagnostic. */
  get hasPriors(): boolean {
    return this.priors !== null;
  }

  /** Undefined: a new skill. One that was not practised is as the last diagnostic found it. */
  get(id: SkillId): SkillState | undefined {
    const own = this.own.get(id);
    return own !== undefined || this.priors === null ? own : this.assumed(id, this.priors);
  }

  /** Undefined for one that was not practised. */
  practised(id: SkillId): SkillState | undefined {
    return this.own.get(id);
  }

  set(id: SkillId, skill: SkillState): void {
    this.own.set(id, skill);
  }

  /** Practised from now on: for the fold to change in place. */
  practise(id: SkillId): SkillState {
    const own = this.own.get(id);
    if (own !== undefined) return own;
    const skill = this.get(id) ?? newSkill(this.calibration, id);
    this.priors?.delete(hash48(id));
    this.own.set(id, skill);
    return skill;
  }

  /** What a diagnostic found. Of skills that were not practised, what it tells beyond the calibration is kept. */
  assume(found: readonly { readonly skill: SkillId; readonly known: number }[]): void {
    const priors = this.priors ?? new Map<number, number>();
    const others = found.filter(({ skill }) => !this.own.has(skill));
    const telling = others.map(({ skill, known }) => ({ hash: hash48(skill), known, tells: Math.abs(known - bktOf(this.calibration, skill).prior) }));
    // The sort keeps the order of equals: the same diagnostic gives the same table.
    for (const { hash, known, tells } of telling.sort((a, b) => a.tells - b.tells)) {
      priors.delete(hash);
      if (tells > PRIOR_TELLS_FROM) priors.set(hash, Math.min(PRIOR_STEPS - 1, Math.max(1, Math.round(known * PRIOR_STEPS))));
    }
    for (const first of priors.keys()) if (priors.size > PRIORS_MAX) priors.delete(first);
    this.priors = priors.size === 0 ? null : priors;
  }

  /** By hash, in steps: what a row stores. */
  storedPriors(): ReadonlyMap<number, number> {
    return this.priors ?? NO_PRIORS;
  }

  restorePriors(stored: readonly (readonly [number, number])[]): void {
    this.priors = stored.length === 0 ? null : new Map(stored);
  }

  private assumed(id: SkillId, priors: ReadonlyMap<number, number>): SkillState | undefined {
    const steps = priors.get(hash48(id));
    if (steps === undefined) return undefined;
    const skill = newSkill(this.calibration, id);
    skill.known = steps / PRIOR_STEPS;
    skill.unknown = 1 - skill.known;
    skill.unrecalled = Math.fround(1 - skill.known);
    return skill;
  }
}

const NO_PRIORS: ReadonlyMap<number, number> = new Map();
