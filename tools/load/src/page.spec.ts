import { pageOf } from './page.js';
import type { Part, Result, Sample } from './result.js';

const times = { avg: 2, min: 0.5, med: 1.234, 'p(90)': 3.1, 'p(95)': 4.5, 'p(99)': 12.345, 'p(99.9)': 20, max: 1_234.5, count: 3_001 };
const sample = (second: number): Sample => ({ second, cores: 0.55, residentMiB: 300 + second, loopDelayP99Ms: 11, requestsPerSecond: 301.5, refusedPerSecond: 1.5, p50Ms: 1.9, p99Ms: 9.75 });
const part = (name: string, more: Partial<Part> = {}): Part => ({ name, fromSecond: 10, seconds: 10, offeredPerSecond: 400, answered: 3_990, refused: 7, failed: 1, unsent: 2, answeredPerSecond: 399, p50Ms: 1.5, p95Ms: 4.25, p99Ms: 9_382.929, ...more });
const result: Result = {
  suite: 'recommend',
  command: 'npm run load -- recommend --target embedded --rate 300',
  target: 'embedded',
  isKurrentDouble: false,
  rate: 300,
  seconds: 10,
  warmupSeconds: 2,
  learners: 200,
  seed: 7,
  isShort: false,
  history: 52_600,
  at: '2026-03-02T09:30:00.000Z',
  commit: '1234abc',
  node: 'v24.1.0',
  k6: 'v1.1.0',
  processor: 'A processor',
  cores: 2,
  memoryGiB: 24,
  metrics: {
    'http_req_duration{phase:load}': { type: 'trend', values: times },
    http_req_duration: { type: 'trend', values: { ...times, med: 99 } },
    'checks{phase:load}': { type: 'rate', values: { rate: 0.9999999 } },
  },
  thresholds: [
    { metric: 'http_req_duration{phase:load}', threshold: 'p(50)<=3', ok: true },
    { metric: 'http_req_duration{phase:load}', threshold: 'p(99)<=10', ok: false },
    { metric: 'checks{phase:load}', threshold: 'rate==1', ok: false },
    { metric: 'recovery', threshold: 'seconds<=10', value: 4, ok: true },
  ],
  parts: [],
  figures: [],
  samples: Array.from({ length: 12 }, (_, n) => sample(n + 1)),
};

/** The cells of the row whose first cell begins so, and its verdict. */
function row(page: string, first: string, within = ''): string[] {
  const rows = [...page.matchAll(/<tr><th scope="row"[^>]*>(.*?)<\/tr>/g)].map(([, cells = '']) => cells.split(/<\/t[hd]>/).map((cell) => cell.replace(/<br>/g, ' ').replace(/<[^>]*>/g, '')));
  return rows.find(([name = '', ...others]) => name.startsWith(first) && others.join(' ').includes(within))?.slice(1, -1) ?? [];
}
const svgs = (page: string): string[] => page.match(/<svg.*?<\/svg>/g) ?? [];

