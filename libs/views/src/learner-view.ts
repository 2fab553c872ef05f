// The learner's row as a fold.
import type { Envelope, EventId, Projection } from '@trellis/event-sourcing';
import { isObservation, LEARNER_PREFIX, recommendationId, type AnswerData, type Decision, type LearnerEnrolled } from '@trellis/learning';
import { evidence, observe, traceUnknown, type Calibration } from '@trellis/mastery';
import { hash48 } from './item-table.js';
import { learnerRow } from './learner-row.js';
import { ENROLMENTS_MAX, newLearner, newSkill, OFFERED_MAX, RECENT_MAX, type LearnerState, type Order, type SkillState } from './learner-state.js';

/** Raise it with any change of what the fold makes of the same events: rows of another version are folded again. */
const FOLD_VERSION = 1;

export const LEARNER_VIEW = 'learner';

export function learnerView(calibration: Calibration): Projection<LearnerState> {
  return {
    name: LEARNER_VIEW,
    version: `${FOLD_VERSION}/${calibration.id}`,
    prefix: LEARNER_PREFIX,
    initial: () => newLearner(calibration),
    fold: (state, event) => fold(state, event, calibration),
    refold: (_key, events) => inOrder(events).reduce((state, event) => apply(state, event, calibration), newLearner(calibration)),
    encode: learnerRow.encode,
    decode: learnerRow.decode,
  };
}

function fold(state: LearnerState, event: Envelope, calibration: Calibration): LearnerState | 'late' {
  if (isObservation(event.type) && state.newest !== null && compare(orderOf(event), state.newest) <= 0) return 'late';
  return apply(state, event, calibration);
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
function apply(state: LearnerState, event: Envelope, calibration: Calibration): LearnerState {
  // A type names the shape of its data: the codec has brought it to today's schema.
  switch (event.type) {
    case 'AnswerGiven':
      answered(state, event, event.data as AnswerData, calibration);
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

function answered(state: LearnerState, event: Envelope, data: AnswerData, calibration: Calibration): void {
  state.newest = orderOf(event);
  state.answers++;
  const item = hash48(data.item);
  state.items.add(item, data.score !== null && data.score >= 0.5, state.answers);
  state.recent.push({ item, recommendation: data.recommendation === undefined ? 0 : hash48(data.recommendation) });
  if (state.recent.length > RECENT_MAX) state.recent.shift();
  const score = evidence(data);
  if (score === null) return;
  const skills = data.skills.map((id) => {
    const known = state.skills.get(id);
    if (known !== undefined) return known;
    const made = newSkill(calibration);
    state.skills.set(id, made);
    return made;
  });
  observe(state.ability, skills, score, calibration.ability);
  // Every skill of the item is traced as if the answer had asked for it alone: the usual reading of logs in which one
  // answer has several skills (Gong, Beck & Heffernan, 2010, "Comparing knowledge tracing and performance factor analysis").
  for (const skill of skills) trace(skill, score, event.meta.occurredAt, state.answers, calibration);
}

function trace(skill: SkillState, score: number, at: number, ordinal: number, { bkt, wheelSpin }: Calibration): void {
  skill.unknown = traceUnknown(skill.unknown, score, bkt);
  skill.known = 1 - skill.unknown;
  skill.answers++;
  skill.lastAt = at;
  if (score >= 0.5) {
    skill.right++;
    skill.wrongInARow = 0;
    return;
  }
  skill.wrongInARow++;
  if (skill.wrongInARow < wheelSpin.wrongInARow) return;
  skill.wrongInARow = 0;
  skill.pausedUntil = ordinal + wheelSpin.pauseAnswers * 2 ** Math.min(skill.pauses, wheelSpin.doublings);
  skill.pauses++;
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
