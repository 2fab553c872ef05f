import fc from 'fast-check';
import type { CourseId, LearnerId } from '@trellis/learning';
import { decide, ENGINE_VERSION, missingVersion, type Circumstances } from './engine.js';
import { courseOf, DAY, learnerWith, NOW } from './testing/situations.js';

const circumstances = (change: Partial<Circumstances> = {}): Circumstances => ({
  state: learnerWith({ answers: 31, skills: { a: { known: 0.71, mean: 0.25 }, b: { known: 0.4, mean: -0.5 }, e: { known: 0.97, lastAt: NOW - 9 * DAY } }, items: { a1: [3, 12], b1: [30] } }),
  learner: 'ana' as LearnerId,
  classroom: null,
  revision: 33,
  course: courseOf({ skills: { a: [], b: ['a'], c: ['b'], d: ['~a'], e: [] }, version: 3 }),
  wish: { course: 'algebra' as CourseId, count: 3, budgetMinutes: 12 },
  now: NOW,
  seed: 20_260_302,
  ...change,
});

describe('a decision', () => {
  it('is the same for the same circumstances, and changes none of them', () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 1, max: 8 }), (seed, count) => {
      const wish = { course: 'algebra' as CourseId, count };
      const one = circumstances({ seed, wish });
      const decision = decide(one);
      expect(decide(circumstances({ seed, wish }))).toEqual(decision);
      expect(decide(one)).toEqual(decision);
    }));
  });

  it('names every input', () => {
    const { wish, at, basedOn, versions, seed } = decide(circumstances());
    expect({ wish, at, basedOn, versions, seed }).toEqual({
      wish: { course: 'algebra', count: 3, budgetMinutes: 12 },
      at: NOW,
      basedOn: { revision: 33, classroom: null },
      versions: { engine: ENGINE_VERSION, policy: '3', course: 3, calibration: 'default-1', strategy: 'individualized-2' },
      seed: 20_260_302,
    });
  });

  it('is what it was, to the bit: a change here is a new version of the engine or the policy', () => {
    const { pacing, items } = decide(circumstances(), { engine: '1', policy: '1' });
    expect({ pacing, items }).toEqual({
      pacing: { action: 'practise', items: 12, minutes: 12, reason: { key: 'session-practise', params: { open: 3 } } },
      items: [
        {
          item: 'a2',
          skills: ['a'],
          action: 'practise',
          prediction: 0.7045457379323558,
          probability: 0.9512702705835149,
          reason: { key: 'keep-practising', params: { skill: 'a', title: 'A', mastery: 0.71, goal: 0.95 } },
        },
        {
          item: 'd1',
          skills: ['d'],
          action: 'learn',
          prediction: 0.65,
          probability: 0.8861918178050487,
          reason: { key: 'begin-skill', params: { skill: 'd', title: 'D' } },
        },
        {
          item: 'a1',
          skills: ['a'],
          action: 'practise',
          prediction: 0.7045457379323558,
          probability: 0.9504618578869708,
          reason: { key: 'keep-practising', params: { skill: 'a', title: 'A', mastery: 0.71, goal: 0.95 } },
        },
      ],
    });
  });

  it('by a policy that is not here is a fault', () => {
    expect(() => decide(circumstances(), { engine: '1', policy: '0' })).toThrow('policy 0 is not in this engine');
  });
});

describe('a version that is gone', () => {
  const decision = decide(circumstances());
  const cases: [string, object, string | null][] = [
    // what         versions                                      answer
    ['none',        {},                                           null],
    ['engine',      { engine: '0' },                              'engine 0'],
    ['policy',      { policy: '99' },                             'policy 99'],
    ['calibration', { calibration: 'spring' },                    null],
    ['strategy',    { strategy: 'blended-1' },                    'strategy blended-1'],
    ['course',      { course: 2 },                                null],
  ];
  it.each(cases)('is named: %s', (_, versions, answer) => {
    expect(missingVersion({ ...decision, versions: { ...decision.versions, ...versions } })).toBe(answer);
  });
});
