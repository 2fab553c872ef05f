import { NO_CLASSROOM, NO_PLAN, type LearnerId, type ObjectiveId, type Strategy } from '@trellis/learning';
import { strategyInForce, type StrategyQuestion } from './strategy-in-force.js';
import { NOW } from './testing/situations.js';

const MINUTE = 60_000;
const ana = 'ana' as LearnerId;
const PHASES: Strategy = {
  preset: 'blended',
  mix: { by: 'phase', phases: [{ phase: 'together', strategy: { preset: 'differentiated' }, minutes: 20 }, { phase: 'alone', strategy: { preset: 'personalized' } }] },
};

const ask = (change: Partial<StrategyQuestion> = {}): ReturnType<typeof strategyInForce> => strategyInForce({ learner: ana, plan: NO_PLAN, classroom: null, now: NOW, sittingAt: NOW, ...change });
const room = (change: Partial<typeof NO_CLASSROOM>): typeof NO_CLASSROOM => ({ ...NO_CLASSROOM, ...change });
const group = { group: 'g1', title: 'G', learners: [ana], kind: 'own' as const };

describe('the strategy in force', () => {
  it('is individualized where nobody has chosen', () => {
    expect(ask()).toMatchObject({ name: 'individualized-2', source: 'default', settings: { pace: 'learner', gates: { hard: 'wall', soft: 'weight' } } });
  });

  it("is the learner's own before the group's, the group's before the classroom's", () => {
    const classroom = room({ strategy: { preset: 'differentiated' }, groups: [group], groupStrategies: [{ group: 'g1', strategy: { preset: 'personalized' } }] });
    expect(ask({ classroom: room({ strategy: { preset: 'differentiated' } }) })).toMatchObject({ name: 'differentiated-2', source: 'classroom' });
    expect(ask({ classroom })).toMatchObject({ name: 'personalized-2', source: 'group' });
    expect(ask({ classroom, learner: 'bob' as LearnerId })).toMatchObject({ name: 'differentiated-2', source: 'classroom' });
    expect(ask({ classroom, plan: { ...NO_PLAN, strategy: { preset: 'individualized', settings: { stuckAfter: 5 } } } })).toMatchObject({ name: 'individualized-2+', source: 'learner', settings: { stuckAfter: 5, choices: 1 } });
  });

  it('of a mix goes on to the next phase when the minutes of one are over', () => {
    const at = (minutes: number): string | undefined => ask({ classroom: room({ strategy: PHASES }), sittingAt: NOW - minutes * MINUTE }).phase;
    expect([at(0), at(19), at(20), at(500)]).toEqual(['together', 'together', 'alone', 'alone']);
  });

  it('of a mix is the phase that the teacher began, from when it was begun', () => {
    const begun = (phase: string, minutes: number): object => ask({ classroom: room({ strategy: PHASES, phase: { phase, at: NOW - minutes * MINUTE } }), sittingAt: NOW - 90 * MINUTE });
    expect(begun('alone', 0)).toMatchObject({ phase: 'alone', name: 'blended/personalized-2' });
    expect(begun('together', 5)).toMatchObject({ phase: 'together', name: 'blended/differentiated-2' });
    expect(begun('together', 25)).toMatchObject({ phase: 'alone' });
    expect(begun('of another mix', 5)).toMatchObject({ phase: 'alone' });
  });

  it('of a phase that lies ahead, by a clock that runs backwards, is that phase', () => {
    expect(ask({ classroom: room({ strategy: PHASES, phase: { phase: 'together', at: NOW + 90 * MINUTE } }) }).phase).toBe('together');
  });

  it('of a mix by objective goes by what is worked towards', () => {
    const strategy: Strategy = { preset: 'blended', mix: { by: 'objective', objectives: [{ objective: 'o1' as ObjectiveId, strategy: { preset: 'personalized' } }], otherwise: { preset: 'differentiated' } } };
    expect(ask({ classroom: room({ strategy }), objective: 'o1' as ObjectiveId }).preset).toBe('personalized');
    expect(ask({ classroom: room({ strategy }), objective: 'o2' as ObjectiveId }).preset).toBe('differentiated');
    expect(ask({ classroom: room({ strategy }) }).preset).toBe('differentiated');
  });
});
