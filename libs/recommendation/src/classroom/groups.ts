// Flexible groups for a class, suggested with their reason. The teacher's own groups stay, and what the teacher changed in earlier suggestions is kept.
import { GROUPS_MAX, type Group, type GroupEdit, type LearnerId, type ObjectiveId, type Reason } from '@trellis/learning';
import { neededSkills } from '../course-map.js';
import { standingsOf, type ClassQuestion } from './board.js';
import { draftGroups, GROUP_SIZE, type Draft, type Drafts, type Note, type Pupil } from './group-drafts.js';
import { partsOf, slug, type SuggestedKind } from './group-names.js';
import { readinessOf } from './readiness.js';
import { said } from './reasons.js';

export interface GroupsQuestion extends ClassQuestion {
  readonly kind: SuggestedKind;
  /** Learners a group should have, within `GROUP_SIZE`. */
  readonly size?: number;
}

export interface SuggestedGroup extends Group {
  readonly reason: Reason;
  /** Of its learners, for the objective. */
  readonly readiness: { readonly low: number; readonly high: number; readonly mean: number };
}

export interface Suggestion {
  readonly kind: SuggestedKind;
  /** Null: the whole course. */
  readonly objective: ObjectiveId | null;
  readonly title: string;
  readonly groups: readonly SuggestedGroup[];
  /** On single learners: kept where the teacher put them, or left over, and why. */
  readonly notes: readonly Note[];
}

export function suggestGroups(question: GroupsQuestion): Suggestion {
  const { map, classroom: { state: classroom }, kind } = question;
  const { content, id } = map.course;
  const objective = content.objectives.find((each) => classroom.objectives.some((set) => set.course === id && set.objective === each.id));
  const title = objective?.title ?? content.title;
  const aim = { ...neededSkills(map, objective?.id), title };
  const standings = standingsOf(question);
  const pupils = standings.map((standing): Pupil => ({ standing, readiness: readinessOf(standing, aim).readiness }));
  const own = ownGroups(classroom.groups, pupils);
  const owned = new Set(own.flatMap(({ learners }) => learners));
  const edits = editsFor(kind, classroom.edits);
  const notes: Note[] = [];
  const free = pupils.filter(({ standing: { learner, state } }) => {
    if (owned.has(learner)) return false;
    if (edits.get(learner)?.to === null) notes.push({ learner, group: null, reason: said('kept-out', {}) });
    else if (state.plan.paused !== null) notes.push({ learner, group: null, reason: said('alone-paused', {}) });
    else return true;
    return false;
  });
  const kept = keepingEdits(free, edits, (all) => draftGroups(kind, { map, aim, pupils: all, size: bounded(question.size) }));
  const place = new Map(pupils.map(({ standing }, at) => [standing.learner, at]));
  const suggested = kept.drafts.map((draft) => shownGroup(draft, place));
  const groups = [...own, ...suggested].slice(0, GROUPS_MAX);
  const tooMany = suggested.slice(Math.max(0, GROUPS_MAX - own.length)).flatMap(({ learners }) => learners);
  notes.push(...kept.notes.filter(({ learner }) => !tooMany.includes(learner)));
  notes.push(...tooMany.map((learner): Note => ({ learner, group: null, reason: said('alone-too-many-groups', { most: GROUPS_MAX }) })));
  return { kind, objective: objective?.id ?? null, title, groups, notes: notes.sort((a, b) => (place.get(a.learner) ?? 0) - (place.get(b.learner) ?? 0)) };
}

/** The suggestion as a teacher would take it over. */
export function plainGroups(groups: readonly SuggestedGroup[]): readonly Group[] {
  return groups.map(({ group, title, learners, kind, about }) => ({ group, title, learners, kind, ...(about === undefined ? {} : { about }) }));
}

/** The newest word on each learner that this kind of group can follow. */
function editsFor(kind: SuggestedKind, all: readonly GroupEdit[]): ReadonlyMap<LearnerId, GroupEdit> {
  const newest = new Map(all.map((edit) => [edit.learner, edit]));
  // Out of one group of a kind is out of the groups of that kind; into one of another kind says nothing of this one.
  const kindOf = (group: string | null): SuggestedKind | null => (group === null ? null : (partsOf(group)?.kind ?? kind));
  const follows = ({ from, to }: GroupEdit): boolean => {
    const into = kindOf(to ?? from) ?? kind;
    return into === kind || (kind === 'shared-gap' && into === 'extension');
  };
  // Out of extension into something else is out of extension.
  const read = (edit: GroupEdit): GroupEdit => (kind === 'extension' && kindOf(edit.from) === kind && kindOf(edit.to) !== kind ? { ...edit, to: null } : edit);
  return new Map([...newest].map(([learner, edit]) => [learner, read(edit)] as const).filter(([, edit]) => follows(edit)));
}

