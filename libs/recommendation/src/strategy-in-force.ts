// Whose strategy holds for a learner at a moment: their own, their group's, the classroom's, else the default; and which phase of a mix.
import type { Instant } from '@trellis/event-sourcing';
import { DEFAULT_STRATEGY, PRESETS_VERSION, settingsOf, type Classroom, type LearnerId, type Mix, type ObjectiveId, type Plan, type SingleStrategy, type Strategy, type StrategySettings } from '@trellis/learning';

export interface StrategyInForce {
  /** For `versions.strategy`: the preset and the version of the presets; `+` where it was changed. */
  readonly name: string;
  readonly settings: StrategySettings;
  readonly preset: SingleStrategy['preset'];
  readonly source: 'learner' | 'group' | 'classroom' | 'default';
  /** Of a mix by phase. */
  readonly phase?: string;
}

export interface StrategyQuestion {
  readonly learner: LearnerId;
  readonly plan: Plan;
  readonly classroom: Classroom | null;
  readonly now: Instant;
  /** What a mix by objective goes by. */
  readonly objective?: ObjectiveId;
  /** When the sitting began, from which phases with minutes count if no teacher began one. */
  readonly sittingAt: Instant;
}

const MINUTE_MS = 60_000;

export function strategyInForce(question: StrategyQuestion): StrategyInForce {
  const { strategy, source } = chosen(question);
  const { single, phase } = strategy.preset === 'blended' ? partOf(strategy.mix, question) : { single: strategy, phase: undefined };
  const changed = single.settings === undefined || Object.keys(single.settings).length === 0 ? '' : '+';
  const name = strategy.preset === 'blended' ? `blended/${single.preset}-${PRESETS_VERSION}${changed}` : `${single.preset}-${PRESETS_VERSION}${changed}`;
  return { name, settings: settingsOf(single), preset: single.preset, source, ...(phase === undefined ? {} : { phase }) };
}

function chosen({ learner, plan, classroom }: StrategyQuestion): { readonly strategy: Strategy; readonly source: StrategyInForce['source'] } {
  if (plan.strategy !== null) return { strategy: plan.strategy, source: 'learner' };
  const group = classroom?.groups.find(({ learners }) => learners.includes(learner))?.group;
  const ofGroup = classroom?.groupStrategies.find((each) => each.group === group);
  if (ofGroup !== undefined) return { strategy: ofGroup.strategy, source: 'group' };
  if (classroom !== null && classroom.strategy !== null) return { strategy: classroom.strategy, source: 'classroom' };
  return { strategy: DEFAULT_STRATEGY, source: 'default' };
}

function partOf(mix: Mix, question: StrategyQuestion): { readonly single: SingleStrategy; readonly phase: string | undefined } {
  if (mix.by === 'objective') {
    return { single: mix.objectives.find(({ objective }) => objective === question.objective)?.strategy ?? mix.otherwise, phase: undefined };
  }
  const { classroom, now, sittingAt } = question;
  // The teacher's word, if it is about this mix; else the lesson began with the sitting.
  const begun = mix.phases.findIndex(({ phase }) => phase === classroom?.phase?.phase);
  let at = Math.max(0, begun);
  let minutes = Math.max(0, now - (begun < 0 ? sittingAt : (classroom?.phase?.at ?? now))) / MINUTE_MS;
  for (let phase = mix.phases[at]; phase?.minutes !== undefined && minutes >= phase.minutes && at + 1 < mix.phases.length; phase = mix.phases[at]) {
    minutes -= phase.minutes;
    at++;
  }
  const phase = mix.phases[at];
  return phase === undefined ? { single: { preset: 'individualized' }, phase: undefined } : { single: phase.strategy, phase: phase.phase };
}
