// The second trap: one student under two ids. Whatever remembers items across students reads the answer off the twin.
import { ofLearners, type AnswerLog } from '../answer-log.js';
import { answeredItems, type AnsweredItems } from './answered-items.js';

/** A learner of one of the logs. */
export interface Twin {
  readonly part: 'train' | 'test';
  /** Number of the learner in that log. */
  readonly learner: number;
  readonly id: string;
  readonly answers: number;
}

export interface TwinPair {
  readonly first: Twin;
  readonly second: Twin;
  /** Items that both answered. */
  readonly shared: number;
  /** Share of them on which both or neither ever was right. */
  readonly agreement: number;
}

export interface Twins {
  readonly pairs: readonly TwinPair[];
  /** Sets of ids that are one student, as far as pairs connect them. */
  readonly students: readonly (readonly Twin[])[];
  readonly across: readonly TwinPair[];
  readonly insideTrain: readonly TwinPair[];
  readonly insideTest: readonly TwinPair[];
  /** Learners of the training log to leave out: twins of test learners, and all but the longest log of a student. Ascending. */
  readonly drop: readonly number[];
  /** False where the search stopped at `COMPARISONS_MAX`: more twins may be there. */
  readonly complete: boolean;
}

/** Fewer shared items say nothing. */
export const SHARED_ITEMS_MIN = 8;
export const AGREEMENT_MIN = 0.97;
/** Of the items of the learner who has fewer. */
export const SHARED_SHARE_MIN = 0.5;
/** So unlikely must the agreement be among strangers who are right as often as the two. */
export const CHANCE_MAX = 1e-9;
/** Agreement by chance is taken to be within these, so that all right beside all right is no proof, nor a short row of opposites. */
export const CHANCE_AGREEMENT_MIN = 0.3;
export const CHANCE_AGREEMENT_MAX = 0.97;
/** Steps of the search, some 10 s: far beyond sets with thousands of students, short of millions who all answered the same items. */
export const COMPARISONS_MAX = 3e9;

/** Looks in one log, or in both parts of a split (which share a vocabulary). Rows without an item say nothing. `progress` hears the share done and may throw. */
export function twins(train: AnswerLog, test: AnswerLog | null = null, progress?: (share: number) => void): Twins {
  if (test !== null && test.vocabulary !== train.vocabulary) throw new Error('twins: train and test must share one vocabulary');
  const trained = train.learners.map((id, learner): Twin => ({ part: 'train', learner, id, answers: rowsOf(train, learner) }));
  const tested = (test?.learners ?? []).map((id, learner): Twin => ({ part: 'test', learner, id, answers: test === null ? 0 : rowsOf(test, learner) }));
  const everybody = [...trained, ...tested];
  const items = answeredItems(test === null ? [train] : [train, test]);
  const { pairs: found, complete } = search(items, progress);
  const pairs: TwinPair[] = [];
  for (const { a, b, shared, agreement } of found) {
    const [first, second] = [everybody[a], everybody[b]];
    if (first !== undefined && second !== undefined) pairs.push({ first, second, shared, agreement });
  }
  const students = connected(everybody, found);
  return {
    pairs,
    students,
    across: pairs.filter(({ first, second }) => first.part !== second.part),
    insideTrain: pairs.filter(({ first, second }) => first.part === 'train' && second.part === 'train'),
    insideTest: pairs.filter(({ first, second }) => first.part === 'test' && second.part === 'test'),
    drop: students.flatMap(superfluous).sort((a, b) => a - b),
    complete,
  };
}

/** The training log without the learners that twins make superfluous: the only one whose figures say something about new learners. */
export function strictTraining(train: AnswerLog, { drop }: Pick<Twins, 'drop'>): AnswerLog {
  const dropped = new Set(drop);
  return ofLearners(
    train,
    train.learners.map((_, learner) => learner).filter((learner) => !dropped.has(learner)),
  );
}

/** Of one student's ids in train: all where one of them is tested, else all but the longest (of equals the first). */
function superfluous(student: readonly Twin[]): readonly number[] {
  const trained = student.filter(({ part }) => part === 'train');
  if (trained.length < student.length) return trained.map(({ learner }) => learner);
  const kept = trained.reduce((best, one) => (one.answers > best.answers ? one : best));
  return trained.filter((one) => one !== kept).map(({ learner }) => learner);
}

// --- The search ---

interface Found {
  readonly a: number;
  readonly b: number;
  readonly shared: number;
  readonly agreement: number;
}

/**
 * Twins agree on at least `needed` items. So with the items of a learner from rare to common, one of the first `size - needed + 1` is among
 * those on which the two agree; to ask for `extra` of them needs `extra - 1` more (prefix filtering: Chaudhuri, Ganti & Kaushik, 2006).
 * Only learners with as many items or more are looked up, so each pair comes once and common items hardly ever count.
 */
