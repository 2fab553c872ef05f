// A running estimate of how a learner answers, for placing items: one ability for the learner, one deviation a skill.
// Each answer moves a logistic model by one step of an extended Kalman filter; that is Glicko with items of fixed
// difficulty (Glickman, 1999, "Parameter estimation in large dynamic paired comparison experiments", Appl. Statist. 48).

export interface AbilityParameters {
  /** Logit of a right answer by a new learner to an item of difficulty 0. */
  readonly base: number;
  /** Variance of the ability of learners nobody has seen, and what each answer adds to it. */
  readonly variance: number;
  readonly drift: number;
  /** The same for the deviation on a skill. */
  readonly skillVariance: number;
  readonly skillDrift: number;
}

/** Changed in place by `observe`. */
export interface Estimate {
  mean: number;
  variance: number;
}

export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** P(right) for an item of a difficulty in logits (0: average), `deviations` being those of the item's skills. */
export function predict(ability: number, deviations: readonly number[], difficulty: number, p: AbilityParameters): number {
  return logistic(p.base + ability + mean(deviations) - difficulty);
}

/**
 * Takes in one score (0..1) on an item. `easiness` is the logit of a right answer to it by an average learner (`base` where nothing is known of
 * the item). Skill estimates are rounded to single precision, so that a state that was stored and one that was kept in memory go on alike.
 */
export function observe(ability: Estimate, skills: readonly Estimate[], score: number, p: AbilityParameters, easiness = p.base): void {
  const expected = logistic(expectation(ability.mean, skills, easiness));
  const surprise = score - expected;
  const information = expected * (1 - expected);
  step(ability, surprise, information, p.drift);
  for (const skill of skills) {
    step(skill, surprise, information, p.skillDrift);
    skill.mean = Math.fround(skill.mean);
    skill.variance = Math.fround(skill.variance);
  }
}

/** Logit of a right answer: easiness of the item, ability, and the mean deviation over the item's skills. */
export function expectation(ability: number, skills: readonly Pick<Estimate, 'mean'>[], easiness: number): number {
  let sum = 0;
  for (const skill of skills) sum += skill.mean;
  return easiness + ability + (skills.length === 0 ? 0 : sum / skills.length);
}

function step(estimate: Estimate, surprise: number, information: number, drift: number): void {
  const before = estimate.variance + drift;
  estimate.variance = before / (1 + before * information);
  estimate.mean += estimate.variance * surprise;
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
