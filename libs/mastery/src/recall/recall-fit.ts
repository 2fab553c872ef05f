// Weights of FSRS-6 from reviews: log loss, drawn towards the published weights as the open optimiser does (open-spaced-repetition/fsrs-rs,
// training_v6.rs and parameter_clipper_v6.rs: its spreads, penalty and bounds), by Adam over cards. They are taken only where they foresee the
// reviews of other learners better.
import { seeded, shuffle } from '../seeded.js';
import { binError } from './bin-error.js';
import { DEFAULT_RECALL, recallAfter, exactFirst, exactNext, type Memory, type RecallParameters } from './fsrs.js';
import { FITTED, FITTED_WEIGHTS, reviewLoss } from './recall-gradient.js';
import { outcomesOf, type ReviewHistory } from './review-history.js';

export interface RecallFitOptions {
  /** Of the order in which cards are taken. */
  readonly seed: number;
  /** What to stay with where nothing better is found. A fit begins with the published weights whatever came before, so no answer counts twice. */
  readonly before?: RecallParameters;
  /** Learners whose reviews judge and are not fitted on. */
  readonly isHeldOut: (learner: number) => boolean;
  /** Called after each batch. What it throws ends the fit. */
  readonly onProgress?: (share: number) => void;
}

export interface RecallFit {
  readonly parameters: RecallParameters;
  /** Reviews with an outcome, first ones apart, that were fitted on. */
  readonly reviews: number;
  /** Whose reviews those are. */
  readonly learners: number;
  /** On held-out reviews, of the fit and of what was before; null where nothing was judged. Log loss decides. */
  readonly heldOut: RecallJudged | null;
  readonly isFitted: boolean;
  /** A sentence. */
  readonly why: string;
}

export interface RecallJudged {
  readonly reviews: number;
  /** Mean log loss. */
  readonly logLoss: number;
  readonly before: number;
  /** RMSE (bins). */
  readonly binError: number;
  readonly binErrorBefore: number;
}

/** Fewer say too little about fourteen numbers. */
export const REVIEWS_MIN = 1_000;
export const HELD_OUT_REVIEWS_MIN = 100;
/** Of log loss: less may be luck with a few hundred reviews. */
export const BETTER_BY = 0.002;
/** More do not make them better; cards are drawn by the seed. */
export const REVIEWS_MAX = 200_000;

const EPOCHS = 5;
/** Where five rounds are fewer steps, there are more rounds: a few thousand reviews otherwise end half way. */
const STEPS_MIN = 500;
const BATCH_REVIEWS = 512;
const RATE = 0.04;
/** A first stability may be days or months: it moves by shares of itself. */
const MOVES_BY_SHARES: ReadonlySet<number> = new Set([0, 2]);
/** Times the squared distance from the published weights, in spreads: with the summed loss, a normal prior. */
const PENALTY = 0.5;
const ADAM = { first: 0.9, second: 0.999, epsilon: 1e-8 };
/** By weight: how far learners' own weights lie apart, after fsrs-rs. */
export const SPREAD = [6.43, 9.66, 17.58, 27.85, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33, 0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27];
const BOUNDS: readonly (readonly [number, number])[] = [
  [0.1, 100], [0.1, 100], [0.1, 100], [0.1, 100],
  [1, 10], [0.001, 4], [0.001, 4], [0.001, 0.75],
  [0, 4.5], [0, 0.8], [0.001, 3.5],
  [0.001, 5], [0.001, 0.25], [0.001, 0.9], [0, 4],
  [0, 1], [1, 6], [0, 2], [0, 2], [0.01, 0.8], [0.1, 0.8],
];

export function fitRecall(histories: readonly ReviewHistory[], { seed, before = DEFAULT_RECALL, isHeldOut, onProgress }: RecallFitOptions): RecallFit {
  const random = seeded(seed);
  const outcomes = (all: readonly ReviewHistory[]): number => all.reduce((sum, history) => sum + outcomesOf(history), 0);
  const reviewed = histories.filter((history) => outcomesOf(history) > 0);
  const held = reviewed.filter(({ learner }) => isHeldOut(learner));
  const train = drawn(reviewed.filter(({ learner }) => !isHeldOut(learner)), random);
  const reviews = outcomes(train);
  const heldReviews = outcomes(held);
  const learners = new Set(train.map(({ learner }) => learner)).size;
  const kept = (why: string, heldOut: RecallFit['heldOut'] = null): RecallFit => ({ parameters: before, reviews, learners, heldOut, isFitted: false, why });
  if (reviews < REVIEWS_MIN) return kept(`${reviews} reviews, at least ${REVIEWS_MIN} needed`);
  if (heldReviews < HELD_OUT_REVIEWS_MIN) return kept(`${heldReviews} reviews of held-out learners, at least ${HELD_OUT_REVIEWS_MIN} needed to judge a fit`);
  const parameters = { weights: descended(train, { random, reviews, onProgress }) };
  const judged = (p: RecallParameters): readonly [logLoss: number, binError: number] => [lossOf(held, p) / heldReviews, binError(held, p) ?? 0];
  const [[logLoss, error], [lossBefore, errorBefore]] = [judged(parameters), judged(before)];
  const heldOut = { reviews: heldReviews, logLoss, before: lossBefore, binError: error, binErrorBefore: errorBefore };
  const figures = `log loss ${logLoss.toFixed(4)} on ${heldReviews} held-out reviews, ${lossBefore.toFixed(4)} before; RMSE (bins) ${error.toFixed(4)}, ${errorBefore.toFixed(4)} before`;
  if (!(heldOut.logLoss < heldOut.before - BETTER_BY)) return kept(`no better: ${figures}`, heldOut);
  return { parameters, reviews, learners, heldOut, isFitted: true, why: figures };
}

