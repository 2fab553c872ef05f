// Stage 8: why these, why not the others, and what would have been if.
import type { ChosenItem, Passed, Reason, ScoreParts } from '@trellis/learning';
import { wrongInARow } from '@trellis/views';
import type { CourseMap, MappedItem, MappedSkill } from '../course-map.js';
import type { ReasonKey } from '../reason-texts.js';
import { reason } from '../reasons.js';
import type { Situation } from '../situation.js';
import type { Knowledge } from './knowledge.js';
import type { Aim } from './objective.js';
import { REVIEW, stuckOnto, type Scores } from './value.js';

/** Named in a decision, the best first. */
const PASSED_MAX = 3;
const DAY_MS = 24 * 3_600_000;
/** P(known) this near the mark reads like the mark. */
const AT_MARK = 0.005;

export function actionOf(knowledge: Knowledge, number: number): ChosenItem['action'] {
  const known = knowledge.states[number];
  // What somebody attests is nothing new, without any answer.
  if (known === undefined || (known.answers === 0 && knowledge.declared[number] !== 1)) return 'learn';
  // Once declared and now less remembered: it comes back.
  return isDeclared(knowledge, number) && (knowledge.recall[number] as number) < REVIEW.below ? 'review' : 'practise';
}

function isDeclared({ states, marks, declared }: Knowledge, number: number): boolean {
  return declared[number] === 1 || 1 - (states[number]?.unrecalled ?? 1) >= (marks[number] as number);
}

export function whyChosen({ now, map, calibration, state }: Situation, { knowledge, aim, stuckAfter }: { readonly knowledge: Knowledge; readonly aim: Aim; readonly stuckAfter: number }, number: number, { item }: MappedItem): Reason {
  const mapped = map.skills[number];
  const known = knowledge.states[number];
  if (mapped === undefined || known === undefined) return reason('keep-practising', {});
  const { id: skill, title } = mapped.skill;
  const params = { skill, title, mastery: known.answers === 0 ? (knowledge.mastery[number] ?? known.known) : known.known, goal: knowledge.marks[number] ?? 1 };
  if (item.kind === 'lesson') return reason(known.answers === 0 ? 'begin-with-lesson' : 'lesson-again', { skill, title });
  const leadsTo = aim.targets.has(number) ? undefined : ontoTarget(map, aim, number);
  switch (actionOf(knowledge, number)) {
    case 'learn':
      if (leadsTo !== undefined) return reason('builds-the-way', { ...params, target: leadsTo });
      return beginning(map, knowledge, mapped);
    case 'review':
      return reason('review-due', { skill, title, days: Math.max(0, Math.floor((now - known.lastAt) / DAY_MS)), recall: knowledge.recall[number] ?? 1 });
    case 'practise':
      if (isDeclared(knowledge, number)) {
        const stuck = stuckOnto({ map, aim, knowledge, state, stuckAfter }, number);
        return stuck === null ? reason('make-it-last', params) : reason('look-back', { ...params, stuck: map.skills[stuck]?.skill.title ?? '' });
      }
      if (known.pausedUntil > state.answers) return reason('during-a-pause', params);
      // The newest answer was the one that put it aside.
      if (known.pauses > 0 && known.streak < 0 && wrongInARow(known, calibration.wheelSpin) === 0) return reason('after-a-pause', params);
      // Two estimates: the stricter one declares. In per cent the mark and what is as good as at it look alike.
      if (known.known >= params.goal - AT_MARK) return reason('nearly-there', params);
      return leadsTo === undefined ? reason('keep-practising', params) : reason('builds-the-way', { ...params, target: leadsTo });
  }
}

