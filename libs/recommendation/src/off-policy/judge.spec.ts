import { seeded } from '@trellis/mastery';
import { drawProbabilities } from '../drawing.js';
import { BANDIT, CLIMB, logOf, truthOf, type LoggedWorld, type Policies } from '../testing/logged-worlds.js';
import { judge } from './judge.js';
import { crossFitted } from './reward-model.js';
import type { Estimate, JudgeOptions, Log, LoggedChoice, Verdict } from './types.js';

const choice = (propensity: number, target: number, reward: number): LoggedChoice => ({ propensity, target, reward, chosen: 0 });

/** Of two actions, with what a model says of each. */
const ofTwo = (chosen: 0 | 1, [logging, target]: readonly [number, number], reward: number, predicted?: readonly [number, number]): LoggedChoice => {
  const actions = {
    logging: Float64Array.of(logging, 1 - logging),
    target: Float64Array.of(target, 1 - target),
    ...(predicted === undefined ? {} : { predicted: Float64Array.from(predicted) }),
  };
  return { propensity: actions.logging[chosen] ?? NaN, target: actions.target[chosen] ?? NaN, reward, chosen, actions };
};

const codes = ({ warnings }: Verdict): readonly string[] => warnings.map(({ code }) => code);

describe('by hand', () => {
  // Weights 2, 1, 0.5 and 0.
  const log: Log = [[choice(0.25, 0.5, 1)], [choice(0.5, 0.5, 0)], [choice(1, 0.5, 1)], [choice(0.5, 0, 1)]];
  const { logged, ips, snips, dr, support } = judge(log);

  it('each reward counts by how much more often the other strategy would have drawn it', () => expect(ips?.value).toBeCloseTo(2.5 / 4, 12));

  it('self-normalised, the weights count as many as they sum to', () => expect(snips?.value).toBeCloseTo(2.5 / 3.5, 12));

  it('the log itself earned its mean', () => expect(logged.value).toBe(0.75));

  it('without predictions nothing is doubly robust', () => expect(dr).toBeNull());

  it('support says how little that is', () => {
    expect(support).toMatchObject({ learners: 4, leftOut: 0, choices: 4, stretches: 4, largestWeight: 2, neverChosen: 0.25, outOfReach: null, restricted: 0, clipped: 0 });
    expect(support.effectiveStretches).toBeCloseTo(3.5 ** 2 / 5.25, 12);
    expect(support.effectiveLearners).toBeCloseTo(3.5 ** 2 / 5.25, 12);
    expect(support.largestShare).toBeCloseTo(2 / 3.5, 12);
    expect(support.meanWeight.value).toBeCloseTo(3.5 / 4, 12);
  });

  it('doubly robust, the model speaks of all actions and the log of where it was wrong', () => {
    const one = ofTwo(1, [0.75, 0.5], 1, [0.2, 0.6]);
    const other = ofTwo(0, [0.75, 0.5], 0, [0.2, 0.6]);
    // The model expects 0.4 of the target; weights 2 and 2/3.
    const expected = (0.4 + 2 * (1 - 0.6) + (0.4 + (2 / 3) * (0 - 0.2))) / 2;
    expect(judge([[one], [other], [one], [other]]).dr?.value).toBeCloseTo(expected, 12);
  });

  it('a learner with more choices counts for more', () => {
    const more: Log = [[choice(0.5, 1, 1), choice(0.5, 1, 1), choice(0.5, 1, 1)], [choice(1, 1, 0)], [choice(1, 1, 0)], [choice(1, 1, 0)]];
    expect(judge(more).ips?.value).toBeCloseTo(6 / 6, 12);
    expect(judge(more).snips?.value).toBeCloseTo(6 / 9, 12);
  });
});

describe('several choices in a row, by hand', () => {
  // Weights 2, 0.5, 3 of each of four learners; the last learner has one choice alone.
  const three = [choice(0.25, 0.5, 1), choice(1, 0.5, 2), choice(0.25, 0.75, 4)];
  const log: Log = [three, three, three, three, [choice(0.5, 1, 100)]];

  it('a reward is weighted by the choices up to it and by none after', () => {
    // Stretches 1-2 and 2-3: first steps 2 * 1 and 0.5 * 2, second steps 2 * 0.5 * 2 and 0.5 * 3 * 4.
    const { ips, snips, support } = judge(log, { horizon: 2 });
    expect(ips?.value).toBeCloseTo((3 + 8) / 4, 12);
    expect(snips?.value).toBeCloseTo((3 / 2.5 + 8 / 2.5) / 2, 12);
    expect(support).toMatchObject({ learners: 4, leftOut: 1, stretches: 8, choices: 13, largestWeight: 1.5 });
  });

  it('or only the first choices of each learner count', () => {
    const { ips, support } = judge(log, { horizon: 2, stretches: 'first' });
    expect(ips?.value).toBeCloseTo((2 + 2) / 2, 12);
    expect(support.stretches).toBe(4);
  });

  it('the model takes the place of what the weights leave open at every step', () => {
    const two = [ofTwo(1, [0.75, 0.5], 1, [0.2, 0.6]), ofTwo(0, [0.5, 0.25], 3, [1, 2])];
    // 0.4 + 2 * 0.4, then 2 * 1.75 + 2 * 0.5 * (3 - 1).
    expect(judge([two, two, two, two], { horizon: 2 }).dr?.value).toBeCloseTo((1.2 + 5.5) / 2, 12);
  });
});

