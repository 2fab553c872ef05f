// The aggregate of a classroom: who is enrolled in what, and how the teacher has arranged teaching. The classroom's stream owns enrolment; whoever
// enrols repeats the event into the learner's stream, where the learner's own row finds it.
import type { Decider, DomainEvent, Instant, Refusal } from '@trellis/event-sourcing';
import {
  CALENDAR_ENTRIES_MAX,
  CLASSROOM_COURSES_MAX,
  CLASSROOM_LEARNERS_MAX,
  EDITS_MAX,
  GROUPS_MAX,
  LEARNER_COURSES_MAX,
  NO_CLASSROOM,
  type CalendarEntry,
  type Classroom,
  type ClassroomEvent,
  type Group,
  type GroupEdit,
} from './classroom-events.js';
import type { ClassroomId, CourseId, LearnerId, ObjectiveId } from './ids.js';
import type { By } from './plan-events.js';
import { strategyFlaw, type Strategy, type StrategyRefusal } from './strategy.js';

const evolve = (classroom: Classroom, event: DomainEvent): Classroom => {
  const { type, data } = event as ClassroomEvent;
  switch (type) {
    case 'LearnerEnrolled':
      return { ...classroom, roster: new Map(classroom.roster).set(data.learner, [...(classroom.roster.get(data.learner) ?? []), data.course]) };
    case 'StrategyChosen': {
      const { group, strategy } = data;
      if (group === undefined) return { ...classroom, strategy, phase: null };
      const others = classroom.groupStrategies.filter((each) => each.group !== group);
      return { ...classroom, groupStrategies: strategy === null ? others : [...others, { group, strategy }] };
    }
    case 'ObjectiveSet': {
      const { course, objective, locked, due } = data;
      const others = classroom.objectives.filter((each) => each.course !== course);
      return { ...classroom, objectives: objective === null ? others : [...others, { course, objective, locked, ...(due === undefined ? {} : { due }) }] };
    }
    case 'PhaseBegun':
      return { ...classroom, phase: { phase: data.phase, at: data.at } };
    case 'CalendarSet': {
      const others = classroom.calendar.filter(({ course }) => course !== data.course);
      return { ...classroom, calendar: data.entries.length === 0 ? others : [...others, { course: data.course, entries: data.entries }] };
    }
    case 'GroupFormed': {
      const ids = new Set(data.groups.map(({ group }) => group));
      const edits = data.suggestion === undefined ? [] : editsOf(data.suggestion, data.groups);
      const edited = new Set(edits.map(({ learner }) => learner));
      return {
        ...classroom,
        groups: data.groups,
        groupStrategies: classroom.groupStrategies.filter(({ group }) => ids.has(group)),
        edits: [...classroom.edits.filter(({ learner }) => !edited.has(learner)), ...edits].slice(-EDITS_MAX),
      };
    }
  }
  // A later version may know more.
  return classroom;
};

/** Who is elsewhere than the suggestion had them. */
function editsOf(suggestion: readonly Group[], groups: readonly Group[]): readonly GroupEdit[] {
  const placeIn = (all: readonly Group[], learner: LearnerId): string | null => all.find(({ learners }) => learners.includes(learner))?.group ?? null;
  const learners = new Set([...suggestion, ...groups].flatMap((group) => group.learners));
  return [...learners].flatMap((learner) => {
    const [from, to] = [placeIn(suggestion, learner), placeIn(groups, learner)];
    return from === to ? [] : [{ learner, from, to }];
  });
}

// --- Decisions. Whether a course has an objective is for the caller to know. ---

export interface EnrolLearners {
  readonly type: 'EnrolLearners';
  readonly classroom: ClassroomId;
  readonly course: CourseId;
  readonly learners: readonly LearnerId[];
}

export type ClassroomCommand =
  | EnrolLearners
  | { readonly type: 'ChooseStrategy'; readonly strategy: Strategy | null; readonly group?: string; readonly by: By; readonly at: Instant }
  | { readonly type: 'SetObjective'; readonly course: CourseId; readonly objective: ObjectiveId | null; readonly locked: boolean; readonly due?: Instant; readonly by: By; readonly at: Instant }
  | { readonly type: 'BeginPhase'; readonly phase: string; readonly by: By; readonly at: Instant }
  | { readonly type: 'SetCalendar'; readonly course: CourseId; readonly entries: readonly CalendarEntry[]; readonly by: By }
  | { readonly type: 'FormGroups'; readonly groups: readonly Group[]; readonly suggestion?: readonly Group[]; readonly by: By; readonly at: Instant };

export type ClassroomRefusal =
  | StrategyRefusal
  | 'classroom-full'
  | 'too-many-courses'
  | 'unknown-group'
  | 'unknown-phase'
  | 'too-many-groups'
  | 'duplicate-group'
  | 'learner-in-two-groups'
  | 'learner-not-enrolled'
  | 'calendar-too-long';

type Answer = readonly ClassroomEvent[] | Refusal<ClassroomRefusal>;

