// Stage 2: what the learner knows of each needed skill now, for choosing and for declaring. Two estimates: what chooses best declares too
// easily. Evidence on neighbours in the course's graph counts here, when choosing, and not in the fold, which needs no course.
import type { Instant } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';
import { bktOf, type Calibration } from '@trellis/mastery';
import { newSkill, recallOf, type LearnerState, type SkillState } from '@trellis/views';
import type { CourseMap, MappedSkill } from '../course-map.js';

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { exp, log, max, min } = Math;

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
  /** The needed skills, in learning order. */
  readonly path: readonly number[];
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

export function knowledgeOf({ state, map, path, calibration, now, masteryAt }: Question): Knowledge {
  const size = map.skills.length;
  const fresh = freshSkills(map, calibration);
  const states = statesOf(state, fresh, map);
  const { evidence, isReached } = evidenceOf(states, fresh, map);
  const attested = wordsOn(state.plan.attested, map);
  const certified = wordsOn(state.plan.certified, map);
  const mastery = new Float64Array(size);
  const recall = new Float64Array(size);
  const known = new Float64Array(size);
  const declared = new Uint8Array(size);
  const marks = new Float64Array(size);
  for (const number of path) {
    const skill = states[number] as SkillState;
    const mark = masteryAt ?? (map.skills[number] as MappedSkill).skill.masteryAt ?? calibration.masteredAt;
    const remembered = recallOf(skill, now, calibration) ?? 1;
    const word = attested?.get(number)?.mastered;
    let m = fresh.mastery[number] as number;
    if (isReached[number] === 1) m = sigmoid(logit(skill.known) + spread(map.skills[number] as MappedSkill, map, evidence, skill.answers));
    else if (skill !== fresh.states[number]) m = sigmoid(logit(skill.known));
    if (word === true) m = ATTESTED.known;
    if (word === false) m = min(m, ATTESTED.unknown);
    mastery[number] = m;
    recall[number] = remembered;
    known[number] = m * remembered;
    marks[number] = mark;
    const isMastered = word ?? (1 - skill.unrecalled >= mark || certified?.has(number) === true);
    declared[number] = isMastered && remembered >= calibration.reviewBelow ? 1 : 0;
  }
  return { states, mastery, recall, now: known, declared, marks };
}

/** Of most learners only what was practised has to be looked up. */
function statesOf({ skills }: Pick<LearnerState, 'skills'>, fresh: FreshSkills, map: CourseMap): readonly SkillState[] {
  const states = fresh.states.slice();
  if (skills.hasPriors) {
    for (let number = 0; number < states.length; number++) states[number] = skills.get((map.skills[number] as MappedSkill).skill.id) ?? (states[number] as SkillState);
    return states;
  }
  for (const [id, skill] of skills) {
    const number = map.numberOf.get(id);
    if (number !== undefined) states[number] = skill;
  }
  return states;
}

/** By number of skill; null where nothing was said. */
function wordsOn<Word extends { readonly skill: SkillId }>(words: readonly Word[], { numberOf }: CourseMap): ReadonlyMap<number, Word> | null {
  return words.length === 0 ? null : new Map(words.flatMap((word): readonly [number, Word][] => {
    const number = numberOf.get(word.skill);
    return number === undefined ? [] : [[number, word]];
  }));
}

/** Of a course under a calibration: its skills before anything was answered, and what a graded answer tells of each, in logits of P(known). */
export interface FreshSkills {
  readonly states: readonly SkillState[];
  readonly mastery: Float64Array;
  readonly learn: Float64Array;
  readonly byRight: Float64Array;
  readonly byWrong: Float64Array;
}

const freshOf = new WeakMap<CourseMap, WeakMap<Calibration, FreshSkills>>();

/** Made once; whoever reads a state of it changes nothing. */
export function freshSkills(map: CourseMap, calibration: Calibration): FreshSkills {
  const ofMap = freshOf.get(map) ?? new WeakMap<Calibration, FreshSkills>();
  const made = ofMap.get(calibration);
  if (made !== undefined) return made;
  const states = map.skills.map(({ skill: { id } }) => newSkill(calibration, id));
  const parameters = map.skills.map(({ skill: { id } }) => bktOf(calibration, id));
  const fresh: FreshSkills = {
    states,
    mastery: Float64Array.from(states, ({ known }) => sigmoid(logit(known))),
    learn: Float64Array.from(parameters, ({ learn }) => learn),
    byRight: Float64Array.from(parameters, ({ slip, guess }) => log((1 - slip) / guess)),
    byWrong: Float64Array.from(parameters, ({ slip, guess }) => log(slip / (1 - guess))),
  };
  freshOf.set(map, ofMap.set(calibration, fresh));
  return fresh;
}

/** Log likelihood ratio of known against not known that a skill's own answers give, 0 without answers; and which skills hear of any. */
function evidenceOf(states: readonly SkillState[], { byRight, byWrong }: FreshSkills, { skills }: CourseMap): { readonly evidence: Float64Array; readonly isReached: Uint8Array } {
  const evidence = new Float64Array(states.length);
  const isReached = new Uint8Array(states.length);
  for (let number = 0; number < states.length; number++) {
    const { answers, right } = states[number] as SkillState;
    if (answers === 0) continue;
    evidence[number] = right * (byRight[number] as number) + (answers - right) * (byWrong[number] as number);
    const skill = skills[number] as MappedSkill;
    for (const next of skill.successors) isReached[next] = 1;
    for (const before of skill.before) {
      isReached[before] = 1;
      for (const further of (skills[before] as MappedSkill).before) isReached[further] = 1;
    }
  }
  return { evidence, isReached };
}

function spread({ successors, before }: MappedSkill, { skills }: CourseMap, evidence: Float64Array, answers: number): number {
  let sum = 0;
  for (const next of successors) {
    sum += evidence[next] as number;
    for (const further of (skills[next] as MappedSkill).successors) sum += SPREAD_FURTHER * (evidence[further] as number);
  }
  for (const number of before) sum += evidence[number] as number;
  return (SPREAD / (1 + answers)) * min(SPREAD_MAX, max(-SPREAD_MAX, sum));
}

function logit(probability: number): number {
  const p = min(KNOWN_MAX, max(KNOWN_MIN, probability));
  return log(p / (1 - p));
}

function sigmoid(value: number): number {
  return 1 / (1 + exp(-value));
}