// --- Against truth that is worked out by going through everything that can happen ---

const SOFT = { temperature: 0.4, share: 0.1, plausibleFrom: 0.1 };
/** As decisions are drawn. */
const LIVE = { temperature: 0.05, share: 0.05, plausibleFrom: 0.1 };
const BANDIT_VALUES = { logging: [[1, 0.8, 0.6, 0.4], [0.4, 1, 0.8, 0.6], [0.6, 0.4, 1, 0.8]], target: [[0.5, 1, 0.6, 0.9], [0.9, 0.5, 1, 0.6], [0.6, 0.9, 0.5, 1]] };
const CLIMB_VALUES = { logging: [[1, 0.8, 0.6], [1, 0.8, 0.6], [0.8, 1, 0.8], [0.6, 0.8, 1]], target: [[0.6, 0.8, 1], [0.6, 0.8, 1], [0.6, 0.8, 1], [0.8, 1, 0.8]] };

function policies(values: { readonly logging: readonly number[][]; readonly target: readonly number[][] }, exploration: typeof SOFT): Policies {
  const drawn = (rows: readonly number[][]) => rows.map((row) => drawProbabilities(row, exploration));
  return { logging: drawn(values.logging), target: drawn(values.target) };
}

function judged(world: LoggedWorld, pair: Policies, { learners, seed, options }: { readonly learners: number; readonly seed: number; readonly options: JudgeOptions }): Verdict {
  const log = logOf(world, pair, { learners, random: seeded(seed) });
  return judge(crossFitted(log, { key: ({ situation }, action) => `${situation} ${action}` }, seed), options);
}

interface Case {
  readonly name: string;
  readonly world: LoggedWorld;
  readonly pair: Policies;
  readonly learners: number;
  readonly runs: number;
  readonly options: { readonly horizon: number; readonly stretches: 'every' | 'first' };
}

const each = (horizon: number): Case['options'] => ({ horizon, stretches: 'every' });
const CASES: readonly Case[] = [
  { name: 'a bandit', world: BANDIT, pair: policies(BANDIT_VALUES, SOFT), learners: 100, runs: 200, options: each(1) },
  { name: 'a bandit with few learners', world: BANDIT, pair: policies(BANDIT_VALUES, SOFT), learners: 30, runs: 1_000, options: each(1) },
  { name: 'a bandit that explores as decisions do', world: BANDIT, pair: policies(BANDIT_VALUES, LIVE), learners: 300, runs: 200, options: each(1) },
  { name: 'learners who climb, a choice at a time', world: CLIMB, pair: policies(CLIMB_VALUES, SOFT), learners: 100, runs: 200, options: each(1) },
  { name: 'learners who climb, three choices in a row', world: CLIMB, pair: policies(CLIMB_VALUES, SOFT), learners: 200, runs: 200, options: each(3) },
  { name: 'learners who climb, their first three choices', world: CLIMB, pair: policies(CLIMB_VALUES, SOFT), learners: 300, runs: 200, options: { horizon: 3, stretches: 'first' } },
];

describe.each(CASES.flatMap((one) => [
  { ...one, of: 'the strategy that logged', pair: { logging: one.pair.logging, target: one.pair.logging } },
  { ...one, of: 'another strategy' },
]))('$name, $of', ({ world, pair, learners, runs, options }) => {
  const truth = truthOf(world, pair, options);
  const verdicts = Array.from({ length: runs }, (_, run) => judged(world, pair, { learners, seed: run * 104_729 + 11, options }));

  it.each(['ips', 'snips', 'dr'] as const)('%s: the 90 % intervals cover the truth in 85 to 95 % of the runs', (name) => {
    const covering = verdicts.filter((verdict) => holds(verdict[name], truth)).length / runs;
    expect(covering).toBeGreaterThanOrEqual(0.85);
    expect(covering).toBeLessThanOrEqual(0.95);
  });

  it.each(['ips', 'dr'] as const)('%s is unbiased', (name) => {
    const errors = verdicts.map((verdict) => (verdict[name]?.value ?? NaN) - truth);
    const bias = errors.reduce((sum, error) => sum + error, 0) / runs;
    const noise = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0)) / runs;
    expect(Math.abs(bias)).toBeLessThan(3 * noise);
  });

  it('hardly ever warns', () => expect(verdicts.filter(({ warnings }) => warnings.length > 0).length / runs).toBeLessThanOrEqual(0.05));
});

