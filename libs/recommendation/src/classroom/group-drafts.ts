// Groups by one reason each: a shared gap, readiness mixed evenly, an interest, extension. Every learner ends in a group or with a reason why not.
import type { LearnerId, Reason } from '@trellis/learning';
import type { CourseMap, Needed } from '../course-map.js';
import { groupName, slug, type SuggestedKind } from './group-names.js';
import { said } from './reasons.js';
import { hasItems, presentOf, type SkillStanding, type Standing } from './standing.js';

export const GROUP_SIZE = { min: 2, usual: 4, max: 6 } as const;

export interface Pupil {
  readonly standing: Standing;
  readonly readiness: number;
  /** What the teacher's edit asks for: the `about` of the group, as a slug; null: a group without one. */
  readonly wish?: { readonly number: number; readonly slug: string | null };
}

export interface Draft {
  readonly group: string;
  readonly kind: SuggestedKind;
  readonly title: string;
  readonly about?: string;
  readonly pupils: Pupil[];
  readonly reason: Reason;
}

/** `group`: the one that the learner was put into in spite of it; null: into none. */
export interface Note {
  readonly learner: LearnerId;
  readonly group: string | null;
  readonly reason: Reason;
}

export interface Drafts {
  readonly drafts: readonly Draft[];
  readonly notes: readonly Note[];
}

export interface DraftQuestion {
  readonly map: CourseMap;
  /** What the class works towards. */
  readonly aim: Needed & { readonly title: string };
  /** In the order of the roster. */
  readonly pupils: readonly Pupil[];
  /** Learners a group should have. */
  readonly size: number;
}

export function draftGroups(kind: SuggestedKind, question: DraftQuestion): Drafts {
  switch (kind) {
    case 'shared-gap':
      return byGap(question);
    case 'mixed-readiness':
      return mixed(question);
    case 'interest':
      return byInterest(question);
    case 'extension': {
      const { ahead, others } = aheadOf(question);
      const { drafts, notes } = extension(question, ahead);
      const open = ({ standing: { skills } }: Pupil): number => [...question.aim.needed].filter((number) => skills[number]?.mastered === false).length;
      const left = others.map((pupil): Note => ({ learner: pupil.standing.learner, group: null, reason: said('alone-not-ahead', { title: question.aim.title, open: open(pupil) }) }));
      return { drafts, notes: [...notes, ...left] };
    }
  }
}

// --- A shared gap ---

function byGap(question: DraftQuestion): Drafts {
  const { ahead, others } = aheadOf(question);
  const beyond = extension(question, ahead);
  const gaps = new Map(others.map((pupil) => [pupil, gapsOf(question, pupil)]));
  const groups = grouped(others, (pupil) => gaps.get(pupil)?.[0]?.number);
  const notes: Note[] = [...beyond.notes];
  const joined: { readonly pupil: Pupil; readonly number: number }[] = [];
  let alone = [...groups].flatMap(([number, pupils]) => (pupils.length === 1 && groups.delete(number) ? pupils : []));
  alone = alone.filter((pupil) => {
    const other = gaps.get(pupil)?.find(({ number }) => groups.has(number));
    if (other === undefined) return true;
    joined.push({ pupil, number: other.number });
    return false;
  });
  // Whoever is left shares at least what the most of them share.
  for (let common = mostShared(alone, gaps); common !== null; common = mostShared(alone, gaps)) {
    const { number, pupils } = common;
    groups.set(number, pupils);
    for (const pupil of pupils) if (gaps.get(pupil)?.[0]?.number !== number) notes.push(secondGap(question, pupil, { own: gaps.get(pupil)?.[0], number }));
    alone = alone.filter((pupil) => !pupils.includes(pupil));
  }
  for (const { pupil, number } of joined) {
    groups.get(number)?.push(pupil);
    notes.push(secondGap(question, pupil, { own: gaps.get(pupil)?.[0], number }));
  }
  for (const pupil of alone) notes.push({ learner: pupil.standing.learner, group: null, reason: said('alone-own-gap', { title: gaps.get(pupil)?.[0]?.skill.title ?? question.aim.title }) });
  const ordered = [...groups].sort(([a], [b]) => place(question.map, a) - place(question.map, b));
  return { drafts: [...ordered.flatMap(([number, pupils]) => gapDrafts(question, number, pupils)), ...beyond.drafts], notes };
}

