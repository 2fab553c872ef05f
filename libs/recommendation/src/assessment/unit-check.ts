// A unit check: assembled from assessment items for the skills of an objective, and judged by the answers to them alone.
import type { Item, ItemId, ObjectiveId, SkillId } from '@trellis/learning';
import { seeded, shuffle } from '@trellis/mastery';
import { hash48, type LearnerState } from '@trellis/views';
import { neededSkills, type CourseMap } from '../course-map.js';
import { itemsOf } from '../placement/questions.js';

export type CheckKind = 'formative' | 'summative';

export interface CheckInput {
  readonly map: CourseMap;
  readonly state: LearnerState;
  /** One of the two; without either, the whole course. */
  readonly objective?: ObjectiveId;
  readonly skills?: readonly SkillId[];
  readonly kind: CheckKind;
  readonly seed: number;
}

export interface UnitCheck {
  readonly items: readonly { readonly item: ItemId; readonly skill: SkillId }[];
  /** Skills that cannot be certified by it: the course has too few items to assess them, or the check would have grown too long. */
  readonly lacking: readonly { readonly skill: SkillId; readonly why: 'no-assessment-items' | 'too-few-items' | 'check-full' }[];
}

/** Two independent right answers are the least that certifies; a third tells a slip from a gap. */
const ITEMS_EACH = { least: 2, most: 3 };
const CHECK_ITEMS_MAX = 40;

export function unitCheck(input: CheckInput): UnitCheck {
  const skills = askedSkills(input);
  const each = skills.length * ITEMS_EACH.most <= CHECK_ITEMS_MAX ? ITEMS_EACH.most : ITEMS_EACH.least;
  const items: { item: ItemId; skill: SkillId }[] = [];
  const lacking: { skill: SkillId; why: UnitCheck['lacking'][number]['why'] }[] = [];
  const taken = new Set<ItemId>();
  for (const skill of skills) {
    if (items.length + ITEMS_EACH.least > CHECK_ITEMS_MAX) {
      lacking.push({ skill, why: 'check-full' });
      continue;
    }
    const chosen = itemsFor(input, skill, taken).slice(0, Math.min(each, CHECK_ITEMS_MAX - items.length));
    for (const { id } of chosen) {
      taken.add(id);
      items.push({ item: id, skill });
    }
    if (chosen.length < ITEMS_EACH.least) lacking.push({ skill, why: chosen.length === 0 ? 'no-assessment-items' : 'too-few-items' });
  }
  // Mixed, so that no item gives away what the next one is about.
  const order = shuffle(Int32Array.from(items.keys()), seeded(input.seed));
  return { items: Array.from(order, (place) => items[place]).flatMap((one) => one ?? []), lacking };
}

function askedSkills({ map, objective, skills }: CheckInput): readonly SkillId[] {
  if (skills !== undefined) return skills.filter((skill) => map.numberOf.has(skill));
  const { targets } = neededSkills(map, objective);
  return map.learningOrder.flatMap((number) => (targets.has(number) ? (map.skills[number]?.skill.id ?? []) : []));
}

/** Assessment items before practice that was never seen (in a formative check only), what was never answered first, from both ends of difficulty. */
function itemsFor({ map, state, kind }: CheckInput, skill: SkillId, taken: ReadonlySet<ItemId>): readonly Item[] {
  const isSeen = ({ id }: Item): boolean => state.items.get(hash48(id)) !== null;
  const all = (itemsOf(map).get(skill) ?? []).filter((item) => !taken.has(item.id) && (item.kind === 'assessment' || (kind === 'formative' && !isSeen(item) && item.key !== undefined)));
  const rank = (item: Item): number => (item.kind === 'assessment' ? 0 : 4) + (isSeen(item) ? 2 : 0) + (item.key === undefined ? 1 : 0);
  const sorted = [...all].sort((a, b) => rank(a) - rank(b) || (a.difficulty ?? 0) - (b.difficulty ?? 0));
  const best = sorted.filter((item) => rank(item) === rank(sorted[0] ?? item));
  const rest = sorted.filter((item) => !best.includes(item));
  return [...fromBothEnds(best), ...rest];
}

function fromBothEnds(items: readonly Item[]): readonly Item[] {
  const left = [...items];
  const out: Item[] = [];
  while (left.length > 0) {
    const one = out.length % 2 === 0 ? left.shift() : left.pop();
    if (one !== undefined) out.push(one);
  }
  return out;
}
