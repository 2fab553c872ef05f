import { optionsOf } from './options.js';

const KNOWN = ['ingest', 'store', 'replay'];

it('runs everything, with five rounds, and writes, when nothing is asked for', () => {
  expect(optionsOf([], KNOWN)).toMatchObject({ names: KNOWN, scale: { rounds: 5, size: 1 }, json: false, write: true, profiles: null });
});

it('keeps the order of the list, whatever was typed', () => expect(optionsOf(['replay', 'ingest'], KNOWN).names).toEqual(['ingest', 'replay']));

it('takes the number of rounds', () => expect(optionsOf(['--rounds', '9'], KNOWN).scale.rounds).toBe(9));

it('takes the number of events', () => expect(optionsOf(['--events', '1000000'], KNOWN).scale.events).toBe(1_000_000));

it('takes the long steps only where they are asked for', () => {
  expect(optionsOf([], KNOWN).scale.full).toBeUndefined();
  expect(optionsOf(['--full'], KNOWN).scale.full).toBe(true);
});

it('leaves out what takes very long, unless it is named', () => {
  const usual = ['ingest', 'store'];
  expect(optionsOf([], KNOWN, usual).names).toEqual(usual);
  expect(optionsOf(['replay'], KNOWN, usual).names).toEqual(['replay']);
});

describe('what is no figure to publish is not written', () => {
  for (const args of [['--quick'], ['--no-write'], ['--profile', 'there']]) it(args.join(' '), () => expect(optionsOf(args, KNOWN).write).toBe(false));
});

describe('refuses, with a sentence', () => {
  const cases: readonly [readonly string[], string][] = [
    [['ingset'], 'there is no benchmark "ingset"; there are ingest, store, replay'],
    [['--rounds', '0'], '--rounds is "0"; it must be a whole number from 1 to 50'],
    [['--rounds', 'many'], '--rounds is "many"'],
    [['--events', '10'], '--events is "10"; it must be a whole number from 1000 to 100000000'],
    [['--fast'], '--fast'],
  ];
  for (const [args, message] of cases) it(args.join(' '), () => expect(() => optionsOf(args, KNOWN)).toThrow(message));
});
