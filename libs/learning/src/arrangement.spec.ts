// How a teacher arranges a classroom: strategies, objectives, phases, calendars, groups.
import { isRefusal } from '@trellis/event-sourcing';
import { specFor } from '@trellis/event-sourcing/testing';
import { classroom, type ClassroomCommand } from './classroom.js';
import { CALENDAR_ENTRIES_MAX, CLASSROOM_COURSES_MAX, EDITS_MAX, GROUPS_MAX, NO_CLASSROOM, type CalendarEntry, type Classroom, type ClassroomEvent, type Group } from './classroom-events.js';
import type { ClassroomId, CourseId, LearnerId, ObjectiveId } from './ids.js';
import { DEFAULT_MIX, type Strategy } from './strategy.js';

const given = specFor(classroom);

// Casts: the texts keep to the patterns of their kinds.
const algebra = 'algebra' as CourseId;
const lines = 'lines' as ObjectiveId;
const said = { by: 'teacher', at: 7 } as const;
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `n${n}`);
const enrolled = (...learners: readonly string[]): ClassroomEvent[] =>
  learners.map((learner) => ({ type: 'LearnerEnrolled', data: { learner: learner as LearnerId, classroom: 'room-1' as ClassroomId, course: algebra } }));
const folded = (...events: readonly ClassroomEvent[]): Classroom => events.reduce(classroom.evolve, NO_CLASSROOM);
const detail = (command: ClassroomCommand, ...before: readonly ClassroomEvent[]): string | undefined => {
  const answer = classroom.decide(command, folded(...before));
  return isRefusal(answer) ? answer.detail : 'not refused';
};

const blended: Strategy = { preset: 'blended', mix: DEFAULT_MIX };
const group = (id: string, ...learners: readonly string[]): Group => ({ group: id, title: id, learners: learners as LearnerId[], kind: 'own' });
const form = (groups: readonly Group[], suggestion?: readonly Group[]): ClassroomCommand => ({ type: 'FormGroups', groups, ...(suggestion === undefined ? {} : { suggestion }), ...said });
const formed = (groups: readonly Group[], suggestion?: readonly Group[]): ClassroomEvent => ({ type: 'GroupFormed', data: { groups, ...(suggestion === undefined ? {} : { suggestion }), ...said } });
const choose = (strategy: Strategy | null, of?: string): ClassroomCommand => ({ type: 'ChooseStrategy', strategy, ...(of === undefined ? {} : { group: of }), ...said });
const chosen = (strategy: Strategy | null, of?: string): ClassroomEvent => ({ type: 'StrategyChosen', data: { strategy, ...(of === undefined ? {} : { group: of }), ...said } });
const begin = (phase: string): ClassroomCommand => ({ type: 'BeginPhase', phase, ...said });
const begun = (phase: string): ClassroomEvent => ({ type: 'PhaseBegun', data: { phase, ...said } });

describe('a strategy', () => {
  it('is chosen for the classroom, once', () => {
    given().when(choose(blended)).then(chosen(blended));
    given(chosen(blended)).when(choose(blended)).thenNothing();
    given(chosen(blended)).when(choose(null)).then(chosen(null));
  });
  it('is chosen for a group, as long as there is the group', () => {
    const grouped = [...enrolled('ana'), formed([group('red', 'ana')])];
    given(...grouped).when(choose(blended, 'red')).then(chosen(blended, 'red'));
    given(...grouped, chosen(blended, 'red')).when(choose(blended, 'red')).thenNothing();
    given(...grouped).when(choose(blended, 'blue')).thenRefused('unknown-group');
    expect(folded(...grouped, chosen(blended, 'red')).groupStrategies).toEqual([{ group: 'red', strategy: blended }]);
    expect(folded(...grouped, chosen(blended, 'red'), chosen(null, 'red')).groupStrategies).toEqual([]);
    expect(folded(...grouped, chosen(blended, 'red'), formed([group('green', 'ana')])).groupStrategies).toEqual([]);
  });
  it('is refused where no lesson could follow it', () => given().when(choose({ preset: 'personalized', settings: { pace: 'class' } })).thenRefused('impossible-strategy'));
  it('begins without a phase', () => expect(folded(chosen(blended), begun('whole-class'), chosen({ preset: 'personalized' })).phase).toBeNull());
});

describe('a phase', () => {
  it('is one of the strategy in force', () => {
    given(chosen(blended)).when(begin('follow-up')).then(begun('follow-up'));
    expect(folded(chosen(blended), begun('follow-up')).phase).toEqual({ phase: 'follow-up', at: 7 });
  });
  it('may be one of a group\'s', () => given(...enrolled('ana'), formed([group('red', 'ana')]), chosen(blended, 'red')).when(begin('whole-class')).then(begun('whole-class')));
  it('is refused where none has it, with those that there are', () => {
    given(chosen(blended)).when(begin('test')).thenRefused('unknown-phase');
    expect([detail(begin('test'), chosen(blended)), detail(begin('test'))]).toEqual([
      'phase: "test" is none; the strategy in force has "whole-class", "follow-up"',
      'phase: "test" is none; no strategy in force has phases: choose a blended one first',
    ]);
  });
});

