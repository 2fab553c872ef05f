import { rowOf, type RowPlan } from './benchmark.js';
import { numberText, spreadText, tableOf } from './report.js';

const series = new Map([
  ['ours', [30, 20, 40]],
  ['bare', [100, 80, 50]],
]);
const plan: RowPlan = { what: 'work', unit: '1/s', figure: 'ours', limit: { what: 'bare', figure: 'bare' } };

describe('a row', () => {
  it('compares side with side in each round, then takes the middle', () => {
    // By hand: 30/100 = 0.3, 20/80 = 0.25, 40/50 = 0.8.
    expect(rowOf(plan, series).ratio).toEqual({ median: 0.3, min: 0.25, max: 0.8 });
  });

  it('says of each goal whether it is met, and how far off it is', () => {
    const { goals } = rowOf({ ...plan, goals: [{ of: 'ratio', atLeast: 0.6 }, { of: 'figure', atLeast: 15 }, { of: 'figure', atMost: 60 }] }, series);
    expect(goals.map(({ met, factor }) => [met, factor])).toEqual([
      [false, 0.5],
      [true, 2],
      [true, 2],
    ]);
  });

  it('measures an excess as a difference, round by round', () => {
    const waits = new Map([
      ['ours', [9, 4, 12]],
      ['bare', [3, 2, 4]],
    ]);
    // By hand: 6, 2, 8.
    const [goal] = rowOf({ ...plan, goals: [{ of: 'excess', atMost: 4 }] }, waits).goals;
    expect(goal).toMatchObject({ value: 6, met: false });
  });

  it('does not stand without what it is measured by', () => expect(() => rowOf({ ...plan, figure: 'theirs' }, series)).toThrow('no side measured theirs'));
});

it('writes numbers with three digits, large ones whole', () => {
  expect([0.123456, 2.5, 99.96, 123.4, 1_234_567.8].map(numberText)).toEqual(['0.123', '2.5', '100', '123', '1,234,568']);
});

it('leaves out a spread that is none', () => {
  expect(spreadText({ median: 12, min: 12, max: 12 })).toBe('12');
  expect(spreadText({ median: 12, min: 11, max: 14 })).toBe('**12** (11..14)');
});

it('sets rows in a table, with goals and how far off they are', () => {
  const row = rowOf({ ...plan, goals: [{ of: 'ratio', atLeast: 0.6 }] }, series);
  const [, , line] = tableOf({ name: 'x', title: 'X', rows: [row], notes: [] }).split('\n');
  expect(line?.split('|').map((cell) => cell.trim())).toEqual(['', 'work', '**30** (20..40) 1/s', 'bare: **80** (50..100)', '**0.3** (0.25..0.8)', 'ratio >= 0.6', 'missed: at 0.5 of it', '']);
});
