import { readFileSync } from 'node:fs';
import { measure, type Scale } from './benchmark.js';
import { BENCHMARKS } from './benches.js';
import { tableOf } from './report.js';
import { Workplace } from './workplace.js';

// Whether each benchmark works and says something, never how fast: a test must not fail because a machine is slow.
const TINY: Scale = { rounds: 1, seconds: 0.05, warmUpSeconds: 0.02, size: 0.001 };

/** Servers start, and a machine may be busy with many things. */
const BENCH_MS_MAX = 300_000;

let workplace: Workplace;
beforeAll(() => {
  workplace = new Workplace();
});
afterAll(() => workplace.close());

it('each has its place in BENCHMARKS.md', () => {
  const document = readFileSync(new URL('../../../BENCHMARKS.md', import.meta.url), 'utf8');
  expect(BENCHMARKS.filter(({ name }) => !document.includes(`<!-- bench: ${name} -->`)).map(({ name }) => name)).toEqual([]);
});

for (const benchmark of BENCHMARKS) {
  it(`${benchmark.name} measures every side and compares them`, async () => {
    const outcome = await measure(benchmark, { workplace, scale: TINY, say: () => undefined });
    expect(outcome.rows.length).toBeGreaterThan(0);
    for (const { what, unit, figure, limit, ratio, goals, rounds } of outcome.rows) {
      expect(what).not.toBe('');
      expect(unit).not.toBe('');
      expect(rounds.figure).toHaveLength(1);
      // Of a share nothing may be left; of anything else there is some, or it was not measured.
      if (unit === '%') expect(figure.median).toBeGreaterThanOrEqual(0);
      else expect(figure.median).toBeGreaterThan(0);
      if (limit !== null) expect(limit.median).toBeGreaterThan(0);
      if (limit !== null) expect(ratio?.median).toBeCloseTo(figure.median / limit.median, 6);
      for (const { met, factor } of goals) expect([typeof met, Number.isNaN(factor)]).toEqual(['boolean', false]);
    }
    for (const { points } of outcome.curves ?? []) for (const { median } of points) expect(median).toBeGreaterThan(0);
    expect(tableOf(outcome).split('\n')).toHaveLength(outcome.rows.length + 2);
  }, BENCH_MS_MAX);
}
