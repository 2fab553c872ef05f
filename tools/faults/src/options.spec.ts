import { simulateOptions, tortureOptions } from './options.js';

describe('simulate-faults', () => {
  it('tells one world, or runs many', () => {
    expect(simulateOptions(['--seed', '7'])).toMatchObject({ from: 7, to: 7, told: true, planted: null });
    expect(simulateOptions(['--seeds', '3..9', '--planted', 'x'])).toMatchObject({ from: 3, to: 9, told: false, planted: 'x' });
    expect(simulateOptions([])).toMatchObject({ from: 1, to: 2_000, told: false });
  });

  it.each([
    ['--seed x', '--seed is "x"; it must be a whole number'],
    ['--seeds 5', '--seeds is "5"; it must be two whole numbers'],
    ['--seeds 5..1', '--seeds is "5..1"; the first must not be greater than the last'],
    ['--seed 1 --seeds 1..2', 'exclude each other'],
  ])('says what is wrong with %s', (args, why) => expect(() => simulateOptions(args.split(' '))).toThrow(why));
});

describe('torture', () => {
  it.each([
    ['',                    { minutes: null, seeds: null, kills: null, first: null }],
    ['--minutes 0.5',       { minutes: 0.5, seeds: null, kills: null }],
    ['--seeds 20 --seed 4', { seeds: 20, first: 4 }],
    ['--kill',              { kills: '' }],
    ['--kill 25',           { kills: '25' }],
  ])('understands "%s"', (args, options) => expect(tortureOptions(args.split(' ').filter(Boolean))).toMatchObject(options));

  it.each([
    ['--minutes 0',          '--minutes is "0"; it must be a number above 0'],
    ['--minutes 1 --kill',   'exclude each other'],
    ['--seeds -1',           '--seeds'],
    ['forever',              '"forever" is not understood'],
  ])('says what is wrong with %s', (args, why) => expect(() => tortureOptions(args.split(' '))).toThrow(why));
});
