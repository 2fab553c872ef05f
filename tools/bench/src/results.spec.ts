import { rowOf } from './benchmark.js';
import type { Results } from './circumstances.js';
import { freeName, withNumbers, withTables } from './results.js';

const results: Results = {
  date: '2026-03-02',
  commit: '1234abcd',
  changed: false,
  command: 'npm run bench -- store',
  processor: 'A processor',
  cores: 2,
  memoryGiB: 16,
  node: '24.0.0',
  os: 'Linux 6.1.0',
  loadBefore: 0.1,
  rounds: 3,
  seconds: 12,
  outcomes: [{ name: 'store', title: 'Store', notes: ['Beside nothing.'], rows: [rowOf({ what: 'append', unit: '1/s', figure: 'a' }, new Map([['a', [1, 2, 3]]]))] }],
};
const place = '# Numbers\n\n<!-- bench: store -->\nold\n<!-- /bench: store -->\n\n<!-- bench: replay -->\nkept\n<!-- /bench: replay -->\n';

it('writes a table between its marks, with what it was measured on, and leaves the rest alone', () => {
  const text = withTables(place, results);
  expect(text).toContain('| append | **2** (1..3) 1/s |');
  expect(text).toContain('- 3 rounds. 2026-03-02, commit 1234abcd; A processor, 2 cores, 16 GiB; Node 24.0.0, Linux 6.1.0; load 0.1 before; `npm run bench -- store`');
  expect(text).not.toContain('what stood here');
  expect(text).toContain('<!-- bench: replay -->\nkept\n<!-- /bench: replay -->\n');
});

it('gives the same document when it is written twice', () => expect(withTables(withTables(place, results), results)).toBe(withTables(place, results)));

it('says which place is missing', () => expect(() => withTables('# Numbers\n', results)).toThrow('BENCHMARKS.md has no place for bench: store'));

it('writes the numbers to reach into their place', () => {
  const text = withNumbers('# Numbers\n\n<!-- bench: numbers -->\nwhat stood here\n<!-- /bench: numbers -->\n', { results: [results], evaluations: new Map() });
  expect(text).toContain('not measured yet');
  expect(text).not.toContain('what stood here');
});

it('keeps every run of a commit and a day', () => {
  const taken = new Set(['a.json', 'a-2.json']);
  expect(freeName('a', (name) => taken.has(name))).toBe('a-3.json');
  expect(freeName('b', (name) => taken.has(name))).toBe('b.json');
});
