import { LIMITS, optionsOf, SUITES, UsageError } from './options.js';

const of = (...args: string[]): unknown => optionsOf(args);

describe('the command line', () => {
  it('has usual values for every suite', () => {
    for (const suite of SUITES) expect(of(suite)).toMatchObject({ suite, target: 'embedded', seed: 1, warmupSeconds: 10, isShort: false });
    expect(of('recommend')).toMatchObject({ rate: 300, seconds: 60, learners: 500 });
    expect(of('loop')).toMatchObject({ rate: 300, learners: 5_000 });
    expect(of('loop', '--rate', '299')).toMatchObject({ learners: 500 });
    expect(of('soak')).toMatchObject({ rate: 200, seconds: 1_800, learners: 500 });
    expect(of('loop', '--short')).toMatchObject({ rate: 20, seconds: 3, learners: 20, isShort: true });
    expect(of('loop', '--short', '--rate', '50')).toMatchObject({ rate: 50, seconds: 3 });
    expect(of('recommend', '--target', 'http://127.0.0.1:7077')).toMatchObject({ target: new URL('http://127.0.0.1:7077') });
    expect(of('recommend', '--target', 'distributed')).toMatchObject({ target: 'distributed', rate: 60, warmupSeconds: 30 });
    expect(of('ingest', '--target', 'distributed')).toMatchObject({ rate: 4_000, learners: 5_000 });
    expect(of('--help')).toBe('help');
  });

  it.each([
    ['no suite', [], 'name a suite: recommend, loop, ingest, mixed, breakpoint, soak, overload'],
    ['another suite', ['soap'], 'there is no suite "soap"; there are recommend, loop, ingest, mixed, breakpoint, soak, overload'],
    ['two suites', ['loop', 'recommend'], 'there is no suite "loop recommend"; there are recommend, loop, ingest, mixed, breakpoint, soak, overload'],
    ['a rate that is none', ['loop', '--rate', 'fast'], `--rate is "fast"; it must be a whole number from 1 to ${LIMITS.rate}`],
    ['no time at all', ['loop', '--seconds', '0'], `--seconds is "0"; it must be a whole number from 1 to ${LIMITS.seconds}`],
    ['a target that is no address', ['loop', '--target', 'here'], '--target is "here"; it must be embedded, distributed, or an address such as http://127.0.0.1:7077'],
  ] as const)('refuses %s in one sentence', (_, args, says) => {
    expect(() => optionsOf(args)).toThrow(new UsageError(says));
  });

  it('refuses what it does not know', () => {
    expect(() => of('loop', '--fast')).toThrow(UsageError);
  });
});