function holds(estimate: Estimate | null, truth: number): boolean {
  return estimate !== null && estimate.low <= truth && truth <= estimate.high;
}

describe('the enumerated truth', () => {
  it.each([1, 4])('is what learners earn who are taught that way (%d in a row)', (horizon) => {
    const { target } = policies(CLIMB_VALUES, SOFT);
    const log = logOf(CLIMB, { logging: target, target }, { learners: 20_000, random: seeded(3) });
    const options = { horizon, stretches: 'first' } as const;
    const { logged } = judge(log, { ...options, level: 0.999 });
    expect(holds(logged, truthOf(CLIMB, policies(CLIMB_VALUES, SOFT), options))).toBe(true);
  });
});

describe('the strategy that logged', () => {
  it('has earned what the log says, by every weight 1', () => {
    const { logging } = policies(BANDIT_VALUES, SOFT);
    const { logged, ips, snips, support, warnings } = judged(BANDIT, { logging, target: logging }, { learners: 50, seed: 1, options: {} });
    expect(ips).toEqual(logged);
    expect(snips).toEqual(logged);
    expect(support).toMatchObject({ largestWeight: 1, neverChosen: 0, outOfReach: 0 });
    expect(support.effectiveStretches).toBeCloseTo(support.stretches, 6);
    expect(warnings).toEqual([]);
  });
});

describe('an interval', () => {
  const pair = policies(BANDIT_VALUES, SOFT);
  const log = logOf(BANDIT, pair, { learners: 80, random: seeded(4) });
  const width = (estimate: Estimate | null): number => (estimate === null ? NaN : estimate.high - estimate.low);

  it('is as wide as its learners are few, however many choices each has', () => {
    const often = log.map((choices) => [...choices, ...choices, ...choices, ...choices]);
    expect(width(judge(often).ips)).toBeCloseTo(width(judge(log).ips), 12);
    expect(width(judge([...log, ...log, ...log, ...log]).ips) / width(judge(log).ips)).toBeCloseTo(0.5, 1);
  });

  it('is wider where it should be surer', () => {
    const [low, middle, high] = [0.8, 0.9, 0.99].map((level) => width(judge(log, { level }).snips));
    expect(low).toBeLessThan(middle ?? NaN);
    expect(middle).toBeLessThan(high ?? NaN);
  });

  it('of a good model is narrower than without', () => {
    const steep = policies(BANDIT_VALUES, LIVE);
    const { ips, dr } = judged(BANDIT, steep, { learners: 300, seed: 5, options: {} });
    expect(width(dr)).toBeLessThan(0.8 * width(ips));
  });
});

