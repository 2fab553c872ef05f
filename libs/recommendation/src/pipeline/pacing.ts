// Stage 7: what to do next besides which item, how much of it, and by when.
import type { Instant } from '@trellis/event-sourcing';
import type { ChosenItem, Pacing, Reason } from '@trellis/learning';
import { reviewAtOf, SITTING_GAP_MS } from '@trellis/views';
import { reason } from '../reasons.js';
import type { Situation } from '../situation.js';
import type { StrategyInForce } from '../strategy-in-force.js';
import type { Eligibility } from './eligible.js';
import { lowMood, sittingWrong } from './fitting.js';
import type { Knowledge } from './knowledge.js';
import type { Aim } from './objective.js';

/** A sitting, where nobody says how long; and no longer than one may be. */
const SITTING_ITEMS = 10;
const SITTING_ITEMS_MAX = 60;
/** For an item whose course does not say, of a learner whose usual time is not known. */
const ITEM_MINUTES = 1;
/** After errors, a low mood or a long sitting: so much of a block is left. */
const SHORTER = 0.5;
/** Minutes after which a sitting is long, where the learner gave it no time of their own. */
const SITTING_MINUTES = 45;
/** Tired: so many times slower than usual, over so many answers, with so many wrong in a row. */
const SLOWED = { times: 2, answers: 8, wrong: 3 };
/** Rushing: so many answers of a sitting came too fast to be thought about. */
const RUSHING = { answers: 5, share: 0.3 };
const MINUTE_MS = 60_000;
/** A usual time is kept as a logarithm. */
const ROUNDING = 1e-6;

export interface Chosen {
  readonly strategy: StrategyInForce;
  readonly aim: Aim;
  readonly knowledge: Knowledge;
  readonly eligible: Eligibility;
  readonly whyKept: (number: number) => Reason;
  readonly items: readonly ChosenItem[];
  /** Every target counts as mastered. */
  readonly isReached: boolean;
  /** And what is chosen now goes beyond it. */
  readonly isBeyond: boolean;
}

export function pacing(situation: Situation, chosen: Chosen): Pacing {
  const { items, strategy, isBeyond } = chosen;
  const [first] = items;
  if (first === undefined) return nothingToDo(situation, chosen);
  const tired = fatigue(situation);
  const size = sitting(situation, items, tired !== null || isLow(situation, strategy));
  const stuck = stuckSkill(situation, chosen);
  if (stuck !== null) return { action: 'help', ...size, reason: stuck };
  if (tired !== null) return { action: 'rest', ...size, reason: tired };
  // Asked to go on after everything was reached.
  if (chosen.isReached && !isBeyond) return { action: 'advance', ...size, reason: reason('all-mastered', { skills: chosen.aim.needed.size }) };
  if (isBeyond) return { action: 'practise', ...size, reason: reason('extension-while-waiting', { objective: chosen.aim.title }) };
  if (strategy.settings.choices > 1 && items.length > 1) return { action: first.action, ...size, reason: reason('choose-one', { options: items.length, objective: chosen.aim.title }) };
  switch (first.action) {
    case 'review':
      return { action: 'review', ...size, reason: dueSkills(chosen) === 0 ? reason('session-refresh', { title: String(first.reason.params['title'] ?? '') }) : reason('session-review', { due: dueSkills(chosen) }) };
    case 'learn':
      return { action: 'learn', ...size, reason: reason('session-learn', { title: String(first.reason.params['title'] ?? '') }) };
    case 'practise':
      return { action: 'practise', ...size, reason: reason('session-practise', { open: openSkills(chosen) }) };
  }
}

function openSkills({ aim, knowledge }: Chosen): number {
  return countOf(aim, (number) => knowledge.declared[number] !== 1);
}

function dueSkills({ aim, knowledge }: Chosen): number {
  return countOf(aim, (number) => knowledge.declared[number] !== 1 && 1 - (knowledge.states[number]?.unrecalled ?? 1) >= (knowledge.marks[number] ?? 1));
}

function countOf({ path }: Aim, counts: (number: number) => boolean): number {
  let count = 0;
  for (const number of path) if (counts(number)) count++;
  return count;
}

function stuckSkill({ map }: Situation, { aim, knowledge, strategy }: Chosen): Reason | null {
  for (const number of aim.path) {
    const known = knowledge.states[number];
    if (known === undefined || known.pauses < strategy.settings.stuckAfter || knowledge.declared[number] === 1) continue;
    const skill = map.skills[number]?.skill;
    if (skill !== undefined) return reason('stuck', { skill: skill.id, title: skill.title, pauses: known.pauses, answers: known.answers, right: known.right });
  }
  return null;
}

