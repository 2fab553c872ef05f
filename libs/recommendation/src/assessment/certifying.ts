// What the answers to a unit check show. Practice does not count here: whoever practised on an item may know the item and not the skill.
import type { ItemId, SkillId } from '@trellis/learning';
import { posteriorUnknown } from '@trellis/mastery';
import type { CourseMap } from '../course-map.js';
import type { UnitCheck } from './unit-check.js';

export interface CheckAnswer {
  readonly item: ItemId;
  /** Null: open work that waits for somebody to score it. */
  readonly score: number | null;
}

export interface Certificate {
  readonly skill: SkillId;
  readonly right: number;
  readonly asked: number;
  /** P(known) from these answers alone, by even odds before them. */
  readonly known: number;
}

export interface MissingSkill {
  readonly skill: SkillId;
  readonly why: 'not-answered' | 'waiting-for-score' | 'too-few-items' | 'below-the-mark';
  /** What was answered wrong, or is missing. */
  readonly items: readonly ItemId[];
  readonly known: number;
}

export interface CheckResult {
  readonly certified: readonly Certificate[];
  readonly missing: readonly MissingSkill[];
  /** Nothing is open: every item has a scored answer. */
  readonly isComplete: boolean;
}

/** P(known) that certifies: the odds are nine to one. */
export const CERTIFIED_FROM = 0.9;
const EVEN = 0.5;
const SLIP = 0.1;
/** Of a typed answer, and of one picked among a few. */
const GUESS = { typed: 0.1, picked: 0.25 };
const ASKED_MIN = 2;

/** `items` as the check was assembled; of several answers to an item the first counts. */
export function certify(map: CourseMap, { items }: Pick<UnitCheck, 'items'>, answers: readonly CheckAnswer[]): CheckResult {
  const first = new Map<ItemId, number | null>();
  for (const { item, score } of answers) if (!first.has(item)) first.set(item, score);
  const bySkill = new Map<SkillId, ItemId[]>();
  for (const { item, skill } of items) bySkill.set(skill, [...(bySkill.get(skill) ?? []), item]);
  const certified: Certificate[] = [];
  const missing: MissingSkill[] = [];
  for (const [skill, asked] of bySkill) {
    const judged = judge(map, asked, first);
    const scored = asked.filter((item) => typeof first.get(item) === 'number');
    if (judged.known >= CERTIFIED_FROM && scored.length >= ASKED_MIN) certified.push({ skill, right: judged.right, asked: scored.length, known: judged.known });
    else missing.push({ skill, known: judged.known, ...whyNot(asked, first) });
  }
  return { certified, missing, isComplete: items.every(({ item }) => typeof first.get(item) === 'number') };
}

function judge(map: CourseMap, asked: readonly ItemId[], first: ReadonlyMap<ItemId, number | null>): { readonly known: number; readonly right: number } {
  let unknown = EVEN;
  let right = 0;
  for (const item of asked) {
    const score = first.get(item);
    if (score === undefined || score === null) continue;
    const guess = map.course.items.get(item)?.key?.type === 'choice' ? GUESS.picked : GUESS.typed;
    unknown = posteriorUnknown(unknown, score, { prior: EVEN, learn: 0, slip: SLIP, guess });
    right += score;
  }
  return { known: 1 - unknown, right };
}

function whyNot(asked: readonly ItemId[], first: ReadonlyMap<ItemId, number | null>): Pick<MissingSkill, 'why' | 'items'> {
  const open = asked.filter((item) => !first.has(item));
  if (open.length > 0) return { why: 'not-answered', items: open };
  const waiting = asked.filter((item) => first.get(item) === null);
  if (waiting.length > 0) return { why: 'waiting-for-score', items: waiting };
  if (asked.length < ASKED_MIN) return { why: 'too-few-items', items: [] };
  return { why: 'below-the-mark', items: asked.filter((item) => (first.get(item) ?? 0) < 0.5) };
}
