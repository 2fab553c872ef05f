// Fits that say something about the numbers rather than about learning. Named, so that nothing rests on them unnoticed.
import type { ForgettingBktParameters } from '../bkt.js';
import type { BktBounds, Range } from './bounds.js';
import type { SequenceSize } from './sequences.js';

export type DegenerateKind =
  | 'too-few-answers'
  | 'too-few-learners'
  | 'labels-switched'
  | 'guess-high'
  | 'slip-high'
  | 'declines'
  | 'learn-at-bound'
  | 'prior-at-bound';

export interface DegenerateFit {
  readonly skill: string;
  readonly kind: DegenerateKind;
  /** A sentence with the values. */
  readonly detail: string;
}

/** Beyond one half, an answer of somebody who does (or does not) know is more likely the other's (Baker et al., 2008). */
const HALF = 0.5;
const SKILL_ANSWERS_MIN = 30;
const SKILL_LEARNERS_MIN = 10;

/**
 * With fewer, a skill takes the parameters of all skills together: five numbers fitted to less are mostly noise. Chosen on
 * learners held out of two public sets, where 100 answers of 20 learners gave an AUC lower by 0.0005.
 */
export const FEW = { answersMin: SKILL_ANSWERS_MIN, learnersMin: SKILL_LEARNERS_MIN } as const;

export interface Few {
  readonly answersMin: number;
  readonly learnersMin: number;
}

export function tooFew(skill: string, { answers, learners }: SequenceSize, { answersMin, learnersMin }: Few): readonly DegenerateFit[] {
  const found: DegenerateFit[] = [];
  if (answers < answersMin) found.push({ skill, kind: 'too-few-answers', detail: `${answers} answers, at least ${answersMin} needed` });
  if (learners < learnersMin) found.push({ skill, kind: 'too-few-learners', detail: `${learners} learners, at least ${learnersMin} needed` });
  return found;
}

/** Where parameters stand at the edge of sense. `bounds` are those they were fitted within. */
export function degenerate(skill: string, p: ForgettingBktParameters, bounds: BktBounds): readonly DegenerateFit[] {
  const found: DegenerateFit[] = [];
  const name = (kind: DegenerateKind, detail: string): void => void found.push({ skill, kind, detail });
  const sum = p.guess + p.slip;
  const sumMax = Math.min(1, bounds.guessAndSlipMax);
  if (sum >= sumMax - CLOSE) name('labels-switched', `guess ${shown(p.guess)} + slip ${shown(p.slip)} = ${shown(sum)}, must stay below ${shown(sumMax)}: a right answer says little or the reverse`);
  if (p.guess >= HALF - CLOSE) name('guess-high', `guess ${shown(p.guess)}, must stay below ${HALF}`);
  if (p.slip >= HALF - CLOSE) name('slip-high', `slip ${shown(p.slip)}, must stay below ${HALF}`);
  if (p.learn === 0) name('declines', `forget ${shown(p.forget)} and no learning: answers get worse with practice`);
  else if (atBound(p.learn, bounds.learn)) name('learn-at-bound', `learn ${shown(p.learn)} at a bound of ${range(bounds.learn)}`);
  if (atBound(p.prior, bounds.prior)) name('prior-at-bound', `prior ${shown(p.prior)} at a bound of ${range(bounds.prior)}`);
  return found;
}

/** Expectation-maximisation creeps towards a bound and may stop short of it. */
const CLOSE = 1e-4;

function atBound(value: number, [min, max]: Range): boolean {
  return value <= min + CLOSE || value >= max - CLOSE;
}

function range([min, max]: Range): string {
  return `${min}..${max}`;
}

function shown(value: number): string {
  return value.toFixed(4);
}
