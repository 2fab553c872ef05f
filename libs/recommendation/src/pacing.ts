// What to do next besides which item: how much, and by when.
import type { ChosenItem, Pacing } from '@trellis/learning';
import { newSkill } from '@trellis/views';
import { reason } from './reasons.js';
import type { Candidate, Judged, Situation } from './situation.js';

/** A sitting, where nobody says how long. */
const SITTING_ITEMS = 10;
const SITTING_ITEMS_MAX = 60;
/** For an item whose course does not say. */
const ITEM_MINUTES = 1;

export interface Chosen {
  readonly needed: ReadonlySet<number>;
  readonly candidates: readonly Candidate[];
  readonly items: readonly ChosenItem[];
}

export function pacing(situation: Judged, { needed, candidates, items }: Chosen): Pacing {
  const [first] = items;
  if (first === undefined) return nothingToDo(situation, needed);
  const size = sitting(situation, items);
  const stuck = candidates.find(({ known, masteredAt }) => !situation.estimates.isMastered(known, masteredAt) && known.pauses >= situation.calibration.wheelSpin.stuckAfter);
  if (stuck !== undefined) {
    const { skill } = stuck.skill;
    return { action: 'help', ...size, reason: reason('stuck', { skill: skill.id, title: skill.title, pauses: stuck.known.pauses }) };
  }
  switch (first.action) {
    case 'review':
      return { action: 'review', ...size, reason: reason('session-review', { due: candidates.filter(({ action }) => action === 'review').length }) };
    case 'learn':
      return { action: 'learn', ...size, reason: reason('session-learn', first.reason.params) };
    case 'practise':
      return { action: 'practise', ...size, reason: reason('session-practise', { open: candidates.length }) };
  }
}

function sitting({ map, budgetMinutes }: Situation, items: readonly ChosenItem[]): { items: number; minutes: number } {
  const minutesEach = items.reduce((sum, { item }) => sum + (map.course.items.get(item)?.minutes ?? ITEM_MINUTES), 0) / items.length;
  const fitting = budgetMinutes === undefined ? SITTING_ITEMS : Math.floor(budgetMinutes / minutesEach);
  const count = Math.min(SITTING_ITEMS_MAX, Math.max(1, fitting));
  return { items: count, minutes: Math.round(count * minutesEach * 10) / 10 };
}

function nothingToDo({ state, map, calibration, now, estimates }: Judged, needed: ReadonlySet<number>): Pacing {
  const skills = [...needed].flatMap((number) => map.skills[number] ?? []);
  const open = skills.filter(({ skill }) => !estimates.isMastered(state.skills.get(skill.id) ?? newSkill(calibration, skill.id), skill.masteryAt ?? calibration.masteredAt));
  if (open.length > 0) return { action: 'rest', reason: reason('nothing-to-practise', { open: open.length }) };
  const seen = skills.flatMap(({ skill }) => state.skills.get(skill.id) ?? []).filter(({ answers }) => answers > 0);
  const reviewAt = Math.min(...seen.map((skill) => estimates.reviewAt(skill, calibration)));
  return {
    action: 'advance',
    ...(Number.isFinite(reviewAt) ? { reviewAt: Math.max(now, reviewAt) } : {}),
    reason: reason('all-mastered', { skills: skills.length }),
  };
}