describe('thin support', () => {
  const healthy = policies(BANDIT_VALUES, SOFT);

  it('is said where the strategy does what the log never does', () => {
    const only = (action: number) => [0, 1, 2].map(() => [0, 1, 2, 3].map((a) => (a === action ? 1 : 0)));
    const verdict = judged(BANDIT, { logging: only(0), target: only(1) }, { learners: 50, seed: 1, options: {} });
    expect(verdict).toMatchObject({ ips: null, snips: null, dr: null, support: { neverChosen: 1, outOfReach: 1, effectiveLearners: 0 } });
    expect(codes(verdict)).toEqual(['nothing-in-common']);
  });

  it('is said where most of what the strategy does is missing in the log', () => {
    const logging = [0, 1, 2].map(() => [0.5, 0.5, 0, 0]);
    const target = [0, 1, 2].map(() => [0.2, 0.1, 0.4, 0.3]);
    const verdict = judged(BANDIT, { logging, target }, { learners: 100, seed: 1, options: {} });
    expect(codes(verdict)).toEqual(['out-of-reach', 'mean-weight-off']);
    expect(verdict.support.outOfReach).toBeCloseTo(0.7, 9);
    expect(verdict.warnings[0]?.text).toBe('the strategy makes 70 % of its choices where the log has next to none; what these earn is not in the figures (up to 1 % is sound)');
  });

  it('is said where the log has next to none, though its probabilities are above 0', () => {
    const logging = [0, 1, 2].map(() => [1 - 1e-7, 1e-7, 0, 0]);
    const target = [0, 1, 2].map(() => [0.5, 0.5, 0, 0]);
    expect(codes(judged(BANDIT, { logging, target }, { learners: 100, seed: 1, options: {} }))).toContain('out-of-reach');
  });

  it('is seen by the weights alone where the log keeps no other action', () => {
    const logging = [0, 1, 2].map(() => [0.5, 0.5, 0, 0]);
    const target = [0, 1, 2].map(() => [0.2, 0.1, 0.4, 0.3]);
    const log = logOf(BANDIT, { logging, target }, { learners: 100, random: seeded(2) }).map((choices) => choices.map(({ propensity, target: t, reward }) => choice(propensity, t, reward)));
    const verdict = judge(log);
    expect(codes(verdict)).toEqual(['mean-weight-off']);
    expect(verdict.support.outOfReach).toBeNull();
  });

  it('is said where probabilities are not those of the draws', () => {
    const log = logOf(BANDIT, healthy, { learners: 100, random: seeded(2) }).map((choices) => choices.map(({ propensity, target, reward }) => choice(propensity / 2, target, reward)));
    expect(codes(judge(log))).toEqual(['mean-weight-off']);
  });

  it('is said of few learners', () => {
    const { warnings } = judged(BANDIT, healthy, { learners: 12, seed: 3, options: {} });
    expect(warnings.map(({ text }) => text)).toEqual([expect.stringMatching(/^the weights leave \d+(\.\d+)? effective learners of 12; under 20 the intervals are too narrow$/)]);
  });

  it('is said where one logged choice is nearly all there is', () => {
    const log: Log = [...Array.from({ length: 60 }, () => [choice(0.9, 0.5, 1)]), [choice(0.01, 0.5, 0)]];
    expect(codes(judge(log))).toContain('one-stretch-decides');
  });

  it('is said in nearly every run in which strategies differ so much, two choices in a row', () => {
    const apart = policies(CLIMB_VALUES, LIVE);
    const warned = Array.from({ length: 40 }, (_, run) => judged(CLIMB, apart, { learners: 300, seed: run, options: { horizon: 2 } })).filter(({ warnings }) => warnings.length > 0).length;
    expect(warned).toBeGreaterThanOrEqual(38);
  });
});

describe('weights that are cut', () => {
  const log: Log = Array.from({ length: 40 }, (_, n) => [choice(n < 4 ? 0.05 : 0.9, 0.5, 1)]);

  it('count as the bound, and the verdict says how many were', () => {
    const { ips, support } = judge(log, { weightMax: 2 });
    expect(ips?.value).toBeCloseTo((4 * 2 + 36 * (0.5 / 0.9)) / 40, 12);
    expect(support).toMatchObject({ clipped: 0.1, largestWeight: 10 });
    expect(support.largestShare).toBeCloseTo(2 / 28, 12);
  });

  it('change nothing under a bound that none reaches', () => {
    expect(judge(log, { weightMax: 10 })).toEqual(judge(log));
    expect(judge(log).support.clipped).toBe(0);
  });
});

describe('a strategy restricted to what the log draws often enough', () => {
  const rare = { logging: [0, 1, 2].map(() => [0.69, 0.3, 0.01 - 1e-9, 1e-9]), target: [0, 1, 2].map(() => [0.3, 0.5, 0, 0.2]) };

  it('is judged by what is left of it, scaled to 1', () => {
    const options = { horizon: 1, stretches: 'every', propensityMin: 1e-6 } as const;
    const left = { logging: rare.logging, target: [0, 1, 2].map(() => [0.375, 0.625, 0, 0]) };
    const truth = truthOf(BANDIT, left, options);
    const verdicts = Array.from({ length: 100 }, (_, run) => judged(BANDIT, rare, { learners: 100, seed: run + 1, options }));
    for (const name of ['ips', 'snips', 'dr'] as const) expect(verdicts.filter((verdict) => holds(verdict[name], truth)).length).toBeGreaterThanOrEqual(83);
    for (const { support } of verdicts) {
      expect(support.restricted).toBeCloseTo(0.2, 9);
      expect(support.outOfReach).toBe(0);
      expect(support.largestWeight).toBeLessThanOrEqual(1 / 0.3);
    }
    expect(codes(judged(BANDIT, rare, { learners: 100, seed: 1, options: {} }))).toContain('out-of-reach');
  });

  it('is out of reach where nothing is left of it', () => {
    const log: Log = Array.from({ length: 40 }, (_, n) => [n < 20 ? ofTwo(0, [1 - 1e-7, 0], 1) : ofTwo(0, [0.5, 0.5], 1)]);
    expect(judge(log, { propensityMin: 1e-3 }).support).toMatchObject({ restricted: 0.5, outOfReach: 0.5, neverChosen: 0.5 });
  });
});

