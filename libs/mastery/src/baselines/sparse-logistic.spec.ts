import { logistic } from '../ability.js';
import { seeded } from '../seeded.js';
import { ridge } from './sparse-logistic.js';
import { sparseBuilder, type SparseRows } from './sparse-rows.js';

const L2 = 0.5;

/** An intercept, one of 30 rare columns, a count and a small number. */
function rows(count: number): { readonly x: SparseRows; readonly right: Uint8Array; readonly all: Int32Array } {
  const random = seeded(11);
  const builder = sparseBuilder(33, count);
  const right = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    const rare = Math.floor(random() * 30);
    const often = Math.floor(random() * 40);
    const small = random() / 10;
    builder.add(0, 1);
    builder.add(1 + rare, 1);
    builder.add(31, often);
    builder.add(32, small);
    builder.endRow();
    right[row] = random() < logistic(0.4 + (rare % 3) - 1 + often / 20 - 8 * small) ? 1 : 0;
  }
  return { x: builder.finish(), right, all: Int32Array.from(right, (_, row) => row) };
}

describe('the logistic regression on sparse rows', () => {
  const { x, right, all } = rows(2_000);

  it('ends where the slope of the penalised loss is nothing', () => {
    const weights = ridge(x, right, all, { l2: L2, gainMin: 1e-12 });
    const slope = Float64Array.from(weights, (weight, n) => (n === 0 ? 0 : L2 * weight));
    for (const row of all) {
      const entries = Array.from({ length: (x.starts[row + 1] ?? 0) - (x.starts[row] ?? 0) }, (_, n) => (x.starts[row] ?? 0) + n);
      const logit = entries.reduce((sum, at) => sum + (weights[x.column[at] ?? 0] ?? 0) * (x.value[at] ?? 0), 0);
      for (const at of entries) slope[x.column[at] ?? 0] = (slope[x.column[at] ?? 0] ?? 0) + (logistic(logit) - (right[row] ?? 0)) * (x.value[at] ?? 0);
    }
    // The largest possible slope is some 20,000: the count column with all answers wrong.
    expect(Math.max(...slope.map(Math.abs))).toBeLessThan(0.5);
  });

  it('is the share right where only the intercept says something', () => {
    const builder = sparseBuilder(1, 4);
    for (let row = 0; row < 4; row++) {
      builder.add(0, 1);
      builder.endRow();
    }
    const weights = ridge(builder.finish(), Uint8Array.of(1, 1, 1, 0), Int32Array.of(0, 1, 2, 3), { l2: 1, gainMin: 1e-14 });
    expect(logistic(weights[0] ?? NaN)).toBeCloseTo(0.75, 5);
  });

  it('gives the same to the last bit each time, and leaves a column that no row has at 0', () => {
    const options = { l2: L2, gainMin: 1e-6 };
    const few = all.filter((row) => x.column[(x.starts[row] ?? 0) + 1] !== 7);
    const weights = ridge(x, right, few, options);
    expect(weights).toEqual(ridge(x, right, few, options));
    expect(Math.abs(weights[7] ?? NaN)).toBe(0);
  });

  it('ends when its progress throws', () => {
    const stop = () => {
      throw new Error('stopped');
    };
    expect(() => ridge(x, right, all, { l2: L2, gainMin: 1e-6, progress: stop })).toThrow('stopped');
  });
});
