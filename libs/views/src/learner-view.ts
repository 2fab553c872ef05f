// The learner's row as a fold.
import type { Envelope, EventId, Instant, Projection } from '@trellis/event-sourcing';
import {
  isCorrection,
  isObservation,
  LEARNER_PREFIX,
  learnerPlan,
  recommendationId,
  splitKey,
  type AnswerData,
  type ContentViewed,
  type Decision,
  type LearnerEnrolled,
  type PlacementConcluded,
  type SkillId,
  type TenantId,
} from '@trellis/learning';
import { bktOf, easinessOf, firstMemory, nextMemory, observePlacement, traceUnknown, wholeDays, type BktParameters, type Calibration } from '@trellis/mastery';
import { weigh, type FoldRules } from './answer-weight.js';
import { arranged, compare, inOrder, isDated, orderOf, type Order } from './fold-order.js';
import { hash48 } from './item-table.js';
import { learnerRow } from './learner-row.js';
import { ENROLMENTS_MAX, newLearner, OFFERED_MAX, RECENT_MAX, recallOf, wrongInARow, type LearnerState, type RecentAnswer } from './learner-state.js';
import { AWAITED_MAX, toldAfter, type Told } from './learner-told.js';
import type { SkillState } from './skill-table.js';
import { beginSitting, SITTING_GAP_MS } from './sitting.js';

/** Raise it with any change of what the fold makes of the same events: rows of another version are folded again. */
const FOLD_VERSION = 3;

export const LEARNER_VIEW = 'learner';

