// What a teacher should look at, each with the evidence it rests on.
import type { Instant } from '@trellis/event-sourcing';
import type { Reason, SkillId } from '@trellis/learning';
import { SITTING_GAP_MS } from '@trellis/views';
import type { LearnerPace } from './class-pace.js';
import { DAY_MS } from './pace.js';
import { said } from './reasons.js';
import type { ReviewLoad } from './review-load.js';
import { selfAssessments } from './self-assessment.js';
import type { SkillStanding, Standing } from './standing.js';

export type FlagKind = 'paused' | 'stuck' | 'wheel-spinning' | 'rapid' | 'idle' | 'behind' | 'ahead' | 'review-load' | 'surer' | 'less-sure';

export interface Flag {
  readonly flag: FlagKind;
  readonly skill?: SkillId;
  /** Since when, or when it was last seen. */
  readonly since?: Instant;
  readonly reason: Reason;
}

/** Answers on a skill without three right ones in a row, from which practice goes nowhere (Beck & Gong, 2013, "Wheel-spinning"). */
const WHEEL_SPIN_ANSWERS = 10;
const STEADY_RUN = 3;
/** Rapid answers of a sitting: so many, and such a share of it. */
const RAPID = { answers: 3, share: 0.3 } as const;
/** A session without an answer for so long, and not much longer: then the learner has left. */
const IDLE_MS = 10 * 60_000;
/** A sitting is spoken of for so long. */
const LATELY_MS = DAY_MS;
const BEHIND_DAYS = 3;
const AHEAD_DAYS = 5;
const REVIEWS_MANY = 5;
/** Of one kind for one learner: the gravest say enough. */
const FLAGS_EACH_MAX = 3;

export interface Seen {
  readonly pace: LearnerPace | null;
  readonly expected: number | null;
  readonly reviews: ReviewLoad;
}

/** The gravest first. */
export function flagsOf(standing: Standing, { pace, expected, reviews }: Seen): readonly Flag[] {
  return [...pausedFlag(standing), ...stuckFlags(standing), ...wheelSpinFlags(standing), ...sittingFlags(standing), ...paceFlag(pace, expected), ...reviewFlag(reviews), ...selfFlags(standing)];
}

function pausedFlag({ state: { plan } }: Standing): readonly Flag[] {
  return plan.paused === null ? [] : [{ flag: 'paused', reason: said('flag-paused', { by: plan.paused.by }) }];
}

/** Skills that a person should look at together with the learner. */
export function stuckSkills({ skills, strategy }: Pick<Standing, 'skills' | 'strategy'>): readonly SkillStanding[] {
  const stuck = skills.filter(({ mastered, state }) => !mastered && state.pauses >= strategy.settings.stuckAfter);
  return stuck.sort((a, b) => b.state.pauses - a.state.pauses || b.state.answers - a.state.answers || a.number - b.number);
}

function stuckFlags(standing: Standing): readonly Flag[] {
  return stuckSkills(standing).slice(0, FLAGS_EACH_MAX).map((each) => skillFlag('stuck', each, standing.now));
}

function wheelSpinFlags({ skills, strategy, now }: Standing): readonly Flag[] {
  const spinning = skills.filter(({ mastered, state }) => !mastered && state.pauses < strategy.settings.stuckAfter && state.answers >= WHEEL_SPIN_ANSWERS && state.streak < STEADY_RUN);
  return spinning.sort((a, b) => b.state.answers - a.state.answers || a.number - b.number).slice(0, FLAGS_EACH_MAX).map((each) => skillFlag('wheel-spinning', each, now));
}

function skillFlag(flag: 'stuck' | 'wheel-spinning', { skill, state: { pauses, answers, right, lastAt } }: SkillStanding, now: Instant): Flag {
  const days = Math.max(0, Math.floor((now - lastAt) / DAY_MS));
  return { flag, skill: skill.id, since: lastAt, reason: said(`flag-${flag}`, { skill: skill.id, title: skill.title, pauses, answers, right, days }) };
}

function sittingFlags({ state: { sitting, told }, now }: Standing): readonly Flag[] {
  const flags: Flag[] = [];
  const since = now - sitting.lastAnswerAt;
  if (since <= LATELY_MS && sitting.rapid >= RAPID.answers && sitting.rapid >= RAPID.share * sitting.answers) {
    flags.push({ flag: 'rapid', since: sitting.startedAt, reason: said('flag-rapid', { rapid: sitting.rapid, answers: sitting.answers }) });
  }
  const { session } = told;
  const quiet = session === null ? 0 : now - Math.max(session.at, sitting.lastAnswerAt);
  if (quiet >= IDLE_MS && quiet < SITTING_GAP_MS) flags.push({ flag: 'idle', since: now - quiet, reason: said('flag-idle', { minutes: Math.floor(quiet / 60_000) }) });
  return flags;
}

function paceFlag(pace: LearnerPace | null, expected: number | null): readonly Flag[] {
  if (pace === null || expected === null) return [];
  const { days, actual } = pace;
  if (days <= -BEHIND_DAYS) return [{ flag: 'behind', reason: said('flag-behind', { days: -days, actual, expected }) }];
  if (days >= AHEAD_DAYS) return [{ flag: 'ahead', reason: said('flag-ahead', { days, actual, expected }) }];
  return [];
}

function reviewFlag({ dueNow, days }: ReviewLoad): readonly Flag[] {
  if (dueNow < REVIEWS_MANY) return [];
  const [today] = days;
  const minutes = Math.ceil(today === undefined || today.planned === 0 ? dueNow : (today.minutes / today.planned) * dueNow);
  return [{ flag: 'review-load', reason: said('flag-review-load', { due: dueNow, minutes }) }];
}

function selfFlags(standing: Standing): readonly Flag[] {
  return selfAssessments(standing)
    .flatMap(({ agreement, skill, at, reason }): Flag[] =>
      agreement === 'surer' || agreement === 'less-sure' ? [{ flag: agreement, skill, since: at, reason: said(`flag-${agreement}`, reason.params) }] : [],
    )
    .slice(0, FLAGS_EACH_MAX);
}