/** Summed log loss of the first review of each day, the very first apart: later ones of a day say nothing of forgetting. */
export function lossOf(histories: readonly ReviewHistory[], p: RecallParameters): number {
  let loss = 0;
  for (const { days, right } of histories) {
    let memory: Memory = exactFirst(right[0] === 1, p);
    for (let n = 1; n < days.length; n++) {
      const [elapsed, isRight] = [days[n] ?? 0, right[n] === 1];
      const recall = recallAfter(elapsed, memory.stability, p);
      if (elapsed > 0) loss -= Math.log(Math.max(1e-6, isRight ? recall : 1 - recall));
      memory = exactNext(memory, elapsed, isRight, p);
    }
  }
  return loss;
}

interface Descent {
  readonly random: () => number;
  readonly reviews: number;
  readonly onProgress: ((share: number) => void) | undefined;
}

function descended(train: readonly ReviewHistory[], { random, reviews, onProgress }: Descent): readonly number[] {
  const weights = Float64Array.from(DEFAULT_RECALL.weights);
  const gradient = new Float64Array(FITTED);
  const rounds = Math.max(EPOCHS, Math.ceil((STEPS_MIN * BATCH_REVIEWS) / reviews));
  const total = rounds * reviews;
  const step = adam(weights, reviews);
  const cards = [...train];
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    shuffle(cards, random);
    for (let card = 0; card < cards.length; ) {
      gradient.fill(0);
      let batch = 0;
      for (; card < cards.length && batch < BATCH_REVIEWS; card++) {
        const history = cards[card];
        if (history === undefined) break;
        reviewLoss(history, weights, gradient);
        batch += outcomesOf(history);
      }
      done += batch;
      step(gradient, batch, RATE * 0.5 * (1 + Math.cos((Math.PI * done) / total)));
      onProgress?.(done / total);
    }
  }
  return Array.from(weights);
}

/** Kingma & Ba (2015), "Adam". Each step changes `weights` by the gradient of so many of all reviews. */
function adam(weights: Float64Array, reviews: number): (gradient: Float64Array, batch: number, rate: number) => void {
  const [moment, square] = [new Float64Array(FITTED), new Float64Array(FITTED)];
  let step = 0;
  return (gradient, batch, rate) => {
    step++;
    const [bias1, bias2] = [1 - ADAM.first ** step, 1 - ADAM.second ** step];
    FITTED_WEIGHTS.forEach((weight, place) => {
      const value = weights[weight] ?? 0;
      const towards = (2 * PENALTY * (value - (DEFAULT_RECALL.weights[weight] ?? 0))) / (SPREAD[weight] ?? 1) ** 2 / reviews;
      const scale = MOVES_BY_SHARES.has(weight) ? value : 1;
      const g = scale * ((gradient[place] ?? 0) / batch + towards);
      moment[place] = ADAM.first * (moment[place] ?? 0) + (1 - ADAM.first) * g;
      square[place] = ADAM.second * (square[place] ?? 0) + (1 - ADAM.second) * g * g;
      const move = (-rate * ((moment[place] ?? 0) / bias1)) / (Math.sqrt((square[place] ?? 0) / bias2) + ADAM.epsilon);
      const [min, max] = BOUNDS[weight] ?? [value, value];
      weights[weight] = Math.min(max, Math.max(min, MOVES_BY_SHARES.has(weight) ? value * Math.exp(move) : value + move));
    });
  };
}

function drawn(histories: readonly ReviewHistory[], random: () => number): readonly ReviewHistory[] {
  const cards = [...histories];
  shuffle(cards, random);
  let reviews = 0;
  return cards.filter((history) => (reviews += outcomesOf(history)) <= REVIEWS_MAX);
}
