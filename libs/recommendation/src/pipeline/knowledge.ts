// Stage 2: what the learner knows of each needed skill now, for choosing and for declaring. Two estimates: what chooses best declares too
// easily. Evidence on neighbours in the course's graph counts here, when choosing, and not in the fold, which needs no course.
import type { Instant } from '@trellis/event-sourcing';
import { bktOf, type Calibration } from '@trellis/mastery';
import { newSkill, recallOf, type LearnerState, type SkillState } from '@trellis/views';
import type { CourseMap } from '../course-map.js';

export interface Knowledge {
  /** By number of skill, of needed skills only. */
  readonly states: readonly SkillState[];
  /** P(known) with what its neighbours tell. */
  readonly mastery: Float64Array;
  /** P(remembered now), 1 for what was never learned. */
  readonly recall: Float64Array;
  /** P(known and remembered now). */
  readonly now: Float64Array;
  /** 1: counts as mastered and needs no review. */
  readonly declared: Uint8Array;
  /** The mark that declares. */
  readonly marks: Float64Array;
}

export interface Question {
  readonly state: LearnerState;
  readonly map: CourseMap;
  readonly needed: ReadonlySet<number>;
  readonly calibration: Calibration;
  readonly now: Instant;
  /** Of the strategy; null: the course's, else the calibration's. */
  readonly masteryAt: number | null;
}

/** How much a neighbour's answers move a skill without answers of its own, in logits of P(known); less with each answer of its own. */
const SPREAD = 0.25;
/** A neighbour's neighbour, of those that build on the skill. */
const SPREAD_FURTHER = 0.5;
const SPREAD_MAX = 3;
const KNOWN_MIN = 0.001;
const KNOWN_MAX = 0.999;
/** What a teacher attests. */
const ATTESTED = { known: 0.999, unknown: 0.3 };

export function knowledgeOf({ state, map, needed, calibration, now, masteryAt }: Question): Knowledge {
  const size = map.skills.length;
  const unseen = newSkill(calibration);
  const states = map.skills.map(({ skill: { id } }) => state.skills.get(id) ?? (calibration.skills.has(id) ? newSkill(calibration, id) : unseen));
  const evidence = evidenceOf(states, map, calibration);
  const attested = new Map(state.plan.attested.map(({ skill, mastered }) => [skill, mastered]));
  const certified = new Set(state.plan.certified.map(({ skill }) => skill));
  const mastery = new Float64Array(size);
  const recall = new Float64Array(size);
  const known = new Float64Array(size);
  const declared = new Uint8Array(size);
  const marks = new Float64Array(size);
  for (const number of needed) {
    const skill = states[number] ?? unseen;
    const { id, masteryAt: ofCourse } = map.skills[number]?.skill ?? {};
    const mark = masteryAt ?? ofCourse ?? calibration.masteredAt;
    const remembered = recallOf(skill, now, calibration) ?? 1;
    const word = id === undefined ? undefined : attested.get(id);
    let m = sigmoid(logit(skill.known) + spread(map, number, evidence, skill.answers));
    if (word === true) m = ATTESTED.known;
    if (word === false) m = Math.min(m, ATTESTED.unknown);
    mastery[number] = m;
    recall[number] = remembered;
    known[number] = m * remembered;
    marks[number] = mark;
    const isMastered = word ?? (1 - skill.unrecalled >= mark || (id !== undefined && certified.has(id)));
    declared[number] = isMastered && remembered >= calibration.reviewBelow ? 1 : 0;
  }
  return { states, mastery, recall, now: known, declared, marks };
}

/** Log likelihood ratio of known against not known that a skill's own answers give; 0 without answers. */
function evidenceOf(states: readonly SkillState[], map: CourseMap, calibration: Calibration): Float64Array {
  const evidence = new Float64Array(states.length);
  for (const [number, { answers, right }] of states.entries()) {
    if (answers === 0) continue;
    const { slip, guess } = bktOf(calibration, map.skills[number]?.skill.id ?? '');
    evidence[number] = right * Math.log((1 - slip) / guess) + (answers - right) * Math.log(slip / (1 - guess));
  }
  return evidence;
}

function spread(map: CourseMap, number: number, evidence: Float64Array, answers: number): number {
  const skill = map.skills[number];
  if (skill === undefined) return 0;
  let sum = 0;
  for (const next of skill.successors) {
    sum += evidence[next] as number;
    for (const further of map.skills[next]?.successors ?? []) sum += SPREAD_FURTHER * (evidence[further] as number);
  }
  for (const { skill: before } of skill.prerequisites) sum += evidence[before] as number;
  return (SPREAD / (1 + answers)) * Math.min(SPREAD_MAX, Math.max(-SPREAD_MAX, sum));
}

function logit(probability: number): number {
  const p = Math.min(KNOWN_MAX, Math.max(KNOWN_MIN, probability));
  return Math.log(p / (1 - p));
}

function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