describe('an objective', () => {
  const set = (change: { readonly course?: string; readonly objective?: ObjectiveId | null; readonly locked?: boolean; readonly due?: number } = {}) =>
    ({ course: algebra, objective: lines, locked: false, ...said, ...change }) as Extract<ClassroomEvent, { type: 'ObjectiveSet' }>['data'];
  const event = (change: Parameters<typeof set>[0] = {}): ClassroomEvent => ({ type: 'ObjectiveSet', data: set(change) });
  const command = (change: Parameters<typeof set>[0] = {}): ClassroomCommand => ({ type: 'SetObjective', ...set(change) });

  it('is set for all, one a course, and taken back', () => {
    given().when(command()).then(event());
    given(event()).when(command()).thenNothing();
    given(event()).when(command({ due: 9 })).then(event({ due: 9 }));
    given(event()).when(command({ objective: null })).then(event({ objective: null }));
    given().when(command({ objective: null })).thenNothing();
    expect(folded(event(), event({ locked: true })).objectives).toEqual([{ course: algebra, objective: lines, locked: true }]);
  });
  it('is refused for one course too many', () => given(...many(CLASSROOM_COURSES_MAX).map((course) => event({ course }))).when(command()).thenRefused('too-many-courses'));
});

describe('a calendar', () => {
  const entries: CalendarEntry[] = [{ objective: lines, due: 9 }];
  const set = (of: readonly CalendarEntry[], course = algebra): ClassroomCommand => ({ type: 'SetCalendar', course, entries: of, by: 'teacher' });
  const event = (of: readonly CalendarEntry[], course = algebra): ClassroomEvent => ({ type: 'CalendarSet', data: { course, entries: of, by: 'teacher' } });

  it('is set for a course, and taken back', () => {
    given().when(set(entries)).then(event(entries));
    given(event(entries)).when(set(entries)).thenNothing();
    given(event(entries)).when(set([])).then(event([]));
    given().when(set([])).thenNothing();
    expect([folded(event(entries)).calendar, folded(event(entries), event([])).calendar]).toEqual([[{ course: algebra, entries }], []]);
  });
  it('has a maximum', () => {
    given().when(set(many(CALENDAR_ENTRIES_MAX + 1).map((objective) => ({ objective: objective as ObjectiveId, due: 9 })))).thenRefused('calendar-too-long');
    given(...many(CLASSROOM_COURSES_MAX).map((course) => event(entries, course as CourseId))).when(set(entries)).thenRefused('too-many-courses');
  });
});

describe('groups', () => {
  const three = enrolled('ana', 'ben', 'cem');
  const suggestion = [group('red', 'ana', 'ben'), group('blue', 'cem')];

  it('are formed of those who are enrolled', () => {
    given(...three).when(form([group('red', 'ana')])).then(formed([group('red', 'ana')]));
    given(...three, formed([group('red', 'ana')])).when(form([group('red', 'ana')])).thenNothing();
    given(...three, formed([group('red', 'ana')])).when(form([])).then(formed([]));
  });
  it('keep what a teacher changed in a suggestion', () => {
    const asked = [group('red', 'ana'), group('blue', 'ben')];
    given(...three).when(form(asked, suggestion)).then(formed(asked, suggestion));
    given(...three, formed(asked, suggestion)).when(form(asked, suggestion)).thenNothing();
    expect(folded(...three, formed(asked, suggestion)).edits).toEqual([{ learner: 'ben', from: 'red', to: 'blue' }, { learner: 'cem', from: 'blue', to: null }]);
    expect(folded(...three, formed(suggestion, suggestion)).edits).toEqual([]);
    // The newest word about a learner.
    expect(folded(...three, formed(asked, suggestion), formed([group('green', 'ben')], [group('blue', 'ben')])).edits).toEqual([{ learner: 'cem', from: 'blue', to: null }, { learner: 'ben', from: 'blue', to: 'green' }]);
  });
  it('keep the newest edits', () => {
    const all = many(EDITS_MAX + 5);
    expect(folded(formed([], [group('red', ...all)])).edits.map(({ learner }) => learner)).toEqual(all.slice(5));
  });
  const refused: [string, readonly Group[], string][] = [
    ['learner-not-enrolled',  [group('red', 'ana', 'dia')],                    'groups[0].learners[1]: "dia" is not enrolled in this classroom'],
    ['learner-in-two-groups', [group('red', 'ana'), group('blue', 'ana')],     'groups[1].learners[0]: "ana" is in "red" already; a learner is in one group at a time'],
    ['duplicate-group',       [group('red', 'ana'), group('red', 'ben')],      'groups[1].group: "red" is used twice'],
    ['too-many-groups',       many(GROUPS_MAX + 1).map((id) => group(id)),     'groups: 61 given; a classroom has 60 at most'],
  ];
  it.each(refused)('are refused: %s', (code, groups, why) => {
    expect(classroom.decide(form(groups), folded(...three))).toEqual({ refused: code, detail: why });
  });
});
