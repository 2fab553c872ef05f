import { rowOf } from './benchmark.js';
import { numbersTable, type Evaluation } from './numbers.js';
import type { Results } from './circumstances.js';

function run(date: string, name: string, rows: readonly (readonly [string, number])[]): Results {
  return {
    date,
    commit: '1234abcd',
    changed: false,
    command: '',
    processor: '',
    cores: 2,
    memoryGiB: 16,
    node: '',
    os: '',
    loadBefore: 0,
    rounds: 1,
    seconds: 1,
    outcomes: [{ name, title: '', notes: [], rows: rows.map(([what, value]) => rowOf({ what, unit: 'x', figure: 'a', goals: [{ of: 'figure', atMost: 100 }] }, new Map([['a', [value]]]))) }],
  };
}

function line(table: string, begins: string): readonly string[] {
  const found = table.split('\n').find((each) => each.startsWith(`| ${begins}`)) ?? '';
  return found.split('|').slice(1, -1).map((cell) => cell.trim());
}

it('takes the newest figure of each benchmark, and says when it was measured', () => {
  const results = [run('2026-03-01', 'choosing', [['whole choice with reasons: x', 80]]), run('2026-03-02', 'choosing', [['whole choice with reasons: x', 50]]), run('2026-03-03', 'store', [['append', 1]])];
  expect(line(numbersTable({ results, evaluations: new Map() }), 'choosing: whole choice')).toEqual([
    'choosing: whole choice with reasons', '50 x', '', '<= 100', 'met 2 times over', '`npm run bench -- choosing`, 2026-03-02, 1234abcd',
  ]);
});

it('takes the greatest of several phases', () => {
  const results = [run('2026-03-01', 'ten-million', [['memory while writing', 40], ['memory while verifying', 200]])];
  expect(line(numbersTable({ results, evaluations: new Map() }), 'memory at').slice(1, 5)).toEqual(['200 x', '', '<= 100', 'missed: at 0.5 of it']);
});

it('says which command gives what is not measured', () => {
  expect(line(numbersTable({ results: [], evaluations: new Map() }), 'growth: p99 at 1,000,000').slice(4)).toEqual(['not measured yet', '`npm run bench -- growth --full`']);
});

it('takes predictions of learners whom nobody was trained on', () => {
  const model = (training: string, auc: number) => ({ model: 'lr-14', training, auc, ece: 0.02 });
  const evaluation: Evaluation = { models: [model('official', 0.8), model('strict', 0.7764)] };
  const table = numbersTable({ results: [], evaluations: new Map([['assistments09', evaluation]]) });
  expect(line(table, 'prediction, assistments09, lr-14: AUC').slice(1, 5)).toEqual(['0.7764', '', '>= 0.775', 'met']);
  expect(line(table, 'prediction, assistments09, lr-14: calibration').slice(1, 5)).toEqual(['0.02', '', '<= 0.01', 'missed']);
});
