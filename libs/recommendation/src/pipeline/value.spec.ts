import type { ScoreParts } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import type { Current } from '@trellis/views';
import { courseMap } from '../course-map.js';
import { courseOf, DAY, learnerWith, NOW, type Past } from '../testing/situations.js';
import { knowledgeOf } from './knowledge.js';
import { scores, valueOf } from './value.js';

const map = courseMap(courseOf({ skills: { a: [], b: ['a'], c: ['b'], d: [] } }));
const all = new Set([0, 1, 2, 3]);

interface Scored {
  readonly value: number;
  readonly parts: ScoreParts;
}

function scored(past: Past, { targets = [2], isSittingNew = false }: { readonly targets?: readonly number[]; readonly isSittingNew?: boolean } = {}): readonly Scored[] {
  const state = learnerWith(past);
  const knowledge = knowledgeOf({ state, map, path: map.learningOrder, calibration: DEFAULT_CALIBRATION, now: NOW, masteryAt: null });
  const { values, parts } = scores({ map, aim: { targets: new Set(targets), needed: all, path: map.learningOrder }, knowledge, state, learn: new Float64Array(4).fill(0.2), isSittingNew, stuckAfter: 3 }, [0, 1, 2, 3]);
  return values.map((value, at) => ({ value, parts: parts(at) }));
}

const current = (skill: string, run = 1): Current => ({ skills: [skill as never], run });

describe('the score of a skill', () => {
  it('flows from the aim down to what leads there, less with each step and with what is known', () => {
    const [a, b, c, d] = scored({});
    // k = P(known) = .3 everywhere: V(c) = 1, V(b) = .3 * .7, V(a) = .3 * .21 * .7.
    expect([c?.parts.worth, d?.parts.worth]).toEqual([1, 0]);
    expect(b?.parts.worth).toBeCloseTo(0.21, 12);
    expect(a?.parts.worth).toBeCloseTo(0.0441, 12);
    expect(scored({ skills: { b: { known: 0.9 } } })[0]?.parts.worth).toBeLessThan(a?.parts.worth ?? 0);
  });

  it('falls with every doubt about what it builds on', () => {
    expect(scored({})[2]?.parts.readiness).toBeCloseTo(Math.exp(-1.1 * 0.7), 12);
    expect(scored({ skills: { b: { known: 0.9 } } })[2]?.parts.readiness).toBeGreaterThan(0.8);
  });

  it('gains from learning, hardly where it is mastered, again where it is forgotten', () => {
    const gain = (change: object): number => scored({ skills: { d: { known: 0.98, unrecalled: 0.02, ...change } } }, { targets: [3] })[3]?.parts.gain ?? 0;
    expect(gain({})).toBeCloseTo(0.2 * 0.02 * 0.2, 9);
    expect(gain({ stability: 2, difficulty: 5, lastAt: NOW - 60 * DAY })).toBeGreaterThan(3 * gain({}));
  });

  it('is far higher near what was practised last, for a review, and for any at the start of a sitting', () => {
    const near = (past: Past, isSittingNew = false): readonly (number | undefined)[] => scored(past, { isSittingNew }).map(({ parts }) => parts.near);
    expect(near({})).toEqual([1, 1, 1, 1]);
    expect(near({ current: current('c') })).toEqual([151, 151, 151, 1]);
    expect(near({ current: current('c') }, true)).toEqual([151, 151, 151, 151]);
    expect(near({ current: current('c'), skills: { d: { known: 0.9, stability: 1, difficulty: 5, lastAt: NOW - 30 * DAY } } })).toEqual([151, 151, 151, 151]);
  });

  it('takes turns, and never stays longer than a run', () => {
    expect(scored({ current: current('a', 5) })[0]?.parts.again).toBe(0.7);
    expect(scored({ current: current('a', 6) })[0]?.parts.again).toBe(0.05);
  });

  it('of a paused skill is low and never nothing', () => {
    const [a] = scored({ answers: 4, skills: { a: { pausedUntil: 12 } } });
    expect([a?.parts.pause, (a?.value ?? 0) > 0]).toEqual([0.05, true]);
  });

  it('is the product of its parts', () => {
    for (const { parts, value } of scored({ current: current('b') })) expect(value).toBe(valueOf(parts));
  });
});
