import { GROUPS_MAX, type Classroom, type GroupEdit } from '@trellis/learning';
import { seeded } from '@trellis/mastery';
import { classOf, MASTERED, towards, type MemberPast } from '../testing/classes.js';
import { groupsFor, GROUP_SIZE } from './group-drafts.js';
import { partsOf, slug, groupName, type SuggestedKind } from './group-names.js';
import { plainGroups, suggestGroups, type Suggestion } from './groups.js';

type Members = { readonly [learner: string]: MemberPast };

function suggest(kind: SuggestedKind, members: Members, change: Partial<Classroom> = {}, size?: number): Suggestion {
  return suggestGroups({ ...classOf(members, { classroom: towards('all', change) }), kind, ...(size === undefined ? {} : { size }) });
}
const placed = ({ groups }: Suggestion): object => Object.fromEntries(groups.map(({ group, learners }) => [group, learners]));
const noted = ({ notes }: Suggestion): object => Object.fromEntries(notes.map(({ learner, group, reason }) => [learner, [group, reason.key]]));
const edit = (learner: string, from: string | null, to: string | null): GroupEdit => ({ learner: learner as never, from, to });
const liking = (...interests: string[]): MemberPast => ({ told: { preferences: { interests } } });

const weak = (skill: string): MemberPast => ({ skills: { a: MASTERED, b: MASTERED, x: { known: 0.9 }, c: { known: 0.9 }, [skill]: { known: 0.1, answers: 5 } } });
const done: MemberPast = { skills: { a: MASTERED, b: MASTERED, c: MASTERED, x: MASTERED } };

describe('a shared gap', () => {
  it('puts those together whose weakest skill within reach is the same, and says what it rests on', () => {
    const suggestion = suggest('shared-gap', { ada: weak('c'), bob: weak('x'), cyd: weak('c'), dan: weak('x'), eve: weak('c') });
    expect(placed(suggestion)).toEqual({ 'shared-gap-1.c': ['ada', 'cyd', 'eve'], 'shared-gap-1.x': ['bob', 'dan'] });
    expect(suggestion.groups[0]).toMatchObject({ kind: 'shared-gap', about: 'c', title: 'C', reason: { key: 'group-shared-gap', params: { title: 'C', learners: 3, answers: 15 } } });
    expect(suggestion.notes).toEqual([]);
  });

  it('goes down to a prerequisite that is the weakest within reach', () => {
    const behind: MemberPast = { skills: { a: { known: 0.2, answers: 4 }, c: { known: 0.1, answers: 1 }, x: MASTERED } };
    expect(suggest('shared-gap', { ada: behind, bob: behind }).groups[0]).toMatchObject({ about: 'a' });
  });

  it('gives extension to those who are ahead', () => {
    const suggestion = suggest('shared-gap', { ada: weak('c'), bob: done, cyd: weak('c'), dan: done });
    expect(placed(suggestion)).toEqual({ 'shared-gap-1.c': ['ada', 'cyd'], 'extension-1': ['bob', 'dan'] });
    expect(noted(suggest('shared-gap', { ada: weak('c'), bob: done, cyd: weak('c') }))).toEqual({ bob: [null, 'alone-extension'] });
  });

  it('lets a single one join where the work fits too, and leaves nobody without a reason', () => {
    const suggestion = suggest('shared-gap', { ada: weak('c'), bob: weak('c'), cyd: weak('x') });
    expect(noted(suggestion)).toEqual({ cyd: ['shared-gap-1.c', 'joined-second-gap'] });
    expect(noted(suggest('shared-gap', { ada: weak('c') }))).toEqual({ ada: [null, 'alone-own-gap'] });
  });

  it('says of a skill that nobody has begun that it comes next', () => {
    expect(suggest('shared-gap', { ada: {}, bob: {} }).groups).toMatchObject([{ about: 'a', reason: { key: 'group-not-begun' } }]);
  });
});

describe('mixed readiness', () => {
  const class8: Members = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`l${n}`, { skills: { a: { known: n / 8 }, b: { known: n / 8 } } }]));

  it('spreads readiness evenly over the groups', () => {
    const { groups } = suggest('mixed-readiness', class8);
    expect(groups.map(({ learners }) => learners.length)).toEqual([4, 4]);
    const [first, second] = groups.map(({ readiness }) => readiness);
    expect(Math.abs((first?.mean ?? 0) - (second?.mean ?? 1))).toBeLessThan(0.05);
    expect((first?.high ?? 0) - (first?.low ?? 0)).toBeGreaterThan(0.4);
  });

  it('leaves nobody over', () => {
    for (let n = 2; n <= 31; n++) {
      const { groups, notes } = suggest('mixed-readiness', Object.fromEntries(Array.from({ length: n }, (_, at) => [`l${at}`, {}])));
      expect(groups.flatMap(({ learners }) => learners)).toHaveLength(n);
      expect(notes).toEqual([]);
    }
  });
});