/** Signs that a break would do good, from times and errors of the sitting that still goes on; no mood is inferred. */
export function fatigue({ state, now }: Pick<Situation, 'state' | 'now'>): Reason | null {
  const { sitting: on, newest, told } = state;
  if (newest === null || on.answers === 0 || now - newest.at > SITTING_GAP_MS || now < on.startedAt) return null;
  const minutes = (now - on.startedAt) / MINUTE_MS;
  const budget = told.session !== null && told.session.at >= on.startedAt ? told.session.budgetMinutes : undefined;
  if (minutes > (budget ?? SITTING_MINUTES)) return reason('sitting-long', { minutes: Math.round(minutes) });
  if (on.rapid >= RUSHING.answers && on.rapid >= RUSHING.share * on.answers) return reason('rushing', { rapid: on.rapid, answers: on.answers });
  const isSlower = on.usualLogMs > 0 && on.recentLogMs - on.usualLogMs >= Math.log(SLOWED.times);
  if (isSlower && on.answers >= SLOWED.answers && on.wrongInARow >= SLOWED.wrong) {
    return reason('slower-and-wrong', { wrong: on.wrongInARow, times: Math.round(10 * Math.exp(on.recentLogMs - on.usualLogMs)) / 10 });
  }
  return null;
}

function isLow({ state, now }: Situation, { settings: { vary } }: StrategyInForce): boolean {
  return vary.affect && (lowMood(state, now) !== null || sittingWrong(state, now) >= SLOWED.wrong);
}

function sitting({ map, budgetMinutes, state }: Situation, items: readonly ChosenItem[], isShorter: boolean): { items: number; minutes: number } {
  const usual = state.sitting.usualLogMs > 0 ? Math.exp(state.sitting.usualLogMs) / MINUTE_MS : ITEM_MINUTES;
  const minutesEach = items.reduce((sum, { item }) => sum + (map.course.items.get(item)?.minutes ?? usual), 0) / items.length;
  const asked = budgetMinutes ?? state.told.session?.budgetMinutes;
  const within = Math.floor((asked ?? SITTING_MINUTES) / minutesEach + ROUNDING);
  const fitting = asked === undefined ? Math.min(SITTING_ITEMS, within) : within;
  const count = Math.min(SITTING_ITEMS_MAX, Math.max(1, Math.floor(fitting * (isShorter ? SHORTER : 1))));
  return { items: count, minutes: Math.round(count * minutesEach * 10) / 10 };
}

function nothingToDo({ state, map, calibration, now }: Situation, chosen: Chosen): Pacing {
  const { aim, eligible, strategy } = chosen;
  const open = openSkills(chosen);
  if (open === 0 || chosen.isReached) {
    const reviewAt = nextReview(chosen, calibration, now);
    const due = Number.isFinite(reviewAt) ? { reviewAt } : {};
    const check = strategy.settings.unitCheck ? checkable(state, map, aim) : null;
    if (check !== null) return { action: 'assess', ...due, reason: reason('ready-for-check', check) };
    return { action: 'advance', ...due, reason: reason('all-mastered', { skills: aim.needed.size }) };
  }
  const kept = eligible.kept.map(chosen.whyKept);
  const isExcluded = kept.length > 0 && kept.every(({ key }) => key === 'excluded-by-teacher');
  if (isExcluded) return { action: 'rest', reason: reason('all-excluded', { open }) };
  const wall = kept.find(({ key }) => key === 'behind-a-wall');
  if (wall !== undefined) return { action: 'help', reason: reason('nothing-reachable', { ...wall.params, open }) };
  return { action: 'rest', reason: reason('nothing-to-practise', { open }) };
}

/** What of the aim no check has certified; of a whole course, the first objective of which that holds. */
function checkable({ plan }: Situation['state'], { course: { content } }: Situation['map'], aim: Aim): { readonly objective: string; readonly skills: number } | null {
  const certified = new Set(plan.certified.map(({ skill }) => skill));
  const units = aim.by === 'course' ? content.objectives : [{ title: aim.title, skills: [...aim.targets].flatMap((number) => content.skills[number]?.id ?? []) }];
  for (const { title: objective, skills } of units) {
    const left = skills.filter((skill) => !certified.has(skill)).length;
    if (left > 0) return { objective, skills: left };
  }
  return null;
}

function nextReview({ aim, knowledge }: Chosen, calibration: Situation['calibration'], now: Instant): Instant {
  const due = aim.path.flatMap((number) => {
    const known = knowledge.states[number];
    return known === undefined || known.answers === 0 ? [] : (reviewAtOf(known, calibration) ?? []);
  });
  return Math.max(now, Math.min(...due));
}
