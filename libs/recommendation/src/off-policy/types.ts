// What the off-policy judge is given, and what it gives.

/** One draw of the log. What the learner was shown and how it went is in the reward; the rest says who would have drawn it. */
export interface LoggedChoice {
  /** Of this very draw, as the decision keeps it: above 0 and at most 1. */
  readonly propensity: number;
  /** Of the same choice in the same situation, by the strategy that is judged: 0 to 1. */
  readonly target: number;
  /** What came of it at once, in any unit; higher is better. */
  readonly reward: number;
  /** Its place among the actions. */
  readonly chosen: number;
  /** All that could have been drawn. In every choice of a log or in none: without them there is no doubly robust estimate and no restriction. */
  readonly actions?: ActionTable;
}

/** By action, in one order. */
export interface ActionTable {
  readonly logging: Float64Array;
  readonly target: Float64Array;
  /** The reward that a model expects, which must not have seen this learner: `crossFitted` fills it in. */
  readonly predicted?: Float64Array;
}

/** The choices of each learner, oldest first. */
export type Log<Choice extends LoggedChoice = LoggedChoice> = readonly (readonly Choice[])[];

export interface JudgeOptions {
  /** Share of intervals that should hold the truth; 0.9 unless told, between 0.5 and 1. */
  readonly level?: number;
  /**
   * How many choices in a row the other strategy makes: 1 unless told, at most `HORIZON_MAX`. At 1 each choice stands for itself (the
   * contextual bandit) and what it leads to is not counted; weights of longer stretches multiply, and support thins out fast.
   */
  readonly horizon?: number;
  /**
   * Where such a stretch begins: at every choice that has `horizon` - 1 after it, in the situations that the log's strategy led to (unless
   * told), or only at each learner's first, so that the situation too is the other strategy's doing.
   */
  readonly stretches?: 'every' | 'first';
  /** Weights above it count as much as it: less noise for a bias towards 0, or with `dr` towards the model. None unless told. */
  readonly weightMax?: number;
  /**
   * Judges the strategy without what the log drew with less than this: there its probability becomes 0, and the rest is scaled to 1. Then no
   * single weight is above 1 / `propensityMin`. Needs `actions`. None unless told.
   */
  readonly propensityMin?: number;
}

/** Mean reward of a choice, with its interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
}

export interface Support {
  /** Those with a whole stretch; the others are left out. */
  readonly learners: number;
  readonly leftOut: number;
  readonly choices: number;
  /** As many as choices at horizon 1. */
  readonly stretches: number;
  /** (sum of weights)^2 / sum of squared weights: how many evenly weighted ones would say as much (Kong, 1992). */
  readonly effectiveStretches: number;
  /** The same of the weight of each learner, since learners are what is independent. */
  readonly effectiveLearners: number;
  /** Of a stretch, before `weightMax`. */
  readonly largestWeight: number;
  /** Of one stretch in the weight of all. */
  readonly largestShare: number;
  /** Before `weightMax`; about 1 where nothing is missing and the probabilities are right. Its interval is of `MEAN_WEIGHT_LEVEL`. */
  readonly meanWeight: Estimate;
  /** Share of logged choices that the judged strategy would never make. They say nothing of it. */
  readonly neverChosen: number;
  /** Share of the strategy's own choices that one cannot hope to find in a log of this size; null without `actions`. */
  readonly outOfReach: number | null;
  /** Share of the strategy's choices that `propensityMin` took from it. */
  readonly restricted: number;
  /** Share of weights that `weightMax` cut. */
  readonly clipped: number;
}

export type WarningCode = 'nothing-in-common' | 'few-effective-learners' | 'one-stretch-decides' | 'out-of-reach' | 'mean-weight-off';

export interface Warning {
  readonly code: WarningCode;
  /** A sentence with the figure and the bound. */
  readonly text: string;
}

/** An estimate is null where the log has nothing to say of it. */
export interface Verdict {
  /** What the log's own strategy earned over the same stretches. */
  readonly logged: Estimate;
  /** Inverse propensity: unbiased, and the noisiest (Horvitz & Thompson, 1952). */
  readonly ips: Estimate | null;
  /** Self-normalised: a little biased, far calmer, and never outside the range of the rewards at horizon 1 (Swaminathan & Joachims, 2015). */
  readonly snips: Estimate | null;
  /** Doubly robust: unbiased, and the calmer the better the model (Dudik, Langford & Li, 2011). Null without predictions. */
  readonly dr: Estimate | null;
  readonly support: Support;
  /** Support is too thin for the figures wherever this is not empty. */
  readonly warnings: readonly Warning[];
}
