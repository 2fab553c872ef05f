import { seeded } from '@trellis/mastery';
import { crossFitted } from './reward-model.js';
import { NormalEquations } from './ridge.js';
import type { Log, LoggedChoice } from './types.js';

interface Choice extends LoggedChoice {
  readonly hardness: readonly number[];
}

const ACTIONS = 3;

/** Reward 2 less the hardness of the action. */
function logOf(learners: number): Log<Choice> {
  const random = seeded(9);
  const even = new Float64Array(ACTIONS).fill(1 / ACTIONS);
  return Array.from({ length: learners }, () => Array.from({ length: 4 }, (): Choice => {
    const hardness = Array.from({ length: ACTIONS }, random);
    const chosen = Math.floor(random() * ACTIONS);
    return { propensity: 1 / ACTIONS, target: 1 / ACTIONS, reward: 2 - (hardness[chosen] ?? 0), chosen, actions: { logging: even, target: even }, hardness };
  }));
}

const byFeatures = { features: ({ hardness }: Choice, action: number) => [hardness[action] ?? 0] };
const byKey = { key: (_: Choice, action: number) => String(action) };

describe('a cross-fitted model', () => {
  it('by features predicts what depends on them, for every action', () => {
    const log = logOf(500);
    crossFitted(log, byFeatures).forEach((choices, learner) => choices.forEach(({ actions }, at) => {
      log[learner]?.[at]?.hardness.forEach((hard, action) => expect(actions?.predicted?.[action]).toBeCloseTo(2 - hard, 1));
    }));
  });

  it('by key predicts the mean of the other half, drawn towards the mean of all', () => {
    const of = (reward: number, chosen: number): LoggedChoice => ({ propensity: 0.5, target: 0.5, reward, chosen, actions: { logging: Float64Array.of(0.5, 0.5), target: Float64Array.of(0.5, 0.5) } });
    // Whoever is in a half, the other holds one learner: rewards 3 and 3 of action 0, 0 of action 1, so 2 over all.
    const learner = [of(3, 0), of(3, 0), of(0, 1)];
    for (const choices of crossFitted([learner, learner], byKey as { key: (choice: LoggedChoice, action: number) => string })) {
      expect([...(choices[0]?.actions?.predicted ?? [])]).toEqual([(6 + 2 * 2) / 4, (0 + 2 * 2) / 3]);
    }
  });

  it.each([['features', byFeatures], ['key', byKey]])('by %s: no reward of a learner reaches their own predictions', (_, model) => {
    const log = logOf(20);
    const changed = log.map((choices, learner) => (learner === 7 ? choices.map((one) => ({ ...one, reward: one.reward + 50 })) : choices));
    const [before, after] = [crossFitted(log, model, 3), crossFitted(changed, model, 3)];
    const predicted = (of: Log, learner: number) => of[learner]?.map(({ actions }) => actions?.predicted);
    expect(predicted(after, 7)).toEqual(predicted(before, 7));
    expect(log.filter((_, learner) => JSON.stringify(predicted(after, learner)) !== JSON.stringify(predicted(before, learner)))).toHaveLength(10);
  });

  it('leaves the log as it was, and is repeated by its seed', () => {
    const log = logOf(6);
    expect(crossFitted(log, byKey, 2)).toEqual(crossFitted(log, byKey, 2));
    expect(log[0]?.[0]?.actions).not.toHaveProperty('predicted');
  });

  it('says what it cannot be made of', () => {
    const log = logOf(6);
    expect(() => crossFitted(log.slice(0, 1), byKey)).toThrow('log: 1 learners, a cross-fitted model needs at least 2');
    expect(() => crossFitted(log.map((choices) => choices.map(({ actions: _, ...one }) => one)), byKey)).toThrow('log[0][0]: actions are missing');
    expect(() => crossFitted(log, { features: () => [] })).toThrow('features: 0 of an action, not 1 to 200');
    expect(() => crossFitted(log, { features: () => [NaN] })).toThrow('features: NaN at place 0 is not a finite number');
    expect(() => crossFitted(log, { features: (_, action) => (action === 0 ? [1] : [1, 2]) })).toThrow(RangeError);
    expect(() => crossFitted(log, { features: () => [1] })).not.toThrow();
  });

  it('predicts something even where the other half has no choice', () => {
    const [one] = logOf(1);
    for (const model of [byFeatures, byKey]) expect(crossFitted([one ?? [], []], model).flat().flatMap(({ actions }) => [...(actions?.predicted ?? [])]).every(Number.isFinite)).toBe(true);
  });
});

describe('ridge regression', () => {
  it('draws the slope towards 0 and leaves the level, as worked out by hand', () => {
    const equations = new NormalEquations(2);
    for (const [x, y] of [[-1, 1], [0, 3], [1, 5]] as const) equations.add([1, x], y);
    // Slope 4 / (2 + penalty), level 3.
    expect([...equations.solve(2)].map((one) => Number(one.toFixed(12)))).toEqual([3, 1]);
  });

  it('shares a weight among features that say the same', () => {
    const equations = new NormalEquations(3);
    for (const [x, y] of [[-1, -4], [1, 4]] as const) equations.add([1, x, x], y);
    const [level, one, other] = equations.solve(1);
    expect(level).toBeCloseTo(0, 12);
    expect(one).toBeCloseTo(other ?? NaN, 12);
    expect(one).toBeCloseTo(8 / 5, 12);
  });
});
