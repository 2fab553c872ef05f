// Expectation and maximisation, the two steps of Baum & Welch (Baum et al., 1970, Annals of Mathematical Statistics 41),
// for the two states of knowledge tracing: known and not known.
import type { ForgettingBktParameters } from '../bkt.js';
import { clamped, type BktBounds, type Range } from './bounds.js';
import type { Sequences } from './sequences.js';

/** How often something is expected to have happened, under the parameters it was counted with. */
export interface ExpectedCounts {
  logLikelihood: number;
  sequences: number;
  knownAtFirst: number;
  unknown: number;
  guessed: number;
  known: number;
  slipped: number;
  /** Steps from one answer to the next that began without and with knowing. */
  stepsUnknown: number;
  learned: number;
  stepsKnown: number;
  forgot: number;
}

/** Room for the longest sequence: P(not known) at each answer, from what came before it and with the answer itself. */
export class Workspace {
  readonly before: Float64Array;
  readonly after: Float64Array;

  constructor({ starts, learners }: Sequences) {
    let longest = 0;
    for (let n = 0; n < learners.length; n++) longest = Math.max(longest, (starts[n + 1] as number) - (starts[n] as number));
    this.before = new Float64Array(longest);
    this.after = new Float64Array(longest);
  }
}

/** Filters each sequence forwards, smooths it backwards and counts. Hot: some forty operations an answer. */
export function expected({ starts, right, learners }: Sequences, p: ForgettingBktParameters, { before, after }: Workspace): ExpectedCounts {
  const { learn, forget, guess, slip } = p;
  const keepUnknown = 1 - learn;
  const keepKnown = 1 - forget;
  let logLikelihood = 0, sequences = 0, knownAtFirst = 0, unknown = 0, guessed = 0, known = 0, slipped = 0;
  let stepsUnknown = 0, learned = 0, stepsKnown = 0, forgot = 0;
  for (let n = 0; n < learners.length; n++) {
    const from = starts[n] as number;
    const length = (starts[n + 1] as number) - from;
    const weight = learners[n] as number;
    let u = 1 - p.prior;
    let product = 1;
    let log = 0;
    for (let t = 0; t < length; t++) {
      before[t] = u;
      const isRight = right[from + t] === 1;
      const ifUnknown = u * (isRight ? guess : 1 - guess);
      const sum = ifUnknown + (1 - u) * (isRight ? 1 - slip : slip);
      product *= sum;
      // One logarithm for many answers, before the product underflows.
      if (product < PRODUCT_MIN) {
        log += Math.log(product);
        product = 1;
      }
      const q = sum > 0 ? ifUnknown / sum : u;
      after[t] = q;
      u = q * keepUnknown + (1 - q) * forget;
    }
    logLikelihood += weight * (log + Math.log(product));
    // P(not known) at this answer, from all the answers of the sequence.
    let smooth = after[length - 1] as number;
    for (let t = length - 1; ; t--) {
      if (right[from + t] === 1) guessed += weight * smooth;
      else slipped += weight * (1 - smooth);
      unknown += weight * smooth;
      known += weight * (1 - smooth);
      if (t === 0) break;
      const q = after[t - 1] as number;
      const next = before[t] as number;
      const toUnknown = next > 0 ? smooth / next : 0;
      const toKnown = next < 1 ? (1 - smooth) / (1 - next) : 0;
      const didLearn = q * learn * toKnown;
      const didForget = (1 - q) * forget * toUnknown;
      const stayedUnknown = q * keepUnknown * toUnknown;
      const stayedKnown = (1 - q) * keepKnown * toKnown;
      learned += weight * didLearn;
      forgot += weight * didForget;
      stepsUnknown += weight * (stayedUnknown + didLearn);
      stepsKnown += weight * (stayedKnown + didForget);
      smooth = stayedUnknown + didLearn;
    }
    sequences += weight;
    knownAtFirst += weight * (1 - smooth);
  }
  return { logLikelihood, sequences, knownAtFirst, unknown, guessed, known, slipped, stepsUnknown, learned, stepsKnown, forgot };
}

const PRODUCT_MIN = 1e-200;

/** The parameters within the bounds under which the expected counts are likeliest. What was never counted stays as it was. */
export function likeliest(c: ExpectedCounts, bounds: BktBounds, last: ForgettingBktParameters): ForgettingBktParameters {
  const guess = share(c.guessed, c.unknown, bounds.guess, last.guess);
  const slip = share(c.slipped, c.known, bounds.slip, last.slip);
  return {
    prior: share(c.knownAtFirst, c.sequences, bounds.prior, last.prior),
    learn: share(c.learned, c.stepsUnknown, bounds.learn, last.learn),
    forget: share(c.forgot, c.stepsKnown, bounds.forget, last.forget),
    ...(guess + slip > bounds.guessAndSlipMax ? onTheEdge(c, bounds) : { guess, slip }),
  };
}

/** Each share has its own concave likelihood, so cutting it at a bound is exact. */
function share(count: number, of: number, range: Range, last: number): number {
  return clamped(of > 0 ? count / of : last, range);
}

const BISECTIONS = 60;

/** The likeliest guess and slip whose sum is the most allowed: the slope of a concave function of guess is 0 there. */
function onTheEdge(c: ExpectedCounts, { guess: [guessMin, guessMax], slip: [slipMin, slipMax], guessAndSlipMax: sum }: BktBounds): { guess: number; slip: number } {
  let low = Math.max(guessMin, sum - slipMax);
  let high = Math.min(guessMax, sum - slipMin);
  for (let n = 0; n < BISECTIONS; n++) {
    const guess = (low + high) / 2;
    const slip = sum - guess;
    const slope = c.guessed / guess - (c.unknown - c.guessed) / (1 - guess) - c.slipped / slip + (c.known - c.slipped) / (1 - slip);
    if (slope > 0) low = guess;
    else high = guess;
  }
  const guess = (low + high) / 2;
  return { guess, slip: sum - guess };
}