describe('interests', () => {
  it('puts those together who said the same, the most shared first', () => {
    const suggestion = suggest('interest', { ada: liking('music', 'space'), bob: liking('space'), cyd: liking('music'), dan: liking('space'), eve: liking('music', 'chess') });
    expect(placed(suggestion)).toEqual({ 'interest-1.music': ['ada', 'cyd', 'eve'], 'interest-1.space': ['bob', 'dan'] });
    expect(suggestion.groups[0]?.reason).toEqual({ key: 'group-interest', params: { interest: 'music', learners: 3 } });
  });

  it('finds a place for those who share none or have said none', () => {
    expect(noted(suggest('interest', { ada: liking('music'), bob: liking('music'), cyd: liking('chess'), dan: {} }))).toEqual({
      cyd: ['interest-1.music', 'joined-room'],
      dan: ['interest-1.music', 'joined-no-interest'],
    });
    expect(placed(suggest('interest', { ada: liking('music'), bob: liking('chess') }))).toEqual({ 'interest-1': ['ada', 'bob'] });
    expect(noted(suggest('interest', { ada: {}, bob: {} }))).toEqual({ ada: [null, 'alone-no-interest'], bob: [null, 'alone-no-interest'] });
  });
});

describe('extension', () => {
  it('is for those who are ahead alone, and says what the others still work on', () => {
    const suggestion = suggest('extension', { ada: done, bob: done, cyd: weak('c') });
    expect(placed(suggestion)).toEqual({ 'extension-1': ['ada', 'bob'] });
    expect(suggestion.notes).toMatchObject([{ learner: 'cyd', group: null, reason: { key: 'alone-not-ahead', params: { open: 2 } } }]);
  });
});

describe('what the teacher changed', () => {
  const members: Members = { ada: weak('c'), bob: weak('x'), cyd: weak('c'), dan: weak('x'), eve: weak('c') };

  it('is kept at the next suggestion, and explained', () => {
    const suggestion = suggest('shared-gap', members, { edits: [edit('eve', 'shared-gap-1.c', 'shared-gap-1.x')] });
    expect(placed(suggestion)).toEqual({ 'shared-gap-1.c': ['ada', 'cyd'], 'shared-gap-1.x': ['bob', 'dan', 'eve'] });
    expect(suggestion.notes).toEqual([{ learner: 'eve', group: 'shared-gap-1.x', reason: { key: 'kept-in-group', params: { group: 'X' } } }]);
  });

  it('goes by the newest word', () => {
    const edits = [edit('eve', 'shared-gap-1.c', 'shared-gap-1.x'), edit('eve', 'shared-gap-1.x', 'shared-gap-1.c')];
    expect(placed(suggest('shared-gap', members, { edits }))).toEqual({ 'shared-gap-1.c': ['ada', 'cyd', 'eve'], 'shared-gap-1.x': ['bob', 'dan'] });
  });

  it('keeps out of groups who was taken out', () => {
    const suggestion = suggest('shared-gap', members, { edits: [edit('eve', 'shared-gap-1.c', null)] });
    expect(noted(suggestion)).toEqual({ eve: [null, 'kept-out'] });
  });

  it('is let go of, and that said, when nobody is left in the group', () => {
    const edits = [edit('eve', 'shared-gap-1.c', 'shared-gap-1.b')];
    const suggestion = suggest('shared-gap', members, { edits });
    expect(noted(suggestion)).toEqual({ eve: ['shared-gap-1.c', 'edit-without-group'] });
  });

  it('says nothing about groups of another kind', () => {
    const edits = [edit('eve', 'interest-1.music', 'interest-1.chess')];
    expect(suggest('shared-gap', members, { edits }).notes).toEqual([]);
  });

  it('moves one into extension and another out of it', () => {
    const edits = [edit('eve', 'shared-gap-1.c', 'extension-1'), edit('fay', 'extension-1', 'shared-gap-1.x')];
    const suggestion = suggest('shared-gap', { ...members, fay: done, gus: done }, { edits });
    expect(placed(suggestion)).toEqual({ 'shared-gap-1.c': ['ada', 'cyd'], 'shared-gap-1.x': ['bob', 'dan', 'fay'], 'extension-1': ['eve', 'gus'] });
  });

  it('exchanges in groups of mixed readiness, so that sizes stay', () => {
    const many: Members = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`l${n}`, { skills: { a: { known: n / 8 }, b: { known: n / 8 } } }]));
    const before = suggest('mixed-readiness', many);
    const from = before.groups.find(({ learners }) => learners.includes('l7' as never))?.group ?? null;
    const to = before.groups.find(({ learners }) => !learners.includes('l7' as never))?.group ?? null;
    const after = suggest('mixed-readiness', many, { edits: [edit('l7', from, to)] });
    expect(after.groups.find(({ group }) => group === to)?.learners).toContain('l7');
    expect(after.groups.map(({ learners }) => learners.length)).toEqual([4, 4]);
  });

  it('stays: groups of the teacher\'s own are not touched', () => {
    const groups = [{ group: 'robots', title: 'Robots', learners: ['eve', 'ada', 'gone'], kind: 'own' }] as never;
    const suggestion = suggest('shared-gap', members, { groups });
    expect(suggestion.groups[0]).toMatchObject({ group: 'robots', kind: 'own', learners: ['eve', 'ada'], reason: { key: 'group-own' } });
    expect(noted(suggestion)).toEqual({ cyd: ['shared-gap-1.x', 'joined-second-gap'] });
  });
});

