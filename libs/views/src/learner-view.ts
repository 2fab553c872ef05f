// The learner's row as a fold.
import type { Envelope, EventId, Instant, Projection } from '@trellis/event-sourcing';
import { isObservation, LEARNER_PREFIX, recommendationId, splitKey, type AnswerData, type Decision, type LearnerEnrolled, type SkillId, type TenantId } from '@trellis/learning';
import { bktOf, easinessOf, evidence, firstMemory, nextMemory, observePlacement, traceUnknown, wholeDays, type BktParameters, type Calibration } from '@trellis/mastery';
import { hash48 } from './item-table.js';
import { learnerRow } from './learner-row.js';
import { ENROLMENTS_MAX, newLearner, newSkill, OFFERED_MAX, RECENT_MAX, recallOf, wrongInARow, type LearnerState, type Order, type SkillState } from './learner-state.js';

/** Raise it with any change of what the fold makes of the same events: rows of another version are folded again. */
const FOLD_VERSION = 2;

export const LEARNER_VIEW = 'learner';

/** `calibrationOf`: the one in force now. A state that was folded by another is folded again. */
export function learnerView(calibrationOf: (tenant: TenantId) => Calibration): Projection<LearnerState> {
  const forKey = (key: string): Calibration => calibrationOf(splitKey(key).tenant);
  return {
    name: LEARNER_VIEW,
    versionFor: (key) => versionOf(forKey(key)),
    versionOf: ({ calibration }) => versionOf(calibration),
    prefix: LEARNER_PREFIX,
    initial: (key) => newLearner(forKey(key)),
    fold: (state, event) => (state.calibration === calibrationOf(tenantOf(event)) ? fold(state, event) : 'late'),
    refold: (key, events) => inOrder(events).reduce(apply, newLearner(forKey(key))),
    encode: learnerRow.encode,
    decode: (bytes, key) => learnerRow.decode(bytes, forKey(key)),
  };
}

/** Every event of every learner comes by here: the name is not taken apart further than it must be. */
function tenantOf({ stream }: Envelope): TenantId {
  // A learner's stream is the prefix, the tenant, a dot and the learner.
  return stream.slice(LEARNER_PREFIX.length, stream.indexOf('.', LEARNER_PREFIX.length)) as TenantId;
}

function versionOf({ id }: Calibration): string {
  return `${FOLD_VERSION}/${id}`;
}

function fold(state: LearnerState, event: Envelope): LearnerState | 'late' {
  if (isObservation(event.type) && state.newest !== null && compare(orderOf(event), state.newest) <= 0) return 'late';
  return apply(state, event);
}

/** Observations by when they happened, each once; decisions where their stream has them. */
function inOrder(events: readonly Envelope[]): readonly Envelope[] {
  const observations = new Map<EventId, Envelope>();
  const decisions: Envelope[] = [];
  for (const event of events) {
    if (!isObservation(event.type)) decisions.push(event);
    // What was recorded first stands.
    else if (!observations.has(event.id)) observations.set(event.id, event);
  }
  return [...[...observations.values()].sort((a, b) => compare(orderOf(a), orderOf(b))), ...decisions];
}

export function orderOf({ id, meta }: Envelope): Order {
  return { at: meta.occurredAt, sequence: meta.sequence ?? 0, id };
}

export function compare(a: Order, b: Order): number {
  return a.at - b.at || a.sequence - b.sequence || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Events of a type that this fold does not know are passed over. */
function apply(state: LearnerState, event: Envelope): LearnerState {
  // A type names the shape of its data: the codec has brought it to today's schema.
  switch (event.type) {
    case 'AnswerGiven':
      answered(state, event, event.data as AnswerData);
      break;
    case 'LearnerEnrolled':
      enrolled(state, event.data as LearnerEnrolled['data']);
      break;
    case 'RecommendationMade':
      offered(state, event, event.data as Decision);
      break;
  }
  return state;
}

function answered(state: LearnerState, event: Envelope, data: AnswerData): void {
  const { calibration } = state;
  state.newest = orderOf(event);
  state.answers++;
  const item = hash48(data.item);
  state.items.add(item, data.score !== null && data.score >= 0.5, state.answers);
  state.recent.push({ item, recommendation: data.recommendation === undefined ? 0 : hash48(data.recommendation) });
  if (state.recent.length > RECENT_MAX) state.recent.shift();
  const score = evidence(data);
  if (score === null) return;
  const skills: SkillState[] = [];
  for (const id of data.skills) {
    let skill = state.skills.get(id);
    if (skill === undefined) {
      skill = newSkill(calibration, id);
      state.skills.set(id, skill);
    }
    skills.push(skill);
  }
  observePlacement(state, skills, score, easinessOf(calibration, data.item, data.skills), calibration.ability);
  // Every skill of the item is traced as if the answer had asked for it alone: the usual reading of logs in which one
  // answer has several skills (Gong, Beck & Heffernan, 2010, "Comparing knowledge tracing and performance factor analysis").
  const occasion: Occasion = { at: event.meta.occurredAt, ordinal: state.answers, calibration };
  for (let n = 0; n < skills.length; n++) trace(skills[n] as SkillState, score, bktOf(calibration, data.skills[n] as SkillId), occasion);
}

interface Occasion {
  readonly at: Instant;
  /** The learner's answers up to this one. */
  readonly ordinal: number;
  readonly calibration: Calibration;
}

function trace(skill: SkillState, score: number, bkt: BktParameters, { at, ordinal, calibration }: Occasion): void {
  const isRight = score >= 0.5;
  const recalled = recallOf(skill, at, calibration) ?? 1;
  skill.unknown = traceUnknown(skill.unknown, score, bkt);
  skill.known = 1 - skill.unknown;
  skill.unrecalled = Math.fround(traceUnknown(1 - (1 - skill.unrecalled) * recalled, score, bkt));
  remember(skill, isRight, at, calibration);
  skill.lastAt = at;
  if (isRight) {
    skill.right++;
    return;
  }
  const { wheelSpin } = calibration;
  if (wrongInARow(skill, wheelSpin) !== 0) return;
  skill.pausedUntil = ordinal + wheelSpin.pauseAnswers * 2 ** Math.min(skill.pauses, wheelSpin.doublings);
  skill.pauses++;
}

/** Recall begins when the skill is first mastered; after that the first graded answer of a day is a review. */
function remember(skill: SkillState, isRight: boolean, at: Instant, { recall, masteredAt }: Calibration): void {
  if (skill.stability === 0) {
    if (skill.known < masteredAt) return;
    ({ stability: skill.stability, difficulty: skill.difficulty } = firstMemory(isRight, recall));
    return;
  }
  const days = wholeDays(skill.lastAt, at);
  if (days > 0) ({ stability: skill.stability, difficulty: skill.difficulty } = nextMemory(skill, days, isRight, recall));
}

function enrolled({ enrolments }: LearnerState, { classroom, course }: LearnerEnrolled['data']): void {
  if (enrolments.some((known) => known.classroom === classroom && known.course === course)) return;
  enrolments.push({ classroom, course });
  if (enrolments.length > ENROLMENTS_MAX) enrolments.shift();
}

function offered(state: LearnerState, { stream, revision }: Envelope, { items }: Decision): void {
  state.offered.push({ recommendation: hash48(recommendationId(stream, revision)), revision, items: items.map(({ item }) => hash48(item)) });
  if (state.offered.length > OFFERED_MAX) state.offered.shift();
}