/** That what it builds on is known is said only where it is. */
function beginning({ skills }: CourseMap, { states, declared, marks }: Knowledge, { skill: { id: skill, title }, prerequisites }: MappedSkill): Reason {
  if (prerequisites.length === 0) return reason('begin-first', { skill, title });
  const knownOf = (number: number): number => states[number]?.known ?? 0;
  const open = prerequisites.map(({ skill: number }) => number).filter((number) => declared[number] !== 1 && knownOf(number) < (marks[number] ?? 1));
  const [least] = open.sort((a, b) => knownOf(a) - knownOf(b));
  const before = least === undefined ? undefined : skills[least]?.skill.title;
  return least === undefined || before === undefined ? reason('begin-skill', { skill, title }) : reason('begin-early', { skill, title, before, mastery: knownOf(least) });
}

/** The title of the first target that a skill leads to. */
function ontoTarget(map: CourseMap, { targets, needed }: Aim, from: number): string | undefined {
  const reached = new Set([from]);
  for (const number of reached) {
    for (const next of map.skills[number]?.successors ?? []) {
      if (targets.has(next)) return map.skills[next]?.skill.title;
      if (needed.has(next)) reached.add(next);
    }
  }
  return undefined;
}

const LOST_BY = Object.entries({
  pause: 'passed-paused',
  again: 'passed-just-practised',
  near: 'passed-elsewhere',
  readiness: 'passed-not-ready',
  gain: 'passed-known',
  worth: 'passed-leads-less',
} satisfies Readonly<Record<keyof ScoreParts, ReasonKey>>) as readonly (readonly [keyof ScoreParts, ReasonKey])[];

export interface Passing {
  readonly scored: Scores;
  /** Of each of them in a first draw. */
  readonly probabilities: readonly number[];
  /** Places of what was chosen. */
  readonly chosen: readonly number[];
  /** The first that was kept away. */
  readonly kept: { readonly number: number; readonly reason: Reason } | null;
}

/** The best of those that were not chosen, and one that a wall keeps away, with what each lost by. */
export function passedBy({ map }: Pick<Situation, 'map'>, { scored, probabilities, chosen, kept }: Passing): readonly Passed[] {
  const [first] = chosen;
  const { numbers, values } = scored;
  const skillAt = (at: number): MappedSkill['skill'] | undefined => map.skills[numbers[at] as number]?.skill;
  const passed: Passed[] = [];
  const best = bestOf(values);
  for (const at of first === undefined ? [] : bestOthers(values, chosen)) {
    const skill = skillAt(at);
    if (skill === undefined || first === undefined) continue;
    const params = { skill: skill.id, title: skill.title, chosen: skillAt(first)?.title ?? '' };
    passed.push({ skill: skill.id, score: best > 0 ? (values[at] as number) / best : 0, probability: probabilities[at] ?? 0, reason: reason(lostBy(scored, at, first), params) });
  }
  const skill = kept === null ? undefined : map.skills[kept.number]?.skill.id;
  if (kept !== null && skill !== undefined) passed.push({ skill, score: 0, probability: 0, reason: kept.reason });
  return passed;
}

function bestOf(values: readonly number[]): number {
  let best = -Infinity;
  for (let at = 0; at < values.length; at++) if ((values[at] as number) > best) best = values[at] as number;
  return best;
}

/** Places of those that were not chosen, the best first, of equals the earlier. */
function bestOthers(values: readonly number[], chosen: readonly number[]): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    const last = places.length < PASSED_MAX ? undefined : values[places[PASSED_MAX - 1] as number];
    if ((last !== undefined && value <= last) || chosen.includes(at)) continue;
    let place = places.length;
    while (place > 0 && (values[places[place - 1] as number] as number) < value) place--;
    places.splice(place, 0, at);
    if (places.length > PASSED_MAX) places.pop();
  }
  return places;
}

/** The part in which it falls behind the most. */
function lostBy({ values, parts }: Scores, at: number, chosen: number): ReasonKey {
  if ((values[at] as number) >= (values[chosen] as number)) return 'passed-by-draw';
  const [lost, won] = [parts(at), parts(chosen)];
  let least = 1;
  let why: ReasonKey = 'passed-leads-less';
  for (const [part, key] of LOST_BY) {
    const ratio = won[part] > 0 ? lost[part] / won[part] : 1;
    if (ratio < least) [least, why] = [ratio, key];
  }
  return why;
}
