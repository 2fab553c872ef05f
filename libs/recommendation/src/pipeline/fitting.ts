// What would fit this learner now, from what they said and what just happened: a tier, an aim for difficulty, modalities, interests. All of
// it is for this moment; nothing here is kept, and nothing infers a mood or an ability.
import type { Instant } from '@trellis/event-sourcing';
import type { Item, Reason, SkillId, StrategySettings } from '@trellis/learning';
import { SITTING_GAP_MS, wrongInARow, type LearnerState, type SkillState } from '@trellis/views';
import type { Calibration } from '@trellis/mastery';
import { reason } from '../reasons.js';

export type Tier = NonNullable<Item['tier']>;

export interface Fit {
  /** The probability of a right answer at which items are placed. */
  readonly aim: number;
  readonly tier: Tier | null;
  readonly isStruggling: boolean;
  /** Known well enough for items that go further. */
  readonly isReadyForMore: boolean;
  readonly reasons: readonly Reason[];
}

export const TIERS: readonly Tier[] = ['support', 'core', 'extension'];
/** Where practice teaches most: of the four simulated worlds, the one with items of different difficulty gained most here. */
export const AIM = 0.65;
const AIM_EASY = 0.8;
const AIM_STEP = 0.12;
/** Of what a skill builds on: below, support; P(known) of the skill itself from which it goes further. */
const SUPPORT_BELOW = 0.5;
const EXTENSION_FROM = 0.85;
const STRUGGLING_FROM = 2;
const SITTING_WRONG_FROM = 3;
/** What a learner said about how they feel, and about an item, holds for so long. */
const MOOD_HOLDS_MS = 2 * 3_600_000;
const FEEDBACK_HOLDS_MS = 7 * 24 * 3_600_000;
const LOW_MOODS: ReadonlySet<string> = new Set(['tired', 'frustrated', 'anxious']);

export interface FitQuestion {
  readonly skill: SkillId;
  readonly known: SkillState;
  /** P(known) for choosing. */
  readonly mastery: number;
  /** 0..1: the least known of what it builds on. */
  readonly readiness: number;
  readonly state: LearnerState;
  readonly calibration: Calibration;
  readonly settings: StrategySettings;
  readonly now: Instant;
}

export function fitFor({ skill, known, mastery, readiness, state, calibration, settings: { vary }, now }: FitQuestion): Fit {
  const wrong = wrongInARow(known, calibration.wheelSpin);
  const isStruggling = wrong >= STRUGGLING_FROM;
  const isReadyForMore = mastery >= EXTENSION_FROM;
  const reasons: Reason[] = [];
  let aim = AIM;
  let tier: Tier | null = null;
  if (vary.content) {
    tier = isStruggling || readiness < SUPPORT_BELOW ? 'support' : isReadyForMore ? 'extension' : 'core';
    const said = lastWord(skill, state, now);
    if (said === 'too-hard') [tier, aim] = ['support', aim + AIM_STEP];
    if (said === 'too-easy') [tier, aim] = ['extension', aim - AIM_STEP];
    if (said !== null) reasons.push(reason(said === 'too-hard' ? 'easier-as-asked' : 'harder-as-asked', {}));
    else if (tier === 'support') reasons.push(isStruggling ? reason('support-after-errors', { wrong }) : reason('support-for-readiness', { readiness }));
    else if (tier === 'extension') reasons.push(reason('extension-for-readiness', { mastery }));
  }
  if (vary.affect) {
    const mood = lowMood(state, now);
    if (mood !== null) {
      [aim, tier] = [Math.max(aim, AIM_EASY), tier === 'extension' ? 'core' : tier];
      reasons.push(reason('easier-after-mood', { mood }));
    } else if (sittingWrong(state, now) >= SITTING_WRONG_FROM) {
      aim = Math.max(aim, AIM_EASY);
      reasons.push(reason('easier-after-errors', { wrong: state.sitting.wrongInARow }));
    }
  }
  return { aim, tier, isStruggling, isReadyForMore, reasons };
}

/** The mood that the learner reported lately, or null. */
export function moodNow({ told }: Pick<LearnerState, 'told'>, now: Instant): string | null {
  const { mood } = told;
  return mood !== null && now - mood.at <= MOOD_HOLDS_MS ? mood.mood : null;
}

/** The same, where it is one to go easy on. */
export function lowMood(state: Pick<LearnerState, 'told'>, now: Instant): string | null {
  const mood = moodNow(state, now);
  return mood !== null && LOW_MOODS.has(mood) ? mood : null;
}

/** Wrong answers in a row in the sitting that still goes on. */
export function sittingWrong({ sitting, newest }: Pick<LearnerState, 'sitting' | 'newest'>, now: Instant): number {
  return newest !== null && now - newest.at <= SITTING_GAP_MS ? sitting.wrongInARow : 0;
}

function lastWord(skill: SkillId, { told, plan }: LearnerState, now: Instant): 'too-easy' | 'too-hard' | null {
  const said = [
    ...told.feedback.filter(({ skills }) => skills.includes(skill)).map(({ feedback, at }) => ({ word: feedback, at })),
    ...plan.declined.filter(({ skills }) => skills.includes(skill)).map(({ why, at }) => ({ word: why, at })),
  ].filter(({ word, at }) => (word === 'too-easy' || word === 'too-hard') && now - at <= FEEDBACK_HOLDS_MS);
  let last: { readonly word: string; readonly at: Instant } | null = null;
  for (const each of said) if (last === null || each.at >= last.at) last = each;
  return last?.word === 'too-easy' || last?.word === 'too-hard' ? last.word : null;
}