function search(items: AnsweredItems, progress?: (share: number) => void): { readonly pairs: readonly Found[]; readonly complete: boolean } {
  const { starts, key, learnersOfKey } = items;
  const learners = starts.length - 1;
  const bySize = Int32Array.from({ length: learners }, (_, n) => n).sort((a, b) => size(a) - size(b) || a - b);
  const rank = new Int32Array(learners);
  bySize.forEach((learner, place) => (rank[learner] = place));
  const hits = new Int32Array(learners);
  const pairs: Found[] = [];
  let steps = 0;
  for (const [place, learner] of bySize.entries()) {
    if (place % PROGRESS_EACH_LEARNERS === 0) progress?.(place / learners);
    const needed = agreementsNeeded(size(learner));
    if (needed > size(learner)) continue;
    const extra = Math.ceil(needed / EXTRA_PART);
    const from = starts[learner] as number;
    const to = Math.min(starts[learner + 1] as number, from + size(learner) - needed + extra);
    const candidates: number[] = [];
    const touched: number[] = [];
    for (let at = from; at < to; at++) {
      const others = learnersOfKey(key[at] as number);
      steps += others.length;
      for (let n = 0; n < others.length; n++) {
        const other = others[n] as number;
        if ((rank[other] as number) <= place) continue;
        const hit = (hits[other] as number) + 1;
        hits[other] = hit;
        if (hit === 1) touched.push(other);
        if (hit === extra) candidates.push(other);
      }
    }
    for (const other of touched) hits[other] = 0;
    for (const other of candidates) {
      steps += size(learner) + size(other);
      const found = compared(items, Math.min(learner, other), Math.max(learner, other));
      if (found !== null) pairs.push(found);
    }
    if (steps > COMPARISONS_MAX) return { pairs: sorted(pairs), complete: false };
  }
  progress?.(1);
  return { pairs: sorted(pairs), complete: true };

  function size(learner: number): number {
    return (starts[learner + 1] as number) - (starts[learner] as number);
  }
}

const PROGRESS_EACH_LEARNERS = 64;
/** A quarter of the agreements is asked for among the rare items: fewer means more candidates, more means longer lists. */
const EXTRA_PART = 4;

/** Items on which twins of somebody with so many items agree at the least, whatever the twin. */
function agreementsNeeded(size: number): number {
  // shared * agreement > ln(CHANCE_MAX) / ln(CHANCE_AGREEMENT_MIN), and that product is the number of agreements.
  const unlikely = Math.log(CHANCE_MAX) / Math.log(CHANCE_AGREEMENT_MIN);
  const shared = Math.max(SHARED_ITEMS_MIN, Math.ceil(size * SHARED_SHARE_MIN));
  return Math.ceil(Math.max(unlikely, shared * AGREEMENT_MIN) - 1e-9);
}

function compared({ starts, byItem, shareRight }: AnsweredItems, a: number, b: number): Found | null {
  const sizeA = (starts[a + 1] as number) - (starts[a] as number);
  const sizeB = (starts[b + 1] as number) - (starts[b] as number);
  let x = starts[a] as number;
  let y = starts[b] as number;
  let shared = 0;
  let equal = 0;
  while (x < (starts[a + 1] as number) && y < (starts[b + 1] as number)) {
    const left = byItem[x] as number;
    const right = byItem[y] as number;
    // A key is twice the item, plus one where the learner was ever right.
    if (left >> 1 === right >> 1) {
      shared++;
      if (left === right) equal++;
      x++;
      y++;
    } else if (left < right) x++;
    else y++;
  }
  const agreement = equal / shared;
  if (shared < SHARED_ITEMS_MIN || agreement < AGREEMENT_MIN || shared < SHARED_SHARE_MIN * Math.min(sizeA, sizeB)) return null;
  const [r1, r2] = [shareRight[a] as number, shareRight[b] as number];
  const chance = Math.min(CHANCE_AGREEMENT_MAX, Math.max(CHANCE_AGREEMENT_MIN, r1 * r2 + (1 - r1) * (1 - r2)));
  return shared * agreement * Math.log(chance) < Math.log(CHANCE_MAX) ? { a, b, shared, agreement } : null;
}

function sorted(pairs: Found[]): readonly Found[] {
  return pairs.sort((one, other) => one.a - other.a || one.b - other.b);
}

/** Sets of at least two, each in the order of the learners. */
function connected(everybody: readonly Twin[], pairs: readonly Found[]): readonly (readonly Twin[])[] {
  const parent = Int32Array.from(everybody, (_, n) => n);
  const root = (one: number): number => {
    let top = one;
    while (parent[top] !== top) top = parent[top] ?? top;
    return top;
  };
  for (const { a, b } of pairs) {
    const [one, other] = [root(a), root(b)];
    parent[Math.max(one, other)] = Math.min(one, other);
  }
  const sets = new Map<number, Twin[]>();
  for (const n of new Set(pairs.flatMap(({ a, b }) => [a, b]).sort((a, b) => a - b))) {
    const twin = everybody[n];
    const set = sets.get(root(n));
    if (twin === undefined) continue;
    if (set === undefined) sets.set(root(n), [twin]);
    else set.push(twin);
  }
  return [...sets.values()];
}

function rowsOf({ starts }: AnswerLog, learner: number): number {
  return (starts[learner + 1] ?? 0) - (starts[learner] ?? 0);
}
