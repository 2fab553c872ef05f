// A short diagnostic: which question splits the uncertainty best through the graph, and when enough was asked.
import type { CourseId, ItemId, ObjectiveId, SkillId } from '@trellis/learning';
import { bktOf, type Calibration } from '@trellis/mastery';
import { hash48, type LearnerState } from '@trellis/views';
import { neededSkills, type CourseMap, type Needed } from '../course-map.js';
import { beliefOf, type Belief, type Evidence } from './belief.js';

/** One answer of this diagnostic. */
export interface PlacementAnswer {
  readonly item: ItemId;
  readonly skills: readonly SkillId[];
  /** Null: not graded; it tells nothing. */
  readonly score: number | null;
  readonly durationMs?: number;
}

export interface PlacementInput {
  readonly map: CourseMap;
  readonly calibration: Calibration;
  /** What the learner answered before the diagnostic counts as well. */
  readonly state: LearnerState;
  readonly objective?: ObjectiveId;
  /** Of this diagnostic, in their order. */
  readonly answers: readonly PlacementAnswer[];
  readonly seed: number;
}

export type PlacementStop = 'sure-enough' | 'enough-asked' | 'tired' | 'nothing-to-ask';

export type NextQuestion =
  | { readonly item: ItemId; readonly skill: SkillId; /** What the answer is expected to tell of all skills together. */ readonly informationBits: number; readonly asked: number; readonly unsure: number }
  | { readonly concluded: PlacementStop };

export interface PlacementConclusion {
  readonly course: CourseId;
  readonly priors: readonly PlacedSkill[];
  readonly questions: number;
  readonly why: PlacementStop;
}

/** P(known) of a skill, and where that comes from. */
export interface PlacedSkill {
  readonly skill: SkillId;
  readonly known: number;
  readonly basis: 'asked' | 'builds-on-it' | 'it-builds-on' | 'assumed';
  /** The asked skill that tells of this one. */
  readonly through?: SkillId;
}

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { log2 } = Math;

/** Sure of a skill: P(known) outside of this range. */
const UNSURE = { from: 0.15, to: 0.85 };
/** Enough is known when at most this share of the skills is unsure. */
const UNSURE_SHARE = 0.08;
const QUESTIONS_MIN = 4;
const QUESTIONS_MIN_LARGE = 15;
const QUESTIONS_MAX = 30;
/** A question that tells less than this is not worth asking. */
const BITS_MIN = 0.12;
/** Tired: so many of the last answers came too fast to be thought about, or so many in a row were wrong after the least that has to be asked. */
const TIRED = { lastAnswers: 6, rapid: 4, rapidMs: 1_000, wrong: 7 };
/** Skills whose information is worked out over all others; the rest is less uncertain. */
const CLOSER_LOOKS = 24;
const KNOWN_MIN = 0.02;

export function nextQuestion(input: PlacementInput): NextQuestion {
  const needs = needsOf(input);
  const belief = believed(input, needs);
  const stop = stopOf(input, belief);
  if (stop !== null) return { concluded: stop };
  let best: { readonly item: ItemId; readonly skill: SkillId; readonly bits: number } | null = null;
  for (const place of byUncertainty(belief).slice(0, CLOSER_LOOKS)) {
    const skill = input.map.skills[belief.skills[place] as number];
    const item = skill === undefined ? null : questionFor(input, skill.number);
    if (skill === undefined || item === null) continue;
    const bits = information(belief, place, bktOf(input.calibration, skill.skill.id));
    if (best === null || bits > best.bits) best = { item, skill: skill.skill.id, bits };
  }
  if (best === null) return { concluded: 'nothing-to-ask' };
  if (best.bits < BITS_MIN && input.answers.length >= leastAsked(belief)) return { concluded: 'sure-enough' };
  return { item: best.item, skill: best.skill, informationBits: best.bits, asked: input.answers.length, unsure: unsure(belief) };
}

