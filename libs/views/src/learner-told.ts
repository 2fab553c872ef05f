// What a learner said beside answers: part of the learner's row, folded from observations in their order.
import type { Envelope, EventId, Instant } from '@trellis/event-sourcing';
import type { Feedback, FeedbackGiven, Mood, MoodReported, Preferences, PreferenceStated, SelfAssessed, SessionStarted, SkillId } from '@trellis/learning';
import { hash48 } from './item-table.js';

/** Plain data, so that it goes into the row as it is. */
export interface Told {
  readonly session: { readonly session: string; readonly at: Instant; readonly budgetMinutes?: number } | null;
  readonly mood: { readonly mood: Mood; readonly at: Instant } | null;
  readonly preferences: Preferences;
  /** The newest last; `item` is its `hash48`. */
  readonly feedback: readonly { readonly item: number; readonly skills: readonly SkillId[]; readonly feedback: Feedback; readonly at: Instant }[];
  /** The newest of each skill. */
  readonly selfAssessed: readonly { readonly skill: SkillId; readonly level: number; readonly at: Instant }[];
  /** Answers that were corrected before they arrived. */
  readonly awaited: readonly EventId[];
}

export const NOTHING_TOLD: Told = { session: null, mood: null, preferences: {}, feedback: [], selfAssessed: [], awaited: [] };

export const FEEDBACK_MAX = 10;
export const SELF_ASSESSED_MAX = 50;
export const AWAITED_MAX = 100;

/** Another object for what changes it, the same for what does not. */
export function toldAfter(told: Told, { type, data, meta: { occurredAt: at } }: Pick<Envelope, 'type' | 'data' | 'meta'>): Told {
  // A type names the shape of its data.
  switch (type) {
    case 'SessionStarted':
      return { ...told, session: { ...(data as SessionStarted['data']), at } };
    case 'SessionEnded':
      return told.session === null ? told : { ...told, session: null };
    case 'MoodReported':
      return { ...told, mood: { mood: (data as MoodReported['data']).mood, at } };
    case 'PreferenceStated':
      return { ...told, preferences: { ...told.preferences, ...(data as PreferenceStated['data']) } };
    case 'SelfAssessed': {
      const { skill, level } = data as SelfAssessed['data'];
      return { ...told, selfAssessed: [...told.selfAssessed.filter((each) => each.skill !== skill), { skill, level, at }].slice(-SELF_ASSESSED_MAX) };
    }
    case 'FeedbackGiven': {
      const { item, skills, feedback } = data as FeedbackGiven['data'];
      return { ...told, feedback: [...told.feedback, { item: hash48(item), skills, feedback, at }].slice(-FEEDBACK_MAX) };
    }
    default:
      return told;
  }
}