/** `calibrationOf`: the one in force now. A state that was folded by another is folded again. */
export function learnerView(calibrationOf: (tenant: TenantId) => Calibration, rules: FoldRules = 2): Projection<LearnerState> {
  const forKey = (key: string): Calibration => calibrationOf(splitKey(key).tenant);
  return {
    name: LEARNER_VIEW,
    versionFor: (key) => versionOf(forKey(key)),
    versionOf: ({ calibration }) => versionOf(calibration),
    prefix: LEARNER_PREFIX,
    initial: (key) => newLearner(forKey(key)),
    // The rest of a decision is reasons, many times as long.
    reads: { RecommendationMade: { items: { item: true } } },
    fold: (state, event) => (state.calibration === calibrationOf(tenantOf(event)) ? fold(state, event, rules) : 'late'),
    arrange: arranged,
    refold: (key, events) => refold(events, newLearner(forKey(key)), rules),
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

function fold(state: LearnerState, event: Envelope, rules: FoldRules): LearnerState | 'late' {
  const { type } = event;
  if (isCorrection(type)) return 'late';
  if (isDated(type)) {
    const order = orderOf(event);
    if (state.newest !== null && compare(order, state.newest) <= 0) return 'late';
    if (isAwaited(state.told, event.id)) return 'late';
    observe(state, event, order, rules);
  }
  if (!isObservation(type)) decide(state, event);
  return state;
}

/** Where the list is full it ends with the last that had a place, and whatever lies behind may be awaited as well. */
function isAwaited({ awaited }: Told, id: EventId): boolean {
  if (awaited.length === 0) return false;
  return awaited.includes(id) || (awaited.length === AWAITED_MAX && id > (awaited[AWAITED_MAX - 1] as EventId));
}

function refold(events: readonly Envelope[], initial: LearnerState, rules: FoldRules): LearnerState {
  const { dated, decisions, awaited } = inOrder(events);
  const state = initial;
  for (const event of dated) observe(state, event, orderOf(event), rules);
  for (const event of decisions) decide(state, event);
  if (awaited.length > 0) state.told = { ...state.told, awaited };
  return state;
}

function observe(state: LearnerState, event: Envelope, order: Order, rules: FoldRules): void {
  if (state.newest === null || order.at - state.newest.at > SITTING_GAP_MS) beginSitting(state.sitting, order.at);
  state.newest = order;
  // A type names the shape of its data: the codec has brought it to today's schema.
  if (event.type === 'AnswerGiven') answered(state, event.data as AnswerData, order.at, rules);
  else if (event.type === 'PlacementConcluded') placed(state, event.data as PlacementConcluded['data']);
  else if (event.type === 'ContentViewed') state.items.see(hash48((event.data as ContentViewed['data']).item));
  else state.told = toldAfter(state.told, event);
}

/** Events of a type that this fold does not know are passed over. */
function decide(state: LearnerState, event: Envelope): void {
  switch (event.type) {
    case 'LearnerEnrolled':
      enrolled(state, event.data as LearnerEnrolled['data']);
      break;
    case 'RecommendationMade':
      offered(state, event, event.data as Decision);
      break;
    default:
      state.plan = learnerPlan.evolve(state.plan, event);
  }
}

/** A skill with this many answers of its own or fewer starts from what a diagnostic says; one with more has evidence enough. */
const PLACED_ANSWERS_MAX = 3;

function placed({ skills }: LearnerState, { priors }: PlacementConcluded['data']): void {
  for (const { skill: id, known } of priors) {
    const skill = skills.practised(id);
    if (skill === undefined || skill.answers > PLACED_ANSWERS_MAX) continue;
    skill.unknown = 1 - known;
    // Not `known` itself: a row that was stored has it from `unknown`, to the last bit.
    skill.known = 1 - skill.unknown;
    skill.unrecalled = Math.fround(1 - known);
  }
  skills.assume(priors);
}

function answered(state: LearnerState, data: AnswerData, at: Instant, rules: FoldRules): void {
  const { calibration, sitting } = state;
  state.answers++;
  const item = hash48(data.item);
  const { isThought, score } = weigh(sitting, at, data, rules);
  state.items.add(item, isThought && data.score !== null && data.score >= 0.5, state.answers);
  noteRecent(state.recent, item, data.recommendation === undefined ? 0 : hash48(data.recommendation));
  if (score === null) return;
  sitting.wrongInARow = score >= 0.5 ? 0 : sitting.wrongInARow + 1;
  if (state.current !== null && isSame(state.current.skills, data.skills)) state.current.run++;
  else state.current = { skills: data.skills, run: 1 };
  const skills: SkillState[] = [];
  for (const id of data.skills) skills.push(state.skills.practise(id));
  observePlacement(state, skills, score, easinessOf(calibration, data.item, data.skills), calibration.ability);
  // Every skill of the item is traced as if the answer had asked for it alone: the usual reading of logs in which one
  // answer has several skills (Gong, Beck & Heffernan, 2010, "Comparing knowledge tracing and performance factor analysis").
  const occasion: Occasion = { at, ordinal: state.answers, calibration, rules };
  for (let n = 0; n < skills.length; n++) trace(skills[n] as SkillState, score, bktOf(calibration, data.skills[n] as SkillId), occasion);
}

/** A full list takes its oldest member anew: what lives for twenty answers is dear to the garbage collector. */
function noteRecent(recent: RecentAnswer[], item: number, recommendation: number): void {
  const oldest = recent.length < RECENT_MAX ? undefined : recent.shift();
  if (oldest === undefined) {
    recent.push({ item, recommendation });
    return;
  }
  oldest.item = item;
  oldest.recommendation = recommendation;
  recent.push(oldest);
}

function isSame(a: readonly SkillId[], b: readonly SkillId[]): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}

interface Occasion {
  readonly at: Instant;
  /** The learner's answers up to this one. */
  readonly ordinal: number;
  readonly calibration: Calibration;
  readonly rules: FoldRules;
}

function trace(skill: SkillState, score: number, bkt: BktParameters, occasion: Occasion): void {
  const { at, ordinal, calibration } = occasion;
  const isRight = score >= 0.5;
  const recalled = recallOf(skill, at, calibration) ?? 1;
  skill.unknown = traceUnknown(skill.unknown, score, bkt);
  skill.known = 1 - skill.unknown;
  skill.unrecalled = Math.fround(traceUnknown(1 - (1 - skill.unrecalled) * recalled, score, bkt));
  remember(skill, isRight, occasion);
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

/** Every graded answer is a review. Rules 1 began when the skill was first mastered, and counted one a day. */
function remember(skill: SkillState, isRight: boolean, { at, calibration: { recall, masteredAt }, rules }: Occasion): void {
  if (skill.stability === 0) {
    if (rules === 1 && skill.known < masteredAt) return;
    ({ stability: skill.stability, difficulty: skill.difficulty } = firstMemory(isRight, recall));
    return;
  }
  const days = Math.max(0, wholeDays(skill.lastAt, at));
  if (days > 0 || rules === 2) ({ stability: skill.stability, difficulty: skill.difficulty } = nextMemory(skill, days, isRight, recall));
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