export function conclusion(input: PlacementInput, why: PlacementStop): PlacementConclusion {
  const needs = needsOf(input);
  const belief = believed(input, needs);
  const asked = new Map<number, boolean>();
  for (const { skills, score } of input.answers) for (const skill of skills) if (score !== null) asked.set(input.map.numberOf.get(skill) ?? -1, score >= 0.5);
  return { course: input.map.course.id, priors: Array.from(belief.skills, (number, place) => placed(input.map, number, belief.known[place] as number, asked)), questions: input.answers.length, why };
}

function placed(map: CourseMap, number: number, p: number, asked: ReadonlyMap<number, boolean>): PlacedSkill {
  const skill = map.skills[number]?.skill.id ?? ('' as SkillId);
  const known = Math.min(1 - KNOWN_MIN, Math.max(KNOWN_MIN, p));
  if (asked.has(number)) return { skill, known, basis: 'asked' };
  // A right answer tells of what it builds on, a wrong one of what builds on it.
  const above = reached(map, number, 'successors', (other) => asked.get(other) === true);
  const below = reached(map, number, 'prerequisites', (other) => asked.get(other) === false);
  const through = known >= 0.5 ? above : below;
  const other = through ?? above ?? below;
  if (other === null) return { skill, known, basis: 'assumed' };
  return { skill, known, basis: other === above ? 'builds-on-it' : 'it-builds-on', through: map.skills[other]?.skill.id ?? skill };
}

/** The nearest skill in one direction of the graph for which it is so. */
function reached(map: CourseMap, from: number, direction: 'successors' | 'prerequisites', isIt: (number: number) => boolean): number | null {
  const seen = new Set([from]);
  for (const number of seen) {
    const skill = map.skills[number];
    const onward = direction === 'successors' ? (skill?.successors ?? []) : (skill?.prerequisites.map((link) => link.skill) ?? []);
    for (const other of onward) {
      if (isIt(other)) return other;
      seen.add(other);
    }
  }
  return null;
}

function needsOf({ map, objective }: PlacementInput): Needed {
  return neededSkills(map, objective);
}

function believed({ map, calibration, state, answers, seed }: PlacementInput, { needed }: Needed): Belief {
  const evidence = new Map<number, number>();
  const add = (skill: SkillId, right: number, wrong: number): void => {
    const number = map.numberOf.get(skill);
    if (number === undefined) return;
    const { slip, guess } = bktOf(calibration, skill);
    evidence.set(number, (evidence.get(number) ?? 0) + right * Math.log((1 - slip) / guess) + wrong * Math.log(slip / (1 - guess)));
  };
  const here = new Map<SkillId, number>();
  for (const { skills, score } of answers) {
    if (score === null) continue;
    for (const skill of skills) {
      add(skill, score, 1 - score);
      here.set(skill, (here.get(skill) ?? 0) + 1);
    }
  }
  // The fold has taken in the diagnostic's answers too: what is left was before.
  for (const [skill, { known, answers: all }] of state.skills) {
    const number = map.numberOf.get(skill);
    if (number === undefined || all <= (here.get(skill) ?? 0)) continue;
    const { prior } = bktOf(calibration, skill);
    evidence.set(number, (evidence.get(number) ?? 0) + clampedLogit(known) - clampedLogit(prior));
  }
  const bounded: Evidence = new Map([...evidence].map(([number, value]) => [number, Math.min(EVIDENCE_MAX, Math.max(-EVIDENCE_MAX, value))]));
  return beliefOf({ map, needed, calibration, evidence: bounded, seed });
}

/** Beyond, a skill is certain, and only the sampler would suffer. */
const EVIDENCE_MAX = 8;

function clampedLogit(p: number): number {
  const clamped = Math.min(0.999, Math.max(0.001, p));
  return Math.log(clamped / (1 - clamped));
}

