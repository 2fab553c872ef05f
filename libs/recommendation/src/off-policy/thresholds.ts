// From where on support is too thin, and why there.

/**
 * Intervals that rest on the spread between independent groups come out too narrow under about 20 groups (Cameron & Miller, 2015, "A
 * practitioner's guide to cluster-robust inference": 20 to 50). Weights leave fewer groups than there are learners.
 */
export const EFFECTIVE_LEARNERS_MIN = 20;

/**
 * Of all weight that one stretch may carry. Chatterjee & Diaconis (2018, "The sample size required in importance sampling") judge by this
 * share, since the spread of the weights that were drawn looks calm as long as the heaviest were not. At a tenth, one reward moves the
 * estimate by a tenth of the rewards' range.
 */
export const ONE_SHARE_MAX = 0.1;

/**
 * Of the strategy's own choices that the log cannot hold. Their rewards are missing in the estimates, which are off by up to this share of
 * the rewards' range (Sachdeva, Su & Joachims, 2020, "Off-policy bandits with deficient support").
 */
export const OUT_OF_REACH_MAX = 0.01;

/** The mean weight is 1 in expectation; beyond an interval of this level it is off for a reason. One false alarm in a hundred judgements. */
export const MEAN_WEIGHT_LEVEL = 0.99;
