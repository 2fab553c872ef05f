// Policies 1 and 2: of the skills that the goal needs, those the learner can reach now, valued by what they lead to, how ready the learner is
// and how much is left to learn. They differ in the estimates that they rest on. A change in what one chooses is a new version beside it.
import type { ChosenItem, Reason } from '@trellis/learning';
import { seeded } from '@trellis/mastery';
import { newSkill, openDecisions, wrongInARow, type LearnerState, type SkillState } from '@trellis/views';
import { neededSkills, type CourseMap, type MappedItem, type MappedSkill } from './course-map.js';
import { pacing } from './pacing.js';
import { reason } from './reasons.js';
import { draw, drawProbabilities } from './drawing.js';
import type { Estimates } from './estimates.js';
import type { Candidate, Choice, Judged, Situation } from './situation.js';

/** P(known) of every prerequisite from which a skill is within reach. */
const READY_AT = { hard: 0.8, soft: 0.5 } as const;
/** How much a doubtful prerequisite takes from a skill's value, per unit of doubt. */
const READINESS = 1.1;
/** What part of a successor's value flows to the skill that leads to it, and where value ends. */
const VALUE_FLOW = 0.3;
const VALUE_MAX = 2;
/** A review is worth so much of what learning the whole skill would be. */
const REVIEW_WORTH = 0.3;
/** Another item of a skill that is already among the chosen. */
const SAME_SKILL_AGAIN = 0.7;
/** A skill that was begun, so that it is finished before many others are opened. */
const BEGUN = 1.5;
/** What each candidate loses to the one before it in learning order: the course's order decides among equals. */
const COURSE_ORDER = 0.97;
/** The probability of a right answer at which an item is placed. */
const PREDICTION_AIM = 0.65;
/** Answers after which an item may come again, while the skill has others. */
const REPEAT_AFTER = 10;
const EXPLORATION = { temperature: 0.05, share: 0.05, plausibleFrom: 0.1 };

const DAY_MS = 24 * 3_600_000;

export function policyBy(estimates: Estimates): (situation: Situation) => Choice {
  return (given) => {
    const situation = { ...given, estimates };
    const { targets, needed } = neededSkills(situation.map, situation.objective);
    const candidates = candidatesOf(situation, targets, needed);
    const items = drawItems(situation, candidates);
    return { pacing: pacing(situation, { needed, candidates, items }), items };
  };
}

function candidatesOf({ state, map, calibration, now, estimates }: Judged, targets: ReadonlySet<number>, needed: ReadonlySet<number>): readonly Candidate[] {
  const unseen = newSkill(calibration);
  // Most skills of a course are unseen, and most of these have no parameters of their own.
  const seen = map.skills.map(({ skill: { id } }) => state.skills.get(id) ?? (calibration.skills.has(id) ? newSkill(calibration, id) : unseen));
  const at = (number: number): SkillState => seen[number] ?? unseen;
  const masteredAt = (skill: MappedSkill): number => skill.skill.masteryAt ?? calibration.masteredAt;
  // What cannot be practised never becomes known.
  const isUnpractisable = (number: number): boolean => map.skills[number]?.practice.length === 0;
  const worth = valueFlow(map, targets, needed, (number) => at(number).known);
  const open: Candidate[] = [];
  const paused: Candidate[] = [];
  for (const number of map.learningOrder) {
    const skill = map.skills[number];
    if (skill === undefined || !needed.has(number) || skill.practice.length + skill.lessons.length === 0) continue;
    const known = at(number);
    const mark = masteredAt(skill);
    const mastered = estimates.isMastered(known, mark);
    if (mastered && (known.answers === 0 || !estimates.isReviewDue(known, now, calibration))) continue;
    const reachable = skill.prerequisites.every((link) => isReady(at(link.skill), link.strength) || (link.strength === 'soft' && isUnpractisable(link.skill)));
    if (!mastered && !reachable) continue;
    const doubt = skill.prerequisites.reduce((sum, link) => sum + 1 - at(link.skill).known, 0);
    const left = mastered ? REVIEW_WORTH : (1 - known.known) * (known.answers > 0 ? BEGUN : 1);
    const value = (worth[number] ?? 1) * Math.exp(-READINESS * doubt) * left;
    const action = mastered ? 'review' : known.answers === 0 ? 'learn' : 'practise';
    const resting = known.pausedUntil > state.answers;
    (resting ? paused : open).push({ skill, known, masteredAt: mark, action, value });
  }
  // A skill that was given up comes back early only when nothing else is left to do.
  const candidates = open.length > 0 ? open : paused;
  return candidates.map((candidate, rank) => ({ ...candidate, value: candidate.value * COURSE_ORDER ** rank }));
}

/** A soft prerequisite that was put aside after repeated failure does not hold up what comes after it. */
function isReady({ known, pauses }: SkillState, strength: keyof typeof READY_AT): boolean {
  return known >= READY_AT[strength] || (strength === 'soft' && pauses > 0);
}

/** What each skill is worth for the goal: its own place in it, and a share of what it leads to and is not known yet. */
function valueFlow(map: CourseMap, targets: ReadonlySet<number>, needed: ReadonlySet<number>, known: (skill: number) => number): readonly number[] {
  const worth = new Array<number>(map.skills.length).fill(0);
  for (const number of map.learningOrder.toReversed()) {
    const onward = (map.skills[number]?.successors ?? []).filter((next) => needed.has(next));
    const flowing = onward.reduce((sum, next) => sum + (worth[next] ?? 0) * (1 - known(next)), 0);
    worth[number] = Math.min(VALUE_MAX, (targets.has(number) ? 1 : 0) + VALUE_FLOW * flowing);
  }
  return worth;
}

