import { logistic } from '../ability.js';
import { seeded } from '../seeded.js';
import { GROUP_LEARNERS_MIN, subgroups } from './subgroups.js';

const NAMES = ['north', 'east', 'south', 'west'];
const LEARNERS = 320;
const ANSWERS = 30;

interface Planted {
  readonly seed: number;
  readonly learners?: number;
  /** Added to the probability that those of a group are right, unknown to the predictions. */
  readonly shift: number;
}

/** Learners of four groups whose answers hang together: what is predicted is right on average, not for each. */
function planted({ seed, learners = LEARNERS, shift }: Planted) {
  const random = seeded(seed);
  const rows = learners * ANSWERS;
  const right = new Uint8Array(rows);
  const predicted = new Float64Array(rows);
  const values = Array.from({ length: learners }, () => NAMES[Math.floor(random() * 4)] ?? '');
  for (const [learner, group] of values.entries()) {
    const own = (random() - 0.5) * 0.2;
    for (let row = learner * ANSWERS; row < (learner + 1) * ANSWERS; row++) {
      const p = logistic(random() * 3 - 0.5) * 0.7 + 0.12;
      predicted[row] = p;
      right[row] = random() < p + own + (group === 'south' ? shift : 0) ? 1 : 0;
    }
  }
  return { log: { right, starts: Int32Array.from({ length: learners + 1 }, (_, n) => n * ANSWERS) }, predicted, column: { name: 'region', of: 'learner' as const, values } };
}

function flagged(what: Planted): readonly string[] {
  const { log, predicted, column } = planted(what);
  const { groups } = subgroups(log, predicted, column, { seed: what.seed, resamples: 200 });
  return groups.filter(({ verdict }) => verdict === 'flagged').map(({ name }) => name);
}

describe('the report on subgroups', () => {
  const seeds = Array.from({ length: 12 }, (_, n) => n + 1);

  it.each(seeds)('finds the group whose predictions are too low, and no other: seed %d', (seed) => {
    expect(flagged({ seed, shift: 0.08 })).toEqual(['south']);
  });

  it.each(seeds)('finds the group whose predictions are too high, and no other: seed %d', (seed) => {
    expect(flagged({ seed, shift: -0.08 })).toEqual(['south']);
  });

  it.each(seeds)('flags nobody where nothing is planted: seed %d', (seed) => {
    expect(flagged({ seed, shift: 0 })).toEqual([]);
  });

  it('does not flag a gap that is certain and too small to matter', () => {
    expect(flagged({ seed: 1, learners: 4_000, shift: 0.012 })).toEqual([]);
  });

  it('says by how much, with an interval', () => {
    const { log, predicted, column } = planted({ seed: 4, shift: -0.08 });
    const { groups, judged } = subgroups(log, predicted, column, { seed: 4, resamples: 300 });
    const { gap, metrics, learners } = groups.find(({ name }) => name === 'south') ?? (groups[0] as (typeof groups)[number]);
    expect(gap.value).toBeCloseTo(metrics.meanPredicted - metrics.shareRight, 12);
    expect(gap.low).toBeGreaterThan(0.04);
    expect(gap.high).toBeLessThan(0.12);
    expect(metrics.n).toBe(learners * ANSWERS);
    expect(judged).toBe(4);
    expect(groups.map(({ name }) => name)).toEqual(['east', 'north', 'south', 'west']);
  });

  it('says nothing of a group that is too small, nor of rows without a group', () => {
    const { log, predicted, column } = planted({ seed: 1, shift: -0.5 });
    const values = column.values.map((_, learner) => (learner < GROUP_LEARNERS_MIN - 1 ? 'few' : learner < 100 ? '' : 'many'));
    const { groups, judged } = subgroups(log, predicted, { ...column, values }, { seed: 1, resamples: 50 });
    expect(groups.map(({ name, learners, verdict }) => ({ name, learners, verdict }))).toEqual([
      { name: 'few', learners: GROUP_LEARNERS_MIN - 1, verdict: 'too-small' },
      { name: 'many', learners: LEARNERS - 100, verdict: 'flagged' },
    ]);
    expect(judged).toBe(1);
  });

  it('takes a column of rows as well', () => {
    const { log, predicted, column } = planted({ seed: 2, shift: 0.1 });
    const rows = Array.from(log.right, (_, row) => column.values[Math.floor(row / ANSWERS)] ?? '');
    const options = { seed: 2, resamples: 100 };
    expect(subgroups(log, predicted, { name: 'region', of: 'row', values: rows }, options)).toEqual(subgroups(log, predicted, column, options));
  });

  it('refuses a column that does not fit', () => {
    const { log, predicted } = planted({ seed: 1, shift: 0 });
    expect(() => subgroups(log, predicted, { name: 'region', of: 'learner', values: ['north'] }, { seed: 1, resamples: 10 })).toThrow('column region: 1 values for 320 learners');
  });
});
