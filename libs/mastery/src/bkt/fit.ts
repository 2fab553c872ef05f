// Parameters of knowledge tracing from answers: for each skill those under which its answers are likeliest.
import type { AnswerLog } from '../answer-log.js';
import type { ForgettingBktParameters } from '../bkt.js';
import { seeded } from '../seeded.js';
import { BKT_BOUNDS, declining, withoutForgetting, type BktBounds } from './bounds.js';
import { degenerate, FEW, tooFew, type DegenerateFit, type Few } from './degenerate.js';
import { expectationMaximisation, type Belief, type EmFit } from './em.js';
import { merged, sequencesOf, sizeOf, thinned, unitCount, unitName, type BktUnit, type Sequences, type SequenceSize } from './sequences.js';

/**
 * How knowing may change from one answer to the next. `learning`: it may begin, never end. `both`: it may begin and end.
 * `one-way`: begin or, for a skill whose answers are likelier that way, end. Fits without bounds do the last by switching what
 * known and not known mean; here a right answer always speaks for knowing. For shown mastery only `learning` has a meaning.
 */
export type BktChange = 'learning' | 'both' | 'one-way';

export interface BktFitOptions extends Partial<Few> {
  /** 32-bit integer. */
  readonly seed: number;
  readonly unit?: BktUnit;
  readonly change?: BktChange;
  readonly bounds?: BktBounds;
  /** How many starts, the first the same for every seed; or the starts themselves. */
  readonly starts?: number | readonly ForgettingBktParameters[];
  readonly iterationsMax?: number;
  readonly gainPerAnswerMin?: number;
  /** How many chances the parameters of all skills together are worth in the fit of one; 0 for none. */
  readonly beliefWeight?: number;
  /** After each unit. May throw, which ends the fit. */
  readonly progress?: (done: number, of: number) => void;
}

/**
 * What parameters were fitted to: the unit's own answers, the same within stricter bounds, the answers of all units together,
 * or nothing: they are given.
 */
export type BktBasis = 'own' | 'stricter' | 'pooled' | 'given';

