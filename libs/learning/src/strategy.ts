// How teaching is arranged, as data: who sets the objective, what varies, who sets the pace, how many choices. The presets are the approaches
// of the field: differentiated (Tomlinson, 2001), individualized (Bloom, 1968, "Learning for mastery"), personalized (Bray & McClaskey,
// 2015, tell the three apart), and a blend of them.
import type { Refusal } from '@trellis/event-sourcing';
import type { ObjectiveId } from './ids.js';

export type SinglePreset = 'differentiated' | 'individualized' | 'personalized';
export type Preset = SinglePreset | 'blended';

export interface StrategySettings {
  /** Who says what is worked towards: a teacher for all, the course in its order, or the learner's goals. */
  readonly objective: 'teacher' | 'course' | 'learner';
  /** class: whoever is ahead gets extension of the objective; learner: on to what comes next. */
  readonly pace: 'class' | 'learner';
  /** Options that differ, offered at once; 1: the engine decides. */
  readonly choices: number;
  /** What is fitted to the learner. content: tier, reading level, interests. process: modality, worked example or problem. product: how it is shown. affect: easier and shorter after a reported mood or repeated failure. */
  readonly vary: { readonly content: boolean; readonly process: boolean; readonly product: boolean; readonly affect: boolean };
  /** What a prerequisite does, by its strength in the course. wall: nothing that needs it before it is mastered. weight: the less ready, the less worth. */
  readonly gates: { readonly hard: Gate; readonly soft: Gate };
  /** P(known) from which a skill counts as mastered, for every skill; null: the course's mark, else the calibration's. */
  readonly masteryAt: number | null;
  /** Pauses of a skill after which a person is asked to help. */
  readonly stuckAfter: number;
  /** Once everything of the objective is mastered, a unit check is offered. */
  readonly unitCheck: boolean;
}

export type Gate = 'wall' | 'weight';

/** A preset with what is different from it. */
export interface SingleStrategy {
  readonly preset: SinglePreset;
  readonly settings?: Partial<StrategySettings>;
}

export interface Phase {
  readonly phase: string;
  readonly strategy: SingleStrategy;
  /** After so long the next phase begins by itself; absent: when the teacher says so. */
  readonly minutes?: number;
}

export type Mix =
  | { readonly by: 'phase'; readonly phases: readonly Phase[] }
  | { readonly by: 'objective'; readonly objectives: readonly { readonly objective: ObjectiveId; readonly strategy: SingleStrategy }[]; readonly otherwise: SingleStrategy };

/** What a teacher chooses for a classroom, a group or a learner. */
export type Strategy = SingleStrategy | { readonly preset: 'blended'; readonly mix: Mix };

/** Raise it with any change of what the presets mean; earlier decisions name theirs. */
export const PRESETS_VERSION = 2;

export const PRESETS: Readonly<Record<SinglePreset, StrategySettings>> = {
  differentiated: {
    objective: 'teacher',
    pace: 'class',
    choices: 1,
    vary: { content: true, process: true, product: true, affect: true },
    gates: { hard: 'wall', soft: 'weight' },
    masteryAt: null,
    stuckAfter: 3,
    unitCheck: false,
  },
  individualized: {
    objective: 'course',
    pace: 'learner',
    choices: 1,
    vary: { content: false, process: false, product: false, affect: false },
    gates: { hard: 'wall', soft: 'weight' },
    masteryAt: null,
    stuckAfter: 3,
    unitCheck: true,
  },
  personalized: {
    objective: 'learner',
    pace: 'learner',
    choices: 3,
    vary: { content: true, process: true, product: true, affect: true },
    gates: { hard: 'weight', soft: 'weight' },
    masteryAt: null,
    stuckAfter: 3,
    unitCheck: true,
  },
};

/** A blend without a mix of its own: the whole class on one objective, then each on their own goals. */
export const DEFAULT_MIX: Mix = {
  by: 'phase',
  phases: [
    { phase: 'whole-class', strategy: { preset: 'differentiated' } },
    { phase: 'follow-up', strategy: { preset: 'personalized' } },
  ],
};

/** Where nobody has chosen. */
export const DEFAULT_STRATEGY: Strategy = { preset: 'individualized' };

export const PHASES_MAX = 6;
export const MIX_OBJECTIVES_MAX = 20;
export const CHOICES_MAX = 5;

export function settingsOf({ preset, settings = {} }: SingleStrategy): StrategySettings {
  return { ...PRESETS[preset], ...settings };
}

export type StrategyRefusal = 'impossible-strategy';

/** The first thing that no lesson could follow, or null. What its schema says has been checked. */
export function strategyFlaw(strategy: Strategy): Refusal<StrategyRefusal> | null {
  if (strategy.preset !== 'blended') return settingsFlaw(strategy, 'settings');
  const { mix } = strategy;
  if (mix.by === 'objective') {
    const twice = repeated(mix.objectives.map(({ objective }) => objective));
    if (twice !== null) return impossible(`mix.objectives: "${twice}" is named twice; an objective has one strategy`);
    return firstOf([...mix.objectives.map(({ strategy: each }, at) => settingsFlaw(each, `mix.objectives[${at}].strategy.settings`)), settingsFlaw(mix.otherwise, 'mix.otherwise.settings')]);
  }
  if (mix.phases.length < 2) return impossible(`mix.phases: ${mix.phases.length} given; a mix by phase needs at least 2`);
  const twice = repeated(mix.phases.map(({ phase }) => phase));
  if (twice !== null) return impossible(`mix.phases: "${twice}" is named twice; a phase has one strategy`);
  return firstOf(mix.phases.map(({ strategy: each }, at) => settingsFlaw(each, `mix.phases[${at}].strategy.settings`)));
}

function settingsFlaw(strategy: SingleStrategy, field: string): Refusal<StrategyRefusal> | null {
  const { objective, pace } = settingsOf(strategy);
  if (objective === 'learner' && pace === 'class') {
    return impossible(`${field}: objective is "learner" and pace is "class"; learners with goals of their own have no common pace: make pace "learner" or objective "teacher"`);
  }
  return null;
}

function repeated(names: readonly string[]): string | null {
  return names.find((name, at) => names.indexOf(name) < at) ?? null;
}

function firstOf(flaws: readonly (Refusal<StrategyRefusal> | null)[]): Refusal<StrategyRefusal> | null {
  return flaws.find((flaw) => flaw !== null) ?? null;
}

function impossible(detail: string): Refusal<StrategyRefusal> {
  return { refused: 'impossible-strategy', detail };
}