/** Drafts with what the edits ask for; edits whose group has no reason any more are let go of, and named. */
function keepingEdits(free: readonly Pupil[], edits: ReadonlyMap<LearnerId, GroupEdit>, draftsOf: (pupils: readonly Pupil[]) => Drafts): Drafts {
  const lapsed = new Map<LearnerId, string>();
  const wished = (pupil: Pupil): Pupil => {
    const to = edits.get(pupil.standing.learner)?.to ?? null;
    const parts = to === null || lapsed.has(pupil.standing.learner) ? null : partsOf(to);
    return parts === null ? pupil : { ...pupil, wish: { number: parts.number, slug: parts.kind === 'mixed-readiness' ? '' : parts.slug } };
  };
  for (const { standing: { learner } } of free) {
    const to = edits.get(learner)?.to ?? null;
    if (to !== null && partsOf(to) === null) lapsed.set(learner, to);
  }
  // Each round lets go of at least one edit.
  for (;;) {
    const wishing = free.map(wished);
    const { drafts, notes } = draftsOf(wishing);
    const before = lapsed.size;
    const keptNotes: Note[] = [];
    for (const pupil of wishing) {
      const { learner } = pupil.standing;
      const to = edits.get(learner)?.to ?? null;
      if (to === null || lapsed.has(learner)) continue;
      const home = homeOf(drafts, to);
      if (home === null) lapsed.set(learner, to);
      else {
        moveTo(home, pupil, drafts);
        keptNotes.push({ learner, group: home.group, reason: said('kept-in-group', { group: home.title }) });
      }
    }
    if (lapsed.size > before) continue;
    const lapsedNotes = [...lapsed].map(([learner, to]): Note => ({ learner, group: whereIs(drafts, learner), reason: said('edit-without-group', { group: to }) }));
    const told = new Set([...keptNotes, ...lapsedNotes].map(({ learner }) => learner));
    const others = notes.filter(({ learner }) => !told.has(learner)).map((note): Note => (note.group === null ? note : { ...note, group: whereIs(drafts, note.learner) }));
    const { whole, left } = wholeGroups(drafts);
    return { drafts: whole, notes: [...keptNotes, ...lapsedNotes, ...others.filter(({ learner }) => !left.some((note) => note.learner === learner)), ...left] };
  }
}

/** The very group, else another part of the same reason. */
function homeOf(drafts: readonly Draft[], to: string): Draft | null {
  const exact = drafts.find(({ group }) => group === to);
  if (exact !== undefined) return exact;
  const parts = partsOf(to);
  const same = ({ kind, about }: Draft): boolean => kind === parts?.kind && (about === undefined ? null : slug(about)) === parts.slug;
  return parts === null || parts.kind === 'mixed-readiness' ? null : (drafts.findLast(same) ?? null);
}

/** Within one reason in exchange for the one who is nearest in readiness and free to move, so that sizes stay. */
function moveTo(home: Draft, pupil: Pupil, drafts: readonly Draft[]): void {
  const isSame = (other: Pupil): boolean => other.standing.learner === pupil.standing.learner;
  const from = drafts.find(({ pupils }) => pupils.some(isSame));
  if (from === home) return;
  const distance = (other: Pupil): number => Math.abs(other.readiness - pupil.readiness);
  const isSplit = from !== undefined && from.kind === home.kind && from.about === home.about;
  const exchanged = isSplit ? home.pupils.filter(({ wish }) => wish === undefined).sort((a, b) => distance(a) - distance(b))[0] : undefined;
  from?.pupils.splice(from.pupils.findIndex(isSame), 1, ...(exchanged === undefined ? [] : [exchanged]));
  if (exchanged === undefined) home.pupils.push(pupil);
  else home.pupils.splice(home.pupils.indexOf(exchanged), 1, pupil);
}

/** Whoever an edit has left alone goes where there is room. */
function wholeGroups(drafts: readonly Draft[]): { readonly whole: readonly Draft[]; readonly left: readonly Note[] } {
  const whole = drafts.filter(({ pupils }) => pupils.length >= GROUP_SIZE.min);
  const alone = drafts.filter(({ pupils }) => pupils.length < GROUP_SIZE.min).flatMap(({ pupils }) => pupils);
  const left = alone.map((pupil): Note => {
    const room = whole.filter(({ pupils }) => pupils.length < GROUP_SIZE.max).sort((a, b) => a.pupils.length - b.pupils.length)[0];
    room?.pupils.push(pupil);
    return { learner: pupil.standing.learner, group: room?.group ?? null, reason: said(room === undefined ? 'alone-only-one' : 'joined-left-alone', {}) };
  });
  return { whole, left };
}

function ownGroups(groups: readonly Group[], pupils: readonly Pupil[]): readonly SuggestedGroup[] {
  const byLearner = new Map(pupils.map((pupil) => [pupil.standing.learner, pupil]));
  return groups
    .filter(({ kind }) => kind === 'own')
    .map((group) => ({ group, members: group.learners.flatMap((learner) => byLearner.get(learner) ?? []) }))
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => ({ ...group, learners: members.map(({ standing }) => standing.learner), reason: said('group-own', {}), readiness: rangeOf(members) }));
}

/** Learners in the order of the roster. */
function shownGroup({ group, kind, title, about, pupils, reason }: Draft, place: ReadonlyMap<LearnerId, number>): SuggestedGroup {
  const learners = pupils.map(({ standing }) => standing.learner).sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  return { group, title, learners, kind, ...(about === undefined ? {} : { about }), reason, readiness: rangeOf(pupils) };
}

function rangeOf(pupils: readonly Pupil[]): SuggestedGroup['readiness'] {
  const all = pupils.map(({ readiness }) => readiness);
  return { low: Math.min(...all), high: Math.max(...all), mean: all.reduce((sum, each) => sum + each, 0) / all.length };
}

function whereIs(drafts: readonly Draft[], learner: LearnerId): string | null {
  return drafts.find(({ pupils }) => pupils.some(({ standing }) => standing.learner === learner))?.group ?? null;
}

function bounded(size: number = GROUP_SIZE.usual): number {
  return Math.min(GROUP_SIZE.max, Math.max(GROUP_SIZE.min, Math.round(size)));
}