it('leaves out whom the engine is paused for', () => {
  expect(noted(suggest('shared-gap', { ada: weak('c'), bob: weak('c'), cyd: { ...weak('c'), plan: { paused: { by: 'teacher' } } } }))).toEqual({ cyd: [null, 'alone-paused'] });
});

it('places everybody exactly once or says why not, within the sizes, and the same way each time', () => {
  const random = seeded(3);
  const kinds: readonly SuggestedKind[] = ['shared-gap', 'mixed-readiness', 'interest', 'extension'];
  for (let run = 0; run < 60; run++) {
    const size = 2 + Math.floor(random() * 5);
    const members = Object.fromEntries(
      Array.from({ length: Math.floor(random() * 33) }, (_, n): [string, MemberPast] => [
        `l${n}`,
        { skills: Object.fromEntries(['a', 'b', 'c', 'x'].map((skill) => [skill, { known: random() < 0.3 ? 0.99 : random(), answers: 3 }])), ...(random() < 0.7 ? liking(['music', 'chess', 'space', 'art'][Math.floor(random() * 4)] ?? '') : {}) },
      ]),
    );
    const all = Object.keys(members);
    for (const kind of kinds) {
      const first = suggest(kind, members, {}, size);
      const edits = all.filter(() => random() < 0.2).map((learner) => edit(learner, null, first.groups[Math.floor(random() * first.groups.length)]?.group ?? null));
      const suggestion = suggest(kind, members, { edits }, size);
      const inGroups = suggestion.groups.flatMap(({ learners }) => learners);
      const alone = suggestion.notes.filter(({ group }) => group === null).map(({ learner }) => learner);
      expect([...inGroups, ...alone].sort()).toEqual([...all].sort());
      for (const { learners } of suggestion.groups) expect(learners.length).toBeGreaterThanOrEqual(GROUP_SIZE.min);
      for (const { learners } of first.groups) expect(learners.length).toBeLessThanOrEqual(GROUP_SIZE.max);
      for (const note of suggestion.notes) if (note.group !== null) expect(suggestion.groups.find(({ group }) => group === note.group)?.learners).toContain(note.learner);
      expect(new Set(suggestion.groups.map(({ group }) => group)).size).toBe(suggestion.groups.length);
      expect(suggest(kind, members, { edits }, size)).toEqual(suggestion);
    }
  }
});

it('suggests no more groups than a classroom may have', () => {
  const members = Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`l${n}`, {}]));
  const { groups, notes } = suggest('mixed-readiness', members, {}, 2);
  expect(groups).toHaveLength(GROUPS_MAX);
  expect(notes[0]?.reason.key).toBe('alone-too-many-groups');
});

it('makes groups of two to six', () => {
  for (let learners = 2; learners < 100; learners++) {
    for (let size = 2; size <= 6; size++) {
      const count = groupsFor(learners, size);
      expect(Math.floor(learners / count)).toBeGreaterThanOrEqual(2);
      expect(Math.ceil(learners / count)).toBeLessThanOrEqual(6);
    }
  }
});

it('gives names that say what they are about, in any script', () => {
  expect(partsOf(groupName('interest', 2, 'космос'))).toEqual({ kind: 'interest', number: 2, slug: slug('космос') });
  expect(slug('космос')).not.toBe(slug('музыка'));
  expect(partsOf('robots')).toBeNull();
});

it('gives the groups as a teacher would take them over', () => {
  const { groups } = suggest('shared-gap', { ada: weak('c'), bob: weak('c') });
  expect(plainGroups(groups)).toEqual([{ group: 'shared-gap-1.c', title: 'C', learners: ['ada', 'bob'], kind: 'shared-gap', about: 'c' }]);
});