describe('the page of a load test', () => {
  it('says first whether it held', () => {
    expect(pageOf(result)).toContain('✗ Broken: 2 of 4 thresholds');
    expect(pageOf({ ...result, thresholds: result.thresholds.filter(({ ok }) => ok) })).toContain('✓ Held: all 2 thresholds');
    expect(pageOf({ ...result, thresholds: [] })).toContain('No thresholds');
  });
  it('shows each threshold with what was measured, what is broken first', () => {
    const page = pageOf(result);
    expect(row(page, 'a request', 'p99 ≤')).toEqual(['p99 ≤ 10 ms', '12.345 ms', '✗ broken']);
    expect(row(page, 'a request', 'p50 ≤')).toEqual(['p50 ≤ 3 ms', '1.234 ms', '✓ held']);
    expect(row(page, 'recovery')).toEqual(['≤ 10 s', '4 s', '✓ held']);
    expect(page.indexOf('p99 ≤ 10 ms')).toBeLessThan(page.indexOf('p50 ≤ 3 ms'));
  });
  it('does not call nearly all of the checks all', () => expect(row(pageOf(result), 'checks')).toEqual(['= 100 %', 'nearly 100 %', '✗ broken']));
  it('has the figures of the result in its tables, without the warm-up', () => {
    const page = pageOf({ ...result, suite: 'overload', parts: [part('overload_answers', { eventsPerSecond: 19_950, residentMiB: 455 })] });
    expect(row(page, 'a request', '3,001')).toEqual(['3,001', '1.23', '3.10', '4.50', '12.35', '20.00', '1,234.50']);
    expect(row(page, 'overload answers')).toEqual(['400.0', '399.0', '19,950', '3,990', '7', '1', '2', '1.50', '4.25', '9,382.93', '455']);
    expect(row(page, '12')).toEqual(['301.5', '1.5', '1.90', '9.75', '312', '0.55', '11.00']);
    expect(page).not.toContain('>99.00<');
  });
  it('names what the figures are worth nothing without', () => {
    for (const words of ['2026-03-02 09:30 UTC', 'commit 1234abc', 'A processor, 2 cores, 24 GiB', 'Node 24.1.0, k6 1.1.0', result.command]) expect(pageOf(result)).toContain(words);
  });
  it('labels what rests on the double of KurrentDB, and only that', () => {
    expect(pageOf({ ...result, isKurrentDouble: true })).toContain('KurrentDB protocol double.');
    expect(pageOf(result)).not.toContain('KurrentDB');
  });
  it('does not show limits of times that a short form does not judge', () => {
    const page = pageOf({ ...result, isShort: true, thresholds: [{ metric: 'http_req_duration{phase:load}', threshold: 'max>=0', ok: true }] });
    expect(page).toContain('Short form.');
    expect(page).not.toContain('What was to hold');
  });
  it('needs nothing but itself', () => expect(pageOf(result).replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/<script|<link|<img|https?:|url\(|@import/));
});

const suites: Readonly<Record<string, Result>> = {
  recommend: result,
  breakpoint: { ...result, suite: 'breakpoint', figures: [{ name: 'knee', value: 800, unit: 'requests/s' }], parts: [400, 800, 1_200].map((rate, n) => part(`step_${n + 1}`, { offeredPerSecond: rate, unsent: n * 100 })) },
  ingest: { ...result, suite: 'ingest', parts: ['json', 'ndjson'].flatMap((form) => [1, 5_000].map((size) => part(`${form}_${size}`, { eventsPerSecond: 399 * size }))) },
  soak: { ...result, suite: 'soak', parts: Array.from({ length: 10 }, (_, n) => part(`tenth_${n + 1}`, { residentMiB: 300 })) },
  overload: { ...result, suite: 'overload', parts: [part('warmup_answers'), part('overload_answers'), part('recovery_answers', { p50Ms: null, p95Ms: null, p99Ms: null }), ...[1, 2, 3].map((n) => part(`recovery_second_${n}`))] },
  'a target that says nothing': { ...result, samples: [] },
  'a run in which nothing was answered': { ...result, suite: 'breakpoint', metrics: {}, thresholds: [], samples: [sample(0)], parts: [part('step_1', { answered: 0, answeredPerSecond: 0, p50Ms: null, p95Ms: null, p99Ms: null })] },
};

describe.each(Object.entries(suites))('the charts of %s', (_, one) => {
  it('are numbers, with a title and the same in words', () => {
    expect(pageOf(one)).not.toMatch(/NaN|undefined|Infinity|\[object/);
    for (const svg of svgs(pageOf(one))) expect(svg).toMatch(/role="img".*<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
  });
  it('stay inside their boxes', () => {
    for (const svg of svgs(pageOf(one))) {
      const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
      for (const [, x = '', y = ''] of svg.matchAll(/\b(?:c?x1?)="([^"]+)" (?:c?y1?)="([^"]+)"/g)) {
        expect(Number(x) >= 0 && Number(x) <= width && Number(y) >= 0 && Number(y) <= height).toBe(true);
      }
    }
  });
});

it('draws a chart for what a suite is about', () => {
  const titles = (name: string): string[] => svgs(pageOf(suites[name] ?? result)).map((svg) => /<title>(.*?)<\/title>/.exec(svg)?.[1] ?? '');
  expect(titles('recommend')).toEqual(['a request, ms', 'requests a second', 'latency of the second, ms', 'resident memory, MiB', 'cores in use', 'event loop delay, p99, ms']);
  expect(titles('breakpoint')).toEqual(expect.arrayContaining(['latency of a step, ms', 'not answered, % of what was due']));
  expect(titles('ingest')).toContain('events a second');
  expect(titles('soak')).toContain('first and last tenth, ms');
  expect(titles('overload')).toContain('what became of requests, a second');
  expect(pageOf(suites['breakpoint'] ?? result)).toContain('knee: 800/s');
});

it('draws a long run with a bounded number of points, and its worst second among them', () => {
  const samples = Array.from({ length: 5_000 }, (_, n) => ({ ...sample(n), p99Ms: n === 3_333 ? 777 : 5 }));
  const page = pageOf({ ...result, samples });
  expect(page.length).toBeLessThan(120_000);
  expect(page).toContain('to 777');
  expect(page).toContain('Each point of a line stands for 21 samples');
});

it('keeps markup out of whatever others named', () => {
  const evil = '"><script>alert(1)</script>\'&';
  const page = pageOf({
    ...result,
    suite: 'overload',
    command: evil,
    commit: evil,
    processor: evil,
    node: evil,
    k6: evil,
    at: evil,
    metrics: { [`${evil}{phase:load}`]: { type: 'trend', values: times } },
    thresholds: [{ metric: `${evil}{phase:load}`, threshold: 'p(99)<=1', ok: false }, { metric: evil, threshold: evil, ok: false }],
    parts: [part(evil)],
    figures: [{ name: evil, value: 1, unit: evil }],
  });
  expect(page).not.toContain('<script');
  expect(page).toContain('<code>&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;</code>');
});
