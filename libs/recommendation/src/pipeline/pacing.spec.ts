import type { ObjectiveId, Plan } from '@trellis/learning';
import { newSitting, type Sitting } from '@trellis/views';
import { policy3 } from '../policy-3.js';
import type { Choice } from '../situation.js';
import { courseOf, DAY, NOW, situationOf, type CoursePlan, type Past, type Plot } from '../testing/situations.js';

const MINUTE = 60_000;
const PLAN: CoursePlan = { skills: { a: [], b: ['a'] }, objectives: { oa: ['a'] } };

function paced(past: Past, plot: Omit<Plot, 'course' | 'past'> = {}, sitting: Partial<Sitting> = {}, plan: CoursePlan = PLAN): Choice {
  const situation = situationOf({ course: courseOf(plan), past, ...plot });
  Object.assign(situation.state.sitting, newSitting(), sitting);
  return policy3(situation, null);
}

const action = ({ pacing: { action: what, reason: { key } } }: Choice): readonly [string, string] => [what, key];
const mastered = { known: 0.99, unrecalled: 0.01, stability: 30, difficulty: 5, lastAt: NOW - DAY };

describe('the pace', () => {
  it('names what comes: something new, practice, a review', () => {
    expect(action(paced({}))).toEqual(['learn', 'session-learn']);
    expect(action(paced({ skills: { a: { known: 0.5 } } }))).toEqual(['practise', 'session-practise']);
    expect(action(paced({ skills: { a: mastered, b: { ...mastered, lastAt: NOW - 400 * DAY } } }))).toEqual(['review', 'session-review']);
  });

  it('goes on when all is mastered and says when the first review is due; an objective ends in a check', () => {
    const bare = { ...PLAN, objectives: {} };
    const done = paced({ skills: { a: mastered, b: mastered } }, {}, {}, bare);
    expect([done.items, ...action(done), (done.pacing.reviewAt ?? 0) > NOW]).toEqual([[], 'advance', 'all-mastered', true]);
    // Of a whole course, unit after unit.
    expect(paced({ skills: { a: mastered, b: mastered } }).pacing).toMatchObject({ action: 'assess', reason: { key: 'ready-for-check', params: { objective: 'oa', skills: 1 } } });
    const on = paced({ skills: { a: mastered, b: mastered } }, { change: { keepGoing: true } });
    expect([on.items.length, ...action(on)]).toEqual([1, 'advance', 'all-mastered']);
    const objective = 'oa' as ObjectiveId;
    expect(action(paced({ skills: { a: mastered } }, { change: { objective } }))).toEqual(['assess', 'ready-for-check']);
    const certified = [{ skill: 'a' as never, assessment: 'x', at: NOW }];
    expect(action(paced({ skills: { a: mastered }, plan: { certified } }, { change: { objective } }))).toEqual(['advance', 'all-mastered']);
  });

  it('asks for help when a skill was put aside too often, with items to go on with', () => {
    const stuck = paced({ answers: 30, skills: { a: { known: 0.2, pauses: 3, answers: 20, right: 4 } } });
    expect([...action(stuck), stuck.items.length]).toEqual(['help', 'stuck', 1]);
    expect(action(paced({ skills: { a: { known: 0.2, pauses: 2 } } }))[0]).not.toBe('help');
  });

  it.each([
    // sitting                                                                                              past of the learner       pace
    [{ answers: 40, startedAt: NOW - 50 * MINUTE },                                                           {},                       ['rest', 'sitting-long']],
    [{ answers: 40, startedAt: NOW - 40 * MINUTE },                                                           {},                       ['practise', 'session-practise']],
    [{ answers: 20, startedAt: NOW - 20 * MINUTE },  { told: { session: { session: 's', at: NOW - 20 * MINUTE, budgetMinutes: 15 } } }, ['rest', 'sitting-long']],
    [{ answers: 12, startedAt: NOW - 9 * MINUTE, rapid: 6 },                                                  {},                       ['rest', 'rushing']],
    [{ answers: 12, startedAt: NOW - 9 * MINUTE, rapid: 4 },                                                  {},                       ['practise', 'session-practise']],
    [{ answers: 12, startedAt: NOW - 9 * MINUTE, wrongInARow: 3, usualLogMs: 9, recentLogMs: 9.8 },           {},                       ['rest', 'slower-and-wrong']],
    [{ answers: 12, startedAt: NOW - 9 * MINUTE, wrongInARow: 2, usualLogMs: 9, recentLogMs: 9.8 },           {},                       ['practise', 'session-practise']],
    [{ answers: 40, startedAt: NOW + 50 * MINUTE },                                                           {},                       ['practise', 'session-practise']],
  ] as const)('of the sitting %j', (sitting, past, pace) => {
    const made = paced({ skills: { a: { known: 0.5 } }, lastAt: NOW - MINUTE, ...(past as Past) }, {}, sitting);
    expect([...action(made), made.items.length]).toEqual([...pace, 1]);
  });

  it('fits the time there is, and is shorter after errors where affect varies', () => {
    const items = (past: Past, plot: Omit<Plot, 'course' | 'past'> = {}, sitting: Partial<Sitting> = {}): number | undefined => paced({ skills: { a: { known: 0.5 } }, lastAt: NOW - MINUTE, ...past }, plot, sitting).pacing.items;
    expect([items({}), items({}, { change: { budgetMinutes: 4 } }), items({}, { change: { budgetMinutes: 600 } })]).toEqual([10, 4, 60]);
    const plan: Partial<Plan> = { strategy: { preset: 'differentiated' } };
    expect(items({ plan }, {}, { answers: 6, startedAt: NOW - 5 * MINUTE, wrongInARow: 3 })).toBe(5);
    // Where nobody says how long, not past the length at which a break would be due.
    expect(items({}, {}, { usualLogMs: Math.log(480_000) })).toBe(5);
    // A usual time of two minutes an item.
    expect(items({}, { change: { budgetMinutes: 10 } }, { usualLogMs: Math.log(120_000) })).toBe(5);
  });
});