/** The parameters of one unit and what they rest on. */
export interface BktUnitFit extends SequenceSize {
  /** Its id; the ids of a combination joined by "+". */
  readonly skill: string;
  readonly parameters: ForgettingBktParameters;
  readonly basis: BktBasis;
  /** Fitted to its own answers, within whichever bounds. */
  readonly own: boolean;
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface BktFit {
  readonly unit: BktUnit;
  readonly change: BktChange;
  /** One set of parameters for the answers on all skills: for skills without enough of their own, and for new ones. */
  readonly pooled: BktUnitFit;
  /** By number of skill or combination in the vocabulary. */
  readonly units: readonly BktUnitFit[];
  readonly degenerate: readonly DegenerateFit[];
}

/** What names the parameters of all skills together among the degenerate fits. */
export const POOLED = 'all skills';

const STARTS = 4;
const ITERATIONS_MAX = 500;
/** Iterations each start gets before the best of them alone goes on. */
const TRIAL_ITERATIONS = 20;
const GAIN_PER_ANSWER_MIN = 1e-7;
/** Chosen on learners held out of two public sets among 0 to 50; also keeps parameters with little evidence off the bounds. */
const BELIEF_WEIGHT = 5;
/** All skills together are fitted on at most so many sequences, every n-th of all: a million add nothing to five numbers. */
const POOLED_SEQUENCES_MAX = 200_000;

export function fitBkt(log: AnswerLog, options: BktFitOptions): BktFit {
  const { unit = 'skill', change = 'learning', bounds = BKT_BOUNDS, starts = STARTS, beliefWeight = BELIEF_WEIGHT, progress } = options;
  const few = { answersMin: options.answersMin ?? FEW.answersMin, learnersMin: options.learnersMin ?? FEW.learnersMin };
  const from = typeof starts === 'number' ? randomStarts(starts, seeded(options.seed)) : starts;
  if (from.length === 0) throw new Error('starts: at least one is needed, got none');
  const of = unitCount(log, unit) + 1;
  const sequences = sequencesOf(log, unit);
  const together = merged(thinned(sequences, POOLED_SEQUENCES_MAX));
  const wholes = boundsOf(change, bounds).map((within) => ({ within, fit: fitWithin(together, { ...options, skill: POOLED, bounds: within, from }) }));
  const pooled = likelier(wholes.map(({ fit }) => fit));
  const found: DegenerateFit[] = [...degenerate(POOLED, pooled.parameters, bounds)];
  progress?.(1, of);
  const units = sequences.map((all, n): BktUnitFit => {
    const skill = unitName(log, unit, n);
    const size = sizeOf(all);
    const lacks = tooFew(skill, size, few);
    found.push(...lacks);
    let fit: BktUnitFit = { ...pooled, ...size, skill, basis: 'pooled', own: false };
    if (lacks.length === 0) {
      const own = merged([all]);
      fit = likelier(
        wholes.map(({ within, fit: { parameters } }) => {
          const belief = beliefWeight > 0 ? { belief: { parameters, weight: beliefWeight } } : {};
          return fitWithin(own, { ...options, skill, bounds: within, from, ...belief });
        }),
      );
      found.push(...degenerate(skill, fit.parameters, bounds));
    }
    progress?.(n + 2, of);
    return fit;
  });
  return { unit, change, pooled, units, degenerate: found };
}

function boundsOf(change: BktChange, bounds: BktBounds): readonly BktBounds[] {
  if (change === 'both') return [bounds];
  return change === 'learning' ? [withoutForgetting(bounds)] : [withoutForgetting(bounds), declining(bounds)];
}

function likelier(fits: readonly BktUnitFit[]): BktUnitFit {
  return fits.reduce((best, fit) => (fit.logLikelihood > best.logLikelihood ? fit : best));
}

interface Within {
  readonly skill: string;
  readonly bounds: BktBounds;
  readonly from: readonly ForgettingBktParameters[];
  readonly belief?: Belief;
  readonly iterationsMax?: number;
  readonly gainPerAnswerMin?: number;
}

/** The best of several starts: all run a little, the best alone to the end. */
function fitWithin(sequences: Sequences, { skill, bounds, from, belief, iterationsMax = ITERATIONS_MAX, gainPerAnswerMin = GAIN_PER_ANSWER_MIN }: Within): BktUnitFit {
  const size = sizeOf(sequences);
  const em = { bounds, iterationsMax, gainMin: gainPerAnswerMin * size.answers, ...(belief === undefined ? {} : { belief }) };
  const trials = from.map((start) => expectationMaximisation(sequences, start, { ...em, iterationsMax: Math.min(TRIAL_ITERATIONS, iterationsMax) }));
  const best = trials.reduce((most: EmFit, trial) => (trial.objective > most.objective ? trial : most));
  const { parameters, logLikelihood, iterations, converged } = best.converged ? best : expectationMaximisation(sequences, best.parameters, em);
  return { ...size, skill, parameters, basis: 'own', own: true, logLikelihood, iterations, converged };
}

/** The first is in the middle of what is found in practice; the others lie anywhere a skill may reasonably be. */
function randomStarts(count: number, random: () => number): readonly ForgettingBktParameters[] {
  const between = (min: number, max: number): number => min + (max - min) * random();
  const middle = { prior: 0.4, learn: 0.1, guess: 0.25, slip: 0.1, forget: 0.03 };
  const others = Array.from({ length: Math.max(0, count - 1) }, () => ({
    prior: between(0.1, 0.9),
    learn: between(0.01, 0.4),
    guess: between(0.05, 0.45),
    slip: between(0.02, 0.4),
    forget: between(0.005, 0.2),
  }));
  return count < 1 ? [] : [middle, ...others];
}
