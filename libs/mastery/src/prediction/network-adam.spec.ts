import { adamOf, gradientsOf, rateAt, WEIGHT_GROUPS } from './network-adam.js';
import { emptyNetwork, type NetworkWeights } from './network.js';

/** All weights of one value. */
function weightsOf(value: number): NetworkWeights {
  const weights = emptyNetwork({ items: ['a'], combinations: [Int32Array.of(0)] }, Int32Array.of(0), Int32Array.of(0));
  for (const group of WEIGHT_GROUPS) weights[group].fill(value);
  return weights;
}

describe('the rate', () => {
  it.each([
    { step: 0, rate: 1e-5 },
    { step: 99, rate: 1e-3 },
    { step: 199, rate: 2e-3 },
    // cos(0.3 pi) = 0.5877852523, cos(0.5 pi) = 0, cos(0.999 pi) = -0.9999950652.
    { step: 300, rate: 1.5877852523e-3 },
    { step: 500, rate: 1e-3 },
    { step: 999, rate: 4.9348e-9 },
  ])('is $rate at step $step of 1000', ({ step, rate }) => {
    expect(rateAt(step, 1000) / rate).toBeCloseTo(1, 5);
  });
});

describe('a step', () => {
  it('goes by the rate against the gradient at first, however steep, then by what gradients were on the whole', () => {
    const weights = weightsOf(0);
    const gradients = gradientsOf(weights);
    const adam = adamOf(weights);
    gradients.last.fill(0.5);
    adam(gradients, 0, 1000);
    expect(weights.last[3]).toBeCloseTo(-1e-5, 12);
    // By hand: m = 0.9*0.05 - 0.1*0.2 = 0.025, v = 0.999*0.00025 + 0.001*0.04 = 0.00028975; over 1 - 0.81 and 1 - 0.998001:
    // 0.1315789 / sqrt(0.1449475) = 0.3456037, times the rate 2e-5.
    gradients.last.fill(-0.2);
    adam(gradients, 1, 1000);
    expect(weights.last[3]).toBeCloseTo(-1e-5 - 2e-5 * 0.3456037, 10);
    expect(weights.second[3]).toBe(0);
  });

  it.each([
    { group: 'itemVectors', decay: 0.5 },
    { group: 'combinationVectors', decay: 0.005 },
    { group: 'first', decay: 1e-5 },
    { group: 'second', decay: 1e-5 },
    { group: 'last', decay: 1e-5 },
    { group: 'direct', decay: 1e-5 },
    { group: 'firstBias', decay: 0 },
    { group: 'secondBias', decay: 0 },
    { group: 'lastBias', decay: 0 },
  ] as const)('without a gradient takes $decay times the rate off $group', ({ group, decay }) => {
    const weights = weightsOf(8);
    // Half of the way: the rate is 1e-3.
    adamOf(weights)(gradientsOf(weights), 500, 1000);
    for (const value of weights[group]) expect(8 - value).toBeCloseTo(8 * 1e-3 * decay, 12);
  });
});