function drawItems(situation: Judged, candidates: readonly Candidate[]): readonly ChosenItem[] {
  const random = seeded(situation.seed);
  const taken = new Set<number>();
  const chosen: ChosenItem[] = [];
  let left = candidates.map((candidate) => ({ candidate, value: candidate.value }));
  while (chosen.length < situation.count) {
    // First without those whose items are all among the chosen, so that what is logged is the probability of this very draw.
    left = left.filter(({ candidate }) => hasItem(situation, candidate, taken));
    if (left.length === 0) break;
    const probabilities = drawProbabilities(left.map(({ value }) => value), EXPLORATION);
    const at = draw(probabilities, random());
    const drawn = left[at];
    const item = drawn === undefined ? null : itemFor(situation, drawn.candidate, taken);
    if (drawn === undefined || item === null) break;
    taken.add(item.hash);
    chosen.push(chosenItem(situation, drawn.candidate, { item, probability: probabilities[at] ?? 0 }));
    drawn.value *= SAME_SKILL_AGAIN;
  }
  return chosen;
}

/** Whether `itemFor` finds one. */
function hasItem({ state }: Judged, { skill, known }: Candidate, taken: ReadonlySet<number>): boolean {
  return toPractise(skill).some(({ hash }) => !taken.has(hash)) || (known.answers === 0 && skill.lessons.some((lesson) => isFresh(state, lesson, taken)));
}

/** A lesson that was neither answered nor offered lately: whoever has seen it goes on to practise without telling us. */
function isFresh({ items, offered }: LearnerState, { hash }: MappedItem, taken: ReadonlySet<number>): boolean {
  return !taken.has(hash) && items.get(hash) === null && !offered.some((decision) => decision.items.includes(hash));
}

/** Its practice items; of a skill that has none, its lessons. */
function toPractise({ practice, lessons }: MappedSkill): readonly MappedItem[] {
  return practice.length > 0 ? practice : lessons;
}

/** The least used item, then the one whose prediction is nearest to the aim, then the first in the course. */
function itemFor(situation: Judged, { skill, known }: Candidate, taken: ReadonlySet<number>): MappedItem | null {
  const { state } = situation;
  const lesson = known.answers === 0 ? skill.lessons.find((each) => isFresh(state, each, taken)) : undefined;
  if (lesson !== undefined) return lesson;
  const offered = openDecisions(state).flatMap(({ items }) => items);
  const free = toPractise(skill).filter(({ hash }) => !taken.has(hash));
  const rested = free.filter(({ hash }) => state.answers - (state.items.get(hash)?.lastAnswer ?? -REPEAT_AFTER) >= REPEAT_AFTER);
  let best: MappedItem | null = null;
  let bestUse = Infinity;
  let bestDistance = Infinity;
  for (const item of rested.length > 0 ? rested : leastRecent(free, state)) {
    const use = (state.items.get(item.hash)?.attempts ?? 0) + offered.filter((hash) => hash === item.hash).length;
    const distance = Math.abs(predictionOf(situation, item) - PREDICTION_AIM);
    if (use > bestUse || (use === bestUse && distance >= bestDistance)) continue;
    [best, bestUse, bestDistance] = [item, use, distance];
  }
  return best;
}

/** Everything was answered just now: the item that lies back longest. */
function leastRecent(items: readonly MappedItem[], state: LearnerState): readonly MappedItem[] {
  const last = ({ hash }: MappedItem): number => state.items.get(hash)?.lastAnswer ?? 0;
  const oldest = Math.min(...items.map(last));
  return items.filter((item) => last(item) === oldest);
}

function predictionOf({ state, calibration, estimates }: Judged, { item }: MappedItem): number {
  return estimates.prediction(state, item, calibration);
}

function chosenItem(situation: Judged, candidate: Candidate, drawn: { readonly item: MappedItem; readonly probability: number }): ChosenItem {
  return {
    item: drawn.item.item.id,
    skills: drawn.item.item.skills,
    action: candidate.action,
    prediction: predictionOf(situation, drawn.item),
    probability: drawn.probability,
    reason: reasonFor(situation, candidate, drawn.item),
  };
}

function reasonFor({ now, calibration, estimates }: Judged, { skill: { skill }, known, masteredAt, action }: Candidate, { item }: MappedItem): Reason {
  const title = skill.title;
  switch (action) {
    case 'learn':
      return reason(item.kind === 'lesson' ? 'begin-with-lesson' : 'begin-skill', { skill: skill.id, title });
    case 'review':
      return reason('review-due', { skill: skill.id, title, days: Math.floor((now - known.lastAt) / DAY_MS) });
    case 'practise':
      if (known.pauses > 0 && wrongInARow(known, calibration.wheelSpin) === 0 && !estimates.isMastered(known, masteredAt)) {
        return reason('after-a-pause', { skill: skill.id, title, mastery: known.known, goal: masteredAt });
      }
      return reason('keep-practising', { skill: skill.id, title, mastery: known.known, goal: masteredAt });
  }
}