function stopOf({ answers }: PlacementInput, belief: Belief): PlacementStop | null {
  if (belief.skills.length === 0) return 'nothing-to-ask';
  if (answers.length >= QUESTIONS_MAX) return 'enough-asked';
  const last = answers.slice(-TIRED.lastAnswers);
  if (last.filter(({ durationMs = Infinity }) => durationMs < TIRED.rapidMs).length >= TIRED.rapid) return 'tired';
  if (answers.length < leastAsked(belief)) return null;
  const wrong = answers.slice(-TIRED.wrong);
  if (wrong.length === TIRED.wrong && wrong.every(({ score }) => score !== null && score < 0.5)) return 'tired';
  return unsure(belief) <= UNSURE_SHARE * belief.skills.length ? 'sure-enough' : null;
}

function leastAsked({ skills: { length } }: Belief): number {
  return Math.min(QUESTIONS_MIN_LARGE, Math.max(Math.min(QUESTIONS_MIN, length), Math.ceil(Math.sqrt(length))));
}

function unsure({ known }: Belief): number {
  return known.reduce((count, p) => count + (p > UNSURE.from && p < UNSURE.to ? 1 : 0), 0);
}

function byUncertainty({ known }: Belief): readonly number[] {
  return Array.from(known.keys()).sort((a, b) => Math.abs((known[a] as number) - 0.5) - Math.abs((known[b] as number) - 0.5) || a - b);
}

/** Expected bits about each skill, summed over all: what makes a question in the middle of the graph worth more than one at its rim. */
function information({ states, skills }: Belief, place: number, { slip, guess }: { readonly slip: number; readonly guess: number }): number {
  const count = states.length;
  let knows = 0;
  for (const state of states) knows += state[place] as number;
  const right = (knows / count) * (1 - slip) + (1 - knows / count) * guess;
  let bits = 0;
  for (let other = 0; other < skills.length; other++) {
    let both = 0;
    let has = 0;
    for (let n = 0; n < count; n++) {
      const state = states[n] as Uint8Array;
      const x = state[other] as number;
      has += x;
      both += x & (state[place] as number);
    }
    if (has === 0 || has === count) continue;
    const rightIf = (known: number, of: number): number => (known / of) * (1 - slip) + (1 - known / of) * guess;
    const withIt = rightIf(both, has);
    const without = rightIf(knows - both, count - has);
    bits += entropy(right) - (has / count) * entropy(withIt) - (1 - has / count) * entropy(without);
  }
  return bits;
}

function entropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -(p * log2(p) + (1 - p) * log2(1 - p));
}

/** An item that grades itself and was not asked: assessment items before practice, of middle difficulty before the rest, of one skill before several. */
function questionFor({ map, state, answers }: PlacementInput, number: number): ItemId | null {
  const skill = map.skills[number]?.skill.id;
  const asked = new Set(answers.map(({ item }) => item));
  let best: { readonly id: ItemId; readonly cost: number } | null = null;
  for (const { id, skills, kind, key, difficulty = 0 } of skill === undefined ? [] : (itemsOf(map).get(skill) ?? [])) {
    if (key === undefined || asked.has(id)) continue;
    const cost = (kind === 'assessment' ? 0 : 1) + (state.items.get(hash48(id)) === null ? 0 : 1) + 0.5 * (skills.length - 1) + 0.25 * Math.abs(difficulty);
    if (best === null || cost < best.cost) best = { id, cost };
  }
  return best?.id ?? null;
}

const bySkill = new WeakMap<CourseMap, ReadonlyMap<SkillId, CourseMap['course']['content']['items']>>();

/** Every item but lessons, by skill. */
export function itemsOf(map: CourseMap): ReadonlyMap<SkillId, CourseMap['course']['content']['items']> {
  const known = bySkill.get(map);
  if (known !== undefined) return known;
  const made = new Map<SkillId, CourseMap['course']['content']['items'][number][]>();
  for (const item of map.course.content.items) {
    if (item.kind === 'lesson') continue;
    for (const skill of item.skills) made.set(skill, [...(made.get(skill) ?? []), item]);
  }
  bySkill.set(map, made);
  return made;
}