const decide = (command: ClassroomCommand, classroom: Classroom): Answer => {
  switch (command.type) {
    case 'EnrolLearners':
      return enrol(command, classroom);
    case 'ChooseStrategy': {
      const { type: _, ...data } = command;
      const { group, strategy } = data;
      if (group !== undefined && !classroom.groups.some((each) => each.group === group)) return { refused: 'unknown-group', detail: `group: "${group}" is none of the classroom's groups` };
      const flaw = strategy === null ? null : strategyFlaw(strategy);
      if (flaw !== null) return flaw;
      const before = group === undefined ? classroom.strategy : (classroom.groupStrategies.find((each) => each.group === group)?.strategy ?? null);
      return JSON.stringify(before) === JSON.stringify(strategy) ? [] : [{ type: 'StrategyChosen', data }];
    }
    case 'SetObjective': {
      const { type: _, ...data } = command;
      const before = classroom.objectives.find(({ course }) => course === data.course);
      const isSame = before?.objective === data.objective && before.locked === data.locked && before.due === data.due;
      if (isSame || (before === undefined && data.objective === null)) return [];
      return (before === undefined ? courseFlaw(classroom.objectives, 'objectives') : null) ?? [{ type: 'ObjectiveSet', data }];
    }
    case 'BeginPhase': {
      const { type: _, ...data } = command;
      const known = phasesOf(classroom);
      if (known.includes(data.phase)) return [{ type: 'PhaseBegun', data }];
      const right = known.length === 0 ? 'no strategy in force has phases: choose a blended one first' : `the strategy in force has ${known.map((phase) => `"${phase}"`).join(', ')}`;
      return { refused: 'unknown-phase', detail: `phase: "${data.phase}" is none; ${right}` };
    }
    case 'SetCalendar': {
      const { type: _, ...data } = command;
      if (data.entries.length > CALENDAR_ENTRIES_MAX) return { refused: 'calendar-too-long', detail: `entries: ${data.entries.length} given; a calendar has ${CALENDAR_ENTRIES_MAX} at most` };
      const before = classroom.calendar.find(({ course }) => course === data.course)?.entries ?? [];
      if (JSON.stringify(before) === JSON.stringify(data.entries)) return [];
      return (before.length === 0 ? courseFlaw(classroom.calendar, 'calendars') : null) ?? [{ type: 'CalendarSet', data }];
    }
    case 'FormGroups': {
      const { type: _, ...data } = command;
      const flaw = groupsFlaw(data.groups, classroom);
      if (flaw !== null) return flaw;
      const edits = editsOf(data.suggestion ?? [], data.suggestion === undefined ? [] : data.groups);
      const isKept = edits.every((edit) => classroom.edits.some(({ learner, from, to }) => learner === edit.learner && from === edit.from && to === edit.to));
      return isKept && JSON.stringify(classroom.groups) === JSON.stringify(data.groups) ? [] : [{ type: 'GroupFormed', data }];
    }
  }
};

export const classroom: Decider<ClassroomCommand, Classroom, ClassroomEvent, ClassroomRefusal> = { initial: NO_CLASSROOM, evolve, decide };

function enrol({ classroom: id, course, learners }: EnrolLearners, { roster }: Classroom): Answer {
  const news = [...new Set(learners)].filter((learner) => !roster.get(learner)?.includes(course));
  const size = new Set([...roster.keys(), ...news]).size;
  if (size > CLASSROOM_LEARNERS_MAX) {
    return { refused: 'classroom-full', detail: `learners: classroom "${id}" would have ${size}; it may have ${CLASSROOM_LEARNERS_MAX}` };
  }
  const busy = news.find((learner) => (roster.get(learner)?.length ?? 0) >= LEARNER_COURSES_MAX);
  if (busy !== undefined) {
    return { refused: 'too-many-courses', detail: `learners: "${busy}" takes ${LEARNER_COURSES_MAX} courses here already` };
  }
  return news.map((learner) => ({ type: 'LearnerEnrolled', data: { learner, classroom: id, course } }));
}

function courseFlaw(arranged: readonly unknown[], what: string): Refusal<ClassroomRefusal> | null {
  return arranged.length < CLASSROOM_COURSES_MAX ? null : { refused: 'too-many-courses', detail: `course: the classroom has ${what} in ${CLASSROOM_COURSES_MAX} courses already; take one back first` };
}

function phasesOf({ strategy, groupStrategies }: Classroom): readonly string[] {
  const all = [strategy, ...groupStrategies.map((each) => each.strategy)];
  return [...new Set(all.flatMap((each) => (each?.preset === 'blended' && each.mix.by === 'phase' ? each.mix.phases.map(({ phase }) => phase) : [])))];
}

function groupsFlaw(groups: readonly Group[], { roster }: Classroom): Refusal<ClassroomRefusal> | null {
  if (groups.length > GROUPS_MAX) return { refused: 'too-many-groups', detail: `groups: ${groups.length} given; a classroom has ${GROUPS_MAX} at most` };
  const placed = new Map<LearnerId, string>();
  for (const [at, { group, learners }] of groups.entries()) {
    if (groups.findIndex((each) => each.group === group) < at) return { refused: 'duplicate-group', detail: `groups[${at}].group: "${group}" is used twice` };
    for (const [n, learner] of learners.entries()) {
      if (!roster.has(learner)) return { refused: 'learner-not-enrolled', detail: `groups[${at}].learners[${n}]: "${learner}" is not enrolled in this classroom` };
      const other = placed.get(learner);
      if (other !== undefined) return { refused: 'learner-in-two-groups', detail: `groups[${at}].learners[${n}]: "${learner}" is in "${other}" already; a learner is in one group at a time` };
      placed.set(learner, group);
    }
  }
  return null;
}
