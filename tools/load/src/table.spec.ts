import type { Result } from './result.js';
import { tableOf } from './table.js';

const trend = { type: 'trend', values: { med: 1.5, 'p(99)': 12, count: 9 } };
const loop = {
  suite: 'loop',
  target: 'embedded',
  isKurrentDouble: false,
  rate: 300,
  seconds: 120,
  learners: 5_000,
  at: '2026-11-23T10:00:00.000Z',
  commit: 'abc1234',
  metrics: { 'answer_to_next{phase:load,calls:one}': trend, checks: { type: 'rate', values: { rate: 1 } } },
  thresholds: [
    { metric: 'answer_to_next{phase:load,calls:one}', threshold: 'p(50)<=3', ok: true },
    { metric: 'answer_to_next{phase:load,calls:one}', threshold: 'p(99)<=10', ok: false },
    { metric: 'checks', threshold: 'rate==1', ok: true },
  ],
  parts: [],
  figures: [],
} as unknown as Result; // as far as a table reads it

const lines = (...results: readonly Result[]): readonly string[][] => tableOf(results).split('\n').slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));

it('says what was found, what was missed, where and when', () => {
  expect(lines(loop)).toEqual([
    ['[loop](tools/load/results/loop-embedded.html)', 'embedded', '300/s, 120 s, 5,000 learners', 'answer to next, in one call: 1.5 ms (p50 ≤ 3 ms)', 'missed: answer to next, in one call 12 ms, not p99 ≤ 10 ms', '2026-11-23, abc1234'],
  ]);
});

it('names the double wherever figures rest on it, and puts a suite beside itself on another target', () => {
  const held = { ...loop, thresholds: loop.thresholds.filter(({ ok }) => ok) };
  const knee = { ...held, suite: 'breakpoint' as const, thresholds: [], figures: [{ name: 'knee', value: 2_000, unit: 'requests/s' }] };
  const distributed = { ...held, target: 'distributed' as const, isKurrentDouble: true };
  expect(lines(knee, distributed, held).map(([suite, target, , found, all]) => [suite, target, found, all])).toEqual([
    ['[loop](tools/load/results/loop-embedded.html)', 'embedded', 'answer to next, in one call: 1.5 ms (p50 ≤ 3 ms)', 'all 2'],
    ['[loop](tools/load/results/loop-distributed.html)', 'distributed, KurrentDB as a protocol double', 'answer to next, in one call: 1.5 ms (p50 ≤ 3 ms)', 'all 2'],
    ['[breakpoint](tools/load/results/breakpoint-embedded.html)', 'embedded', 'knee: 2,000 requests/s', '–'],
  ]);
});
