// The sitting as the fold counts it, and which answers came too fast to be read.
import type { Envelope } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { hash48 } from './item-table.js';
import type { FoldRules } from './answer-weight.js';
import { learnerView } from './learner-view.js';
import type { LearnerState } from './learner-state.js';
import { answer, envelope, MINUTE, MORNING } from './testing/events.js';

const folded = (events: readonly Envelope[], rules?: FoldRules): LearnerState => learnerView(() => DEFAULT_CALIBRATION, rules).refold('default.ana', events);
const known = (state: LearnerState): number | undefined => state.skills.get('fractions' as SkillId)?.known;
const given = (n: number, durationMs: number, score = 1, minute = n): Envelope => answer(n, { durationMs, score, meta: { occurredAt: MORNING + minute * MINUTE } });
/** Ten answers of 20 seconds. */
const usual = Array.from({ length: 10 }, (_, n) => given(n, 20_000));

describe('a sitting', () => {
  it('goes on while there are answers, and begins anew after half an hour without', () => {
    const { sitting } = folded([given(0, 20_000, 0), given(30, 20_000, 0), given(61, 20_000, 0), given(62, 20_000, 0)]);
    expect(sitting).toMatchObject({ startedAt: MORNING + 61 * MINUTE, answers: 2, wrongInARow: 2, firstAnswerAt: MORNING, lastAnswerAt: MORNING + 62 * MINUTE });
  });

  it('goes on while there is anything', () => {
    const hint = envelope(25, { type: 'HintTaken', data: { item: 'i1', skills: ['fractions'] } });
    expect(folded([given(0, 20_000), hint, given(50, 20_000)]).sitting).toMatchObject({ startedAt: MORNING, answers: 2 });
  });

  it('begins with whatever comes first', () => {
    const session = envelope(100, { type: 'SessionStarted', data: { session: 's1' } });
    expect(folded([given(0, 20_000, 0), session, given(101, 20_000, 0)]).sitting).toMatchObject({ startedAt: MORNING + 100 * MINUTE, answers: 1, wrongInARow: 1 });
  });

  it('counts wrong answers in a row', () => {
    expect([folded([given(0, 20_000, 0), given(1, 20_000, 0)]), folded([given(0, 20_000, 0), given(1, 20_000)])].map(({ sitting }) => sitting.wrongInARow)).toEqual([2, 0]);
  });

  it('knows the usual pace, and that of late', () => {
    const { sitting } = folded([...usual, given(100, 40_000), given(101, 80_000)]);
    expect(Math.exp(sitting.usualLogMs)).toBeCloseTo((20_000 ** 10 * 40_000 * 80_000) ** (1 / 12), -1);
    expect(Math.exp(sitting.recentLogMs)).toBeCloseTo(40_000 * 2 ** 0.3, -1);
    expect(sitting.timed).toBe(12);
  });

  it('takes no pace from a time of more than ten minutes: somebody was away', () => {
    expect(folded([...usual, given(10, 10 * MINUTE + 1)]).sitting).toMatchObject({ timed: 10, usualLogMs: folded(usual).sitting.usualLogMs, rapid: 0 });
    expect(folded([...usual, given(10, 10 * MINUTE)]).sitting.timed).toBe(11);
  });
});

describe('an answer that came too fast to be read', () => {
  const cases: [string, readonly Envelope[], number, number][] = [
    // what                                                 answers                                               durationMs  rapid
    ['below a second where little is known of the learner', [],                                                   999,        1],
    ['but not a second',                                    [],                                                   1_000,      0],
    ['below a tenth of the usual time',                     usual,                                                1_990,      1],
    ['but not a tenth',                                     usual,                                                2_010,      0],
    ['below three seconds where the usual time is long',    usual.map((_, n) => given(n, 200_000)),               2_999,      1],
    ['but never three seconds',                             usual.map((_, n) => given(n, 200_000)),               3_001,      0],
    ['at once',                                             usual,                                                0,          1],
  ];
  it.each(cases)('%s', (_, before, durationMs, rapid) => expect(folded([...before, given(10, durationMs)]).sitting.rapid).toBe(rapid));

  it('is no evidence either way, and no run', () => {
    const before = folded(usual);
    for (const score of [0, 1]) {
      const after = folded([...usual, given(10, 500, score)]);
      expect([known(after), after.ability, after.current, after.sitting.wrongInARow]).toEqual([known(before), before.ability, before.current, 0]);
      expect([after.answers, after.items.get(hash48('i1'))?.attempts, after.items.get(hash48('i1'))?.right]).toEqual([11, 11, 10]);
    }
  });

  it('was evidence by the rules of engine 1, whose decisions are made again by them', () => {
    const [fast, slow] = [[...usual, given(10, 500, 0)], [...usual, given(10, 20_000, 0)]];
    expect(known(folded(fast, 1))).toBe(known(folded(slow, 1)));
    expect(known(folded(fast, 1))).toBeLessThan(known(folded(fast)) ?? 0);
  });
});

describe('what is practised', () => {
  const on = (n: number, ...skills: string[]): Envelope => answer(n, { skills });

  it('is that of the newest graded answers in a row', () => {
    const runs = [[], [on(1, 'a')], [on(1, 'a'), on(2, 'a')], [on(1, 'a'), on(2, 'a', 'b')], [on(1, 'a'), on(2, 'b'), on(3, 'a')], [on(1, 'a'), answer(2, { skills: ['b'], score: null })]];
    expect(runs.map((events) => folded(events).current)).toEqual([
      null,
      { skills: ['a'], run: 1 },
      { skills: ['a'], run: 2 },
      { skills: ['a', 'b'], run: 1 },
      { skills: ['a'], run: 1 },
      { skills: ['a'], run: 1 },
    ]);
  });
});
