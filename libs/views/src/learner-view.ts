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
import { bktOf, easinessOf, evidence, firstMemory, observePlacement, reviewOne, traceUnknown, wholeDays, type BktParameters, type Calibration, type WheelSpin } from '@trellis/mastery';
import { isThought, type FoldRules } from './answer-weight.js';
import { arranged, inOrder, isDated, isLate, orderOf } from './fold-order.js';
import { hash48 } from './item-table.js';
import { learnerRow } from './learner-row.js';
import { ENROLMENTS_MAX, newLearner, OFFERED_MAX, recallOf, wrongInARow, type LearnerState } from './learner-state.js';
import { AWAITED_MAX, toldAfter, type Told } from './learner-told.js';
import type { SkillState } from './skill-table.js';
import { beginSitting, SITTING_GAP_MS } from './sitting.js';

/** Raise it with any change of what the fold makes of the same events: rows of another version are folded again. */
const FOLD_VERSION = 3;

export const LEARNER_VIEW = 'learner';

/** What an answer tells the fold. */
const ANSWER_MEMBERS = { item: true, skills: true, score: true, attempt: true, hints: true, durationMs: true, recommendation: true } as const;
type Answer = Pick<AnswerData, keyof typeof ANSWER_MEMBERS>;

/** `calibrationOf`: the one in force now. A state that was folded by another is folded again. */
export function learnerView(calibrationOf: (tenant: TenantId) => Calibration, rules: FoldRules = 2): Projection<LearnerState> {
  const forKey = (key: string): Calibration => calibrationOf(splitKey(key).tenant);
  const tenantOf = tenantsInTurn();
  return {
    name: LEARNER_VIEW,
    versionFor: (key) => versionOf(forKey(key)),
    versionOf: ({ calibration }) => versionOf(calibration),
    prefix: LEARNER_PREFIX,
    initial: (key) => newLearner(forKey(key)),
    // The rest of a decision is reasons, many times as long.
    reads: { AnswerGiven: ANSWER_MEMBERS, RecommendationMade: { items: { item: true } } },
    fold: (state, event) => (state.calibration === calibrationOf(tenantOf(event)) ? fold(state, event, rules) : 'late'),
    arrange: arranged,
    refold: (key, events) => refold(events, newLearner(forKey(key)), rules),
    encode: learnerRow.encode,
    decode: (bytes, key) => learnerRow.decode(bytes, forKey(key)),
  };
}

/** Every event of every learner comes by here, and most are of the tenant of the one before: its name is taken apart when another one comes. */
function tenantsInTurn(): (event: Envelope) => TenantId {
  let tenant = '' as TenantId;
  // A learner's stream is the prefix, the tenant, a dot and the learner.
  let begin = LEARNER_PREFIX + '.';
  return ({ stream }) => {
    if (stream.startsWith(begin)) return tenant;
    const dot = stream.indexOf('.', LEARNER_PREFIX.length);
    begin = stream.slice(0, dot + 1);
    return (tenant = stream.slice(LEARNER_PREFIX.length, dot) as TenantId);
  };
}

function versionOf({ id }: Calibration): string {
  return `${FOLD_VERSION}/${id}`;
}

function fold(state: LearnerState, event: Envelope, rules: FoldRules): LearnerState | 'late' {
  const { type } = event;
  if (isCorrection(type)) return 'late';
  if (isDated(type)) {
    if (state.newest !== null && isLate(event, state.newest)) return 'late';
    if (isAwaited(state.told, event.id)) return 'late';
    observe(state, event, rules);
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
  for (const event of dated) observe(state, event, rules);
  for (const event of decisions) decide(state, event);
  if (awaited.length > 0) state.told = { ...state.told, awaited };
  return state;
}

function observe(state: LearnerState, event: Envelope, rules: FoldRules): void {
  const { newest, sitting } = state;
  const { occurredAt: at, sequence } = event.meta;
  if (newest === null || at - newest.at > SITTING_GAP_MS) beginSitting(sitting, at);
  if (newest === null) state.newest = orderOf(event);
  else {
    newest.at = at;
    newest.sequence = sequence ?? 0;
    newest.id = event.id;
  }
  // A type names the shape of its data: the codec has brought it to today's schema.
  if (event.type === 'AnswerGiven') answered(state, event.data as Answer, at, rules);
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

function answered(state: LearnerState, data: Answer, at: Instant, rules: FoldRules): void {
  const { calibration, sitting } = state;
  state.answers++;
  const item = hash48(data.item);
  const counts = isThought(sitting, at, data, rules);
  state.items.add(item, counts && data.score !== null && data.score >= 0.5, state.answers);
  state.recent.push({ item, recommendation: data.recommendation === undefined ? 0 : hash48(data.recommendation) });
  const score = counts ? evidence(data) : null;
  if (score === null) return;
  sitting.wrongInARow = score >= 0.5 ? 0 : sitting.wrongInARow + 1;
  if (state.current !== null && isSame(state.current.skills, data.skills)) state.current.run++;
  else state.current = { skills: data.skills, run: 1 };
  // One that grows has room for many more than it holds.
  const skills = new Array<SkillState>(data.skills.length);
  for (let n = 0; n < skills.length; n++) skills[n] = state.skills.practise(data.skills[n] as SkillId);
  observePlacement(state, skills, score, easinessOf(calibration, data.item, data.skills), calibration.ability);
  // Every skill of the item is traced as if the answer had asked for it alone: the usual reading of logs in which one
  // answer has several skills (Gong, Beck & Heffernan, 2010, "Comparing knowledge tracing and performance factor analysis").
  const isRight = score >= 0.5;
  for (let n = 0; n < skills.length; n++) {
    const skill = skills[n] as SkillState;
    trace(skill, score, bktOf(calibration, data.skills[n] as SkillId), recallOf(skill, at, calibration) ?? 1);
    remember(skill, isRight, at, calibration, rules);
    if (!isRight) pauseIfStuck(skill, state.answers, calibration.wheelSpin);
  }
}

function isSame(a: readonly SkillId[], b: readonly SkillId[]): boolean {
  if (a.length !== b.length) return false;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}

function trace(skill: SkillState, score: number, bkt: BktParameters, recalled: number): void {
  skill.unknown = traceUnknown(skill.unknown, score, bkt);
  skill.known = 1 - skill.unknown;
  skill.unrecalled = Math.fround(traceUnknown(1 - (1 - skill.unrecalled) * recalled, score, bkt));
  if (score >= 0.5) skill.right++;
}

/** Every graded answer is a review. Rules 1 began when the skill was first mastered, and counted one a day. */
function remember(skill: SkillState, isRight: boolean, at: Instant, { recall, masteredAt }: Calibration, rules: FoldRules): void {
  const days = Math.max(0, wholeDays(skill.lastAt, at));
  skill.lastAt = at;
  if (skill.stability !== 0) {
    if (days > 0 || rules === 2) reviewOne(skill, days, isRight, recall);
  } else if (rules === 2 || skill.known >= masteredAt) {
    ({ stability: skill.stability, difficulty: skill.difficulty } = firstMemory(isRight, recall));
  }
}

/** `answers`: those of the learner up to this one, which was wrong. */
function pauseIfStuck(skill: SkillState, answers: number, wheelSpin: WheelSpin): void {
  if (wrongInARow(skill, wheelSpin) !== 0) return;
  skill.pausedUntil = answers + wheelSpin.pauseAnswers * 2 ** Math.min(skill.pauses, wheelSpin.doublings);
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
