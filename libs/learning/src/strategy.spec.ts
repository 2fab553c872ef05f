import { DEFAULT_MIX, DEFAULT_STRATEGY, PRESETS, settingsOf, strategyFlaw, type Phase, type Strategy } from './strategy.js';
import type { ObjectiveId } from './ids.js';

const phase = (name: string): Phase => ({ phase: name, strategy: { preset: 'individualized' } });
const byObjective = (...objectives: readonly string[]): Strategy => ({
  preset: 'blended',
  // The cast: the texts keep to the pattern of objectives.
  mix: { by: 'objective', objectives: objectives.map((objective) => ({ objective: objective as ObjectiveId, strategy: { preset: 'personalized' } })), otherwise: { preset: 'individualized' } },
});

it('lets pass every preset as it is, and a blend of them', () => {
  const all: Strategy[] = [DEFAULT_STRATEGY, { preset: 'differentiated' }, { preset: 'individualized' }, { preset: 'personalized' }, { preset: 'blended', mix: DEFAULT_MIX }, byObjective('a', 'b')];
  expect(all.map(strategyFlaw)).toEqual(all.map(() => null));
});

it('is a preset with what is different from it', () => {
  expect(settingsOf({ preset: 'personalized', settings: { choices: 5 } })).toEqual({ ...PRESETS.personalized, choices: 5 });
});

describe('a strategy is impossible', () => {
  const cases: [string, Strategy, string][] = [
    ['with goals of each and one pace for all', { preset: 'personalized', settings: { pace: 'class' } }, 'settings: objective is "learner" and pace is "class"; learners with goals of their own have no common pace: make pace "learner" or objective "teacher"'],
    ['so in a phase', { preset: 'blended', mix: { by: 'phase', phases: [phase('a'), { phase: 'b', strategy: { preset: 'differentiated', settings: { objective: 'learner' } } }] } }, 'mix.phases[1].strategy.settings: objective is "learner" and pace is "class"; learners with goals of their own have no common pace: make pace "learner" or objective "teacher"'],
    ['with one phase', { preset: 'blended', mix: { by: 'phase', phases: [phase('a')] } }, 'mix.phases: 1 given; a mix by phase needs at least 2'],
    ['with a phase twice', { preset: 'blended', mix: { by: 'phase', phases: [phase('a'), phase('b'), phase('a')] } }, 'mix.phases: "a" is named twice; a phase has one strategy'],
    ['with an objective twice', byObjective('a', 'a'), 'mix.objectives: "a" is named twice; an objective has one strategy'],
  ];
  it.each(cases)('%s', (_, strategy, detail) => expect(strategyFlaw(strategy)).toEqual({ refused: 'impossible-strategy', detail }));
});