/** What the aim needs, is open and within reach: the weakest first. An edit's skill goes before them. */
function gapsOf({ map, aim }: DraftQuestion, { standing: { skills }, wish }: Pupil): readonly SkillStanding[] {
  const open = map.learningOrder.flatMap((number) => (aim.needed.has(number) && skills[number]?.mastered === false ? [skills[number]] : []));
  const workable = open.filter(({ number }) => hasItems(map, number));
  const ready = workable.filter((skill) => skill.ready);
  const weakest = [ready, workable, open].find((all) => all.length > 0) ?? [];
  const sorted = [...weakest].sort((a, b) => presentOf(a) - presentOf(b));
  const wished = skills.find(({ skill }) => wish !== undefined && slug(skill.id) === wish.slug);
  return wished === undefined ? sorted : [wished, ...sorted.filter((each) => each !== wished)];
}

function mostShared(pupils: readonly Pupil[], gaps: ReadonlyMap<Pupil, readonly SkillStanding[]>): { readonly number: number; readonly pupils: Pupil[] } | null {
  const sharing = new Map<number, Pupil[]>();
  for (const pupil of pupils) for (const { number } of gaps.get(pupil) ?? []) sharing.set(number, [...(sharing.get(number) ?? []), pupil]);
  let most: { readonly number: number; readonly pupils: Pupil[] } | null = null;
  for (const [number, all] of [...sharing].sort(([a], [b]) => a - b)) if (all.length >= GROUP_SIZE.min && all.length > (most?.pupils.length ?? 0)) most = { number, pupils: all };
  return most;
}

function gapDrafts({ map, size }: DraftQuestion, number: number, pupils: readonly Pupil[]): readonly Draft[] {
  const skill = map.skills[number]?.skill;
  const at = ({ standing: { skills } }: Pupil): SkillStanding | undefined => skills[number];
  return parts(pupils, size).map((part, n): Draft => {
    const answers = part.reduce((sum, pupil) => sum + (at(pupil)?.state.answers ?? 0), 0);
    const mastery = part.reduce((sum, pupil) => sum + (at(pupil)?.state.known ?? 0), 0) / part.length;
    const params = { skill: skill?.id ?? '', title: skill?.title ?? '', learners: part.length, mastery, answers };
    return draft('shared-gap', { number: n + 1, ...(skill === undefined ? {} : { about: skill.id }), title: params.title, pupils: part, reason: said(answers === 0 ? 'group-not-begun' : 'group-shared-gap', params) });
  });
}

function secondGap({ map }: DraftQuestion, { standing: { learner } }: Pupil, { own, number }: { readonly own: SkillStanding | undefined; readonly number: number }): Note {
  const skill = map.skills[number]?.skill;
  // Which part of a group that was split it is, `suggestGroups` looks up.
  return { learner, group: groupName('shared-gap', 1, skill?.id), reason: said('joined-second-gap', { own: own?.skill.title ?? '', title: skill?.title ?? '' }) };
}

// --- Extension ---

function aheadOf({ aim, pupils }: DraftQuestion): { readonly ahead: readonly Pupil[]; readonly others: readonly Pupil[] } {
  // The teacher's edit says where, whatever is mastered.
  const isAhead = ({ standing: { skills }, wish }: Pupil): boolean => (wish === undefined ? [...aim.targets].every((number) => skills[number]?.mastered === true) : wish.slug === null);
  return { ahead: pupils.filter(isAhead), others: pupils.filter((pupil) => !isAhead(pupil)) };
}

function extension({ aim: { title }, size }: DraftQuestion, ahead: readonly Pupil[]): Drafts {
  const [only] = ahead;
  if (only !== undefined && ahead.length < GROUP_SIZE.min) return { drafts: [], notes: [{ learner: only.standing.learner, group: null, reason: said('alone-extension', { title }) }] };
  const drafts = parts(ahead, size).map((pupils, n) => draft('extension', { number: n + 1, title: `${title} +`, pupils, reason: said('group-extension', { title, learners: pupils.length }) }));
  return { drafts, notes: [] };
}

// --- Mixed readiness ---

/** Dealt out forth and back in the order of readiness, so that the means of the groups differ little. */
function mixed({ aim: { title }, pupils, size }: DraftQuestion): Drafts {
  const [only] = pupils;
  if (only !== undefined && pupils.length < GROUP_SIZE.min) return { drafts: [], notes: [{ learner: only.standing.learner, group: null, reason: said('alone-only-one', {}) }] };
  const ranked = [...pupils].sort((a, b) => b.readiness - a.readiness);
  const count = groupsFor(pupils.length, size);
  const dealt = Array.from({ length: count }, (): Pupil[] => []);
  for (const [at, pupil] of ranked.entries()) {
    const [round, turn] = [Math.floor(at / count), at % count];
    dealt[round % 2 === 0 ? turn : count - 1 - turn]?.push(pupil);
  }
  const params = { title, low: percent(ranked.at(-1)?.readiness ?? 0), high: percent(ranked[0]?.readiness ?? 0) };
  return { drafts: dealt.map((part, n) => draft('mixed-readiness', { number: n + 1, title: `${title} ${n + 1}`, pupils: part, reason: said('group-mixed-readiness', params) })), notes: [] };
}

