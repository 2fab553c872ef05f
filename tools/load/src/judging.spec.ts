import { judged } from './judging.js';
import type { Part, Sample, Summary } from './result.js';

const part = (name: string, more: Partial<Part> = {}): Part => ({
  name, fromSecond: 0, seconds: 10, offeredPerSecond: 10, answered: 100, refused: 0, failed: 0, unsent: 0, answeredPerSecond: 10, p50Ms: 1, p95Ms: 2, p99Ms: 3, ...more,
});
const sample = (second: number, residentMiB: number): Sample => ({ second, residentMiB, cores: 1, loopDelayP99Ms: 1, requestsPerSecond: 1, refusedPerSecond: 0, p50Ms: 1, p99Ms: 1 });
const summary = (suite: Summary['suite'], parts: readonly Part[], acknowledged = 0): Summary => ({
  suite, parts, figures: [], thresholds: [], metrics: { acknowledged_answers: { type: 'counter', values: { count: acknowledged } } },
});
const brokenOf = (...args: Parameters<typeof judged>): string[] => judged(...args).thresholds.flatMap(({ metric, ok }) => (ok ? [] : [metric]));

describe('a breakpoint', () => {
  const at = (value: number): Summary => ({ ...summary('breakpoint', []), figures: [{ name: 'knee', value, unit: 'requests/s' }] });

  it('holds where one machine bears a thousand requests a second', () => {
    expect(brokenOf(at(1_000), { samples: [], isEmbedded: true })).toEqual([]);
    expect(brokenOf(at(999), { samples: [], isEmbedded: true })).toEqual(['knee']);
  });
  it('asks nothing of what does not run on one machine alone', () => {
    expect(judged(at(10), { samples: [] }).thresholds).toEqual([]);
  });
});

describe('a soak', () => {
  const tenths = (...p99s: readonly number[]): Part[] => p99s.map((p99Ms, n) => part(`tenth_${n + 1}`, { fromSecond: n * 10, p99Ms }));
  const grows = (...mebibytes: readonly number[]): Sample[] => mebibytes.flatMap((each, n) => Array.from({ length: 10 }, (_, second) => sample(10 * n + second, each)));

  it('holds while its last tenth is like its second, whatever the first was', () => {
    expect(brokenOf(summary('soak', tenths(90, 3, 6)), { samples: grows(10, 100, 120) })).toEqual([]);
  });
  it('breaks where latency drifts, or memory', () => {
    expect(brokenOf(summary('soak', tenths(3, 3, 6.1)), { samples: grows(100, 100, 100) })).toEqual(['drift of p99']);
    expect(brokenOf(summary('soak', tenths(3, 3, 3)), { samples: grows(100, 100, 121) })).toEqual(['drift of resident memory']);
  });
  it('compares memory with the fifth tenth, by which caches are full', () => {
    expect(brokenOf(summary('soak', tenths(3, 3, 3, 3, 3, 3)), { samples: grows(100, 110, 150, 180, 200, 240) })).toEqual([]);
    expect(brokenOf(summary('soak', tenths(3, 3, 3, 3, 3, 3)), { samples: grows(100, 110, 150, 180, 200, 241) })).toEqual(['drift of resident memory']);
  });
  it('does not judge memory that nobody knows', () => {
    const { parts, thresholds } = judged(summary('soak', tenths(3, 3, 3)), { samples: [] });
    expect(parts.map(({ residentMiB }) => residentMiB)).toEqual([null, null, null]);
    expect(thresholds.map(({ metric }) => metric)).toEqual(['drift of p99', 'drift of p50']);
  });
});

describe('an overload', () => {
  const overload = part('overload_answers', { seconds: 30 });
  const after = (...p99s: readonly (number | 'refused')[]): Part[] => p99s.map((p99, n) => part(`recovery_second_${n + 1}`, p99 === 'refused' ? { refused: 1 } : { p99Ms: p99 }));
  const found = { acknowledged: 5, lost: 0, changed: 0 };

  it('holds when nothing was lost, memory is flat and three seconds in a row are good again soon', () => {
    const samples = [sample(5, 100), sample(15, 300), sample(25, 115)];
    const { figures, thresholds } = judged(summary('overload', [overload, ...after('refused', 3, 'refused', 400, 3, 3, 3, 400)], 5), { samples, found });
    expect(thresholds.filter(({ ok }) => !ok)).toEqual([]);
    expect(figures.find(({ unit }) => unit === 's')?.value).toBe(4);
  });
  it.each([
    ['an acknowledged answer is lost', { found: { ...found, lost: 1 } }, ['acknowledged answers that were lost']],
    ['one was not looked for', { found: { ...found, acknowledged: 4 } }, ['acknowledged answers that were not looked for']],
    ['memory grows', { resident: 116 }, ['resident memory, last third of the overload to the one before']],
    ['it does not recover', { after: after(...Array.from({ length: 20 }, () => 'refused' as const)) }, ['recovery']],
    ['what was due was not sent', { overload: { ...overload, unsent: 20 } }, ['share of the overload that was answered or refused']],
  ] as const)('breaks where %s', (_, given, broken) => {
    const { found: looked = found, resident = 100, after: seconds = after(3, 3, 3), overload: under = overload } = given as Partial<{ found: typeof found; resident: number; after: Part[]; overload: Part }>;
    expect(brokenOf(summary('overload', [under, ...seconds], 5), { samples: [sample(15, 100), sample(25, resident)], found: looked })).toEqual(broken);
  });
});
