import { curvesChart } from './chart.js';
import type { Curves } from './circumstances.js';

const at = (place: number, median: number) => ({ at: place, median, min: median / 2, max: median * 2 });
const found: Curves = {
  title: 'Growth <of everything>',
  date: '2026-03-02',
  commit: '1234abcd',
  changed: false,
  command: 'npm run bench -- growth',
  processor: 'A & B',
  cores: 2,
  memoryGiB: 16,
  node: '24.0.0',
  os: 'Linux 6.1.0',
  loadBefore: 0.1,
  curves: [
    { along: 'learners', what: 'p99', unit: 'ms', factorMax: 1.5, points: [at(1_000, 2), at(1_000_000, 2.5)] },
    { along: 'learners', what: 'processor time', unit: 'us', points: [at(1_000, 200), at(1_000_000, 210)] },
    { along: 'items', what: 'p99', unit: 'ms', points: [at(2_000, 3)] },
  ],
};

it('draws a mark for each point and one line for each goal', () => {
  const svg = curvesChart(found);
  expect(svg.match(/<circle/g)).toHaveLength(5);
  expect(svg.match(/class="limit"/g)).toHaveLength(1);
});

it('says in words what it shows, and where that was measured', () => {
  const svg = curvesChart(found);
  expect(svg).toContain('p99 by learners: 2 ms at 1,000, 2.5 ms at 1,000,000.');
  expect(svg).toContain('2026-03-02, commit 1234abcd; A &amp; B');
});

it('breaks a long line below instead of cutting it', () => {
  const svg = curvesChart({ ...found, command: 'npm run bench -- growth --full --rounds 3 --events 100000000 --profile a-folder-of-some-name --no-write' });
  const width = Number(/viewBox="0 0 ([\d.]+)/.exec(svg)?.[1]);
  const rows = [...svg.matchAll(/<text x="24" y="\d+" class="small">([^<]*)</g)].map(([, words = '']) => words);
  expect(rows.join(' ')).toContain('2026-03-02, commit 1234abcd; A &amp; B, 2 cores');
  expect(rows.length).toBeGreaterThan(1);
  for (const words of rows) expect(24 + words.length * 6).toBeLessThan(width);
});

it('keeps markup out of its words', () => expect(curvesChart(found)).toContain('Growth &lt;of everything&gt;'));

it('draws numbers only', () => expect(curvesChart(found)).not.toMatch(/NaN|undefined|Infinity/));