// --- Interests ---

function byInterest({ pupils, size }: DraftQuestion): Drafts {
  const interestsOf = ({ standing: { state }, wish }: Pupil): readonly string[] => {
    const own = state.told.preferences.interests ?? [];
    return wish === undefined ? own : [...pupils.flatMap(({ standing }) => standing.state.told.preferences.interests ?? []).filter((each) => slug(each) === wish.slug).slice(0, 1), ...own];
  };
  const groups = new Map<string, Pupil[]>();
  let left = pupils.filter((pupil) => interestsOf(pupil).length > 0);
  for (;;) {
    const liked = [...new Set(left.flatMap((pupil) => (pupil.wish === undefined ? interestsOf(pupil) : interestsOf(pupil).slice(0, 1))))].sort();
    const among = (interest: string): Pupil[] => left.filter((pupil) => (pupil.wish === undefined ? interestsOf(pupil).includes(interest) : interestsOf(pupil)[0] === interest));
    const best = liked.map((interest) => ({ interest, among: among(interest) })).reduce<{ interest: string; among: Pupil[] } | null>((a, b) => (a !== null && a.among.length >= b.among.length ? a : b), null);
    if (best === null || best.among.length < GROUP_SIZE.min) break;
    groups.set(best.interest, best.among);
    left = left.filter((pupil) => !best.among.includes(pupil));
  }
  const drafts = [...groups].flatMap(([interest, all]) => parts(all, size).map((part, n) => draft('interest', { number: n + 1, about: interest, title: interest, pupils: part, reason: said('group-interest', { interest, learners: part.length }) })));
  if (left.length >= GROUP_SIZE.min) {
    for (const [n, part] of parts(left, size).entries()) drafts.push(draft('interest', { number: n + 1, title: '···', pupils: part, reason: said('group-rest', { interests: new Set(part.flatMap(interestsOf)).size }) }));
    left = [];
  }
  const notes: Note[] = [];
  for (const pupil of [...left, ...pupils.filter((each) => interestsOf(each).length === 0)]) {
    const [interest] = interestsOf(pupil);
    const room = drafts.filter((each) => each.pupils.length < GROUP_SIZE.max).reduce<Draft | null>((a, b) => (a !== null && a.pupils.length <= b.pupils.length ? a : b), null);
    room?.pupils.push(pupil);
    const key = interest === undefined ? (room === null ? 'alone-no-interest' : 'joined-no-interest') : room === null ? 'alone-own-interest' : 'joined-room';
    notes.push({ learner: pupil.standing.learner, group: room?.group ?? null, reason: said(key, interest === undefined ? {} : { interest }) });
  }
  return { drafts, notes };
}

// --- What they have in common ---

/** So many that each has about `size`, none more than the most and none less than the least. */
export function groupsFor(learners: number, size: number): number {
  let count = Math.max(1, Math.round(learners / size), Math.ceil(learners / GROUP_SIZE.max));
  while (count > 1 && Math.floor(learners / count) < GROUP_SIZE.min) count--;
  return count;
}

/** Neighbours in readiness stay together. */
function parts(pupils: readonly Pupil[], size: number): readonly Pupil[][] {
  if (pupils.length === 0) return [];
  const ranked = [...pupils].sort((a, b) => b.readiness - a.readiness);
  const count = groupsFor(ranked.length, size);
  return Array.from({ length: count }, (_, n) => ranked.slice(Math.floor((n * ranked.length) / count), Math.floor(((n + 1) * ranked.length) / count)));
}

function draft(kind: SuggestedKind, { number, ...rest }: Omit<Draft, 'group' | 'kind'> & { readonly number: number }): Draft {
  return { group: groupName(kind, number, rest.about), kind, ...rest };
}

function grouped(pupils: readonly Pupil[], by: (pupil: Pupil) => number | undefined): Map<number, Pupil[]> {
  const groups = new Map<number, Pupil[]>();
  for (const pupil of pupils) {
    const key = by(pupil);
    if (key !== undefined) groups.set(key, [...(groups.get(key) ?? []), pupil]);
  }
  return groups;
}

function place({ learningOrder }: CourseMap, number: number): number {
  return learningOrder.indexOf(number);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