describe('what makes no sense', () => {
  const fine = ofTwo(0, [0.5, 0.5], 1, [1, 2]);
  const within = (odd: Partial<LoggedChoice>): Log => [[fine], [fine, { ...fine, ...odd }], [fine], [fine]];
  const acted = (odd: object): Log => within({ actions: { ...(fine.actions ?? { logging: new Float64Array(), target: new Float64Array() }), ...odd } });

  it.each<[string, Log]>([
    ['propensity 0 is not above 0 and at most 1', within({ propensity: 0 })],
    ['propensity 1.5 is not', within({ propensity: 1.5 })],
    ['propensity NaN is not', within({ propensity: NaN })],
    ['target -0.1 is not a probability', within({ target: -0.1 })],
    ['target 1.01 is not a probability', within({ target: 1.01 })],
    ['target NaN is not a probability', within({ target: NaN })],
    ['reward NaN is not a finite number', within({ reward: NaN })],
    ['reward Infinity is not a finite number', within({ reward: Infinity })],
    ['chosen 2 is not the place of one of 2 actions', within({ chosen: 2 })],
    ['chosen -1 is not the place of an action', within({ chosen: -1 })],
    ['chosen 0.5 is not the place of an action', within({ chosen: 0.5 })],
    ['propensity 0.4 is not what actions say of action 0: 0.5', within({ propensity: 0.4 })],
    ['target 0.4 is not what actions say of action 0: 0.5', within({ target: 0.4 })],
    ['actions.target has 3 entries for 2 actions', acted({ target: Float64Array.of(0.5, 0.25, 0.25) })],
    ['actions.predicted has 1 entries for 2 actions', acted({ predicted: Float64Array.of(1) })],
    ['actions.predicted[1] NaN is not a finite number', acted({ predicted: Float64Array.of(1, NaN) })],
    ['actions.logging[1] NaN is not a probability', acted({ logging: Float64Array.of(0.5, NaN) })],
    ['actions.target[0] 1.5 is not a probability', acted({ target: Float64Array.of(1.5, -0.5) })],
    ['actions.logging sums to 0.75, not to 1', acted({ logging: Float64Array.of(0.5, 0.25) })],
    ['actions stand in some choices of the log and not in others', [[fine], [fine, choice(0.5, 0.5, 1)], [fine], [fine]]],
    ['actions.predicted stands in some choices of the log and not in others', [[fine], [fine, ofTwo(0, [0.5, 0.5], 1)], [fine], [fine]]],
  ])('a choice: %s', (text, log) => {
    expect(() => judge(log)).toThrow(RangeError);
    expect(() => judge(log)).toThrow(`log[1][1]: ${text}`);
  });

  it.each<[string, Log, JudgeOptions]>([
    ['log: 0 learners with no choice at all', [], {}],
    ['log: 2 learners with no choice at all', [[], []], {}],
    ['log: 3 learners with 1 choices or more (horizon); an interval needs at least 4', [[fine], [fine], [fine], []], {}],
    ['log: 0 learners with 2 choices or more (horizon)', [[fine], [fine], [fine], [fine]], { horizon: 2 }],
    ['level: 1 is not between 0.5 and 1', [[fine]], { level: 1 }],
    ['level: NaN is not', [[fine]], { level: NaN }],
    ['level: 90 is not', [[fine]], { level: 90 }],
    ['horizon: 0 is not a whole number from 1 to 50', [[fine]], { horizon: 0 }],
    ['horizon: 1.5 is not', [[fine]], { horizon: 1.5 }],
    ['weightMax: 0 is not above 0', [[fine]], { weightMax: 0 }],
    ['weightMax: NaN is not', [[fine]], { weightMax: NaN }],
    ['propensityMin: 0 is not above 0 and at most 1', [[fine]], { propensityMin: 0 }],
    ['log[0][0]: weight 5e+199 of 1 choices in a row is above 1e+100', Array.from({ length: 4 }, () => [choice(1e-200, 0.5, 1)]), {}],
    ['propensityMin: 0.1 needs the probabilities of all actions', [[choice(0.5, 0.5, 1)]], { propensityMin: 0.1 }],
  ])('%s', (text, log, options) => {
    expect(() => judge(log, options)).toThrow(RangeError);
    expect(() => judge(log, options)).toThrow(text);
  });
});
