// A class at a glance for its teacher: composed when it is asked for, from the classroom and the rows of its learners.
import type { Instant } from '@trellis/event-sourcing';
import { CLASSROOM_LEARNERS_MAX, type ClassroomId, type CourseId, type LearnerId, type ObjectiveId, type SkillId } from '@trellis/learning';
import type { LearnerState } from '@trellis/views';
import type { CourseMap } from '../course-map.js';
import type { ClassroomSituation } from '../situation.js';
import { calendarOf, classPace, type ClassPace } from './class-pace.js';
import { flagsOf, type Flag, type FlagKind } from './flags.js';
import { readinessOf, type Readiness } from './readiness.js';
import { reviewLoad } from './review-load.js';
import { standingOf, type Standing } from './standing.js';

export interface Member {
  readonly learner: LearnerId;
  readonly state: LearnerState;
}

export interface ClassQuestion {
  readonly map: CourseMap;
  readonly classroom: ClassroomSituation;
  /** Those who take the course, in the order of the roster; what is above `CLASSROOM_LEARNERS_MAX` is left out. */
  readonly members: readonly Member[];
  readonly now: Instant;
}

export interface BoardRow {
  readonly learner: LearnerId;
  /** What this learner works towards. */
  readonly aim: { readonly objective: ObjectiveId | null; readonly title: string; readonly by: string; readonly mastered: number; readonly needed: number };
  readonly strategy: { readonly name: string; readonly source: string; readonly phase?: string };
  /** For the aim. */
  readonly readiness: Readiness;
  /** The skills of the newest answer; null before the first. */
  readonly working: { readonly skills: readonly { readonly skill: SkillId; readonly title: string }[]; readonly run: number; readonly at: Instant } | null;
  readonly group: string | null;
  /** Days before (above 0) or behind the calendar; null: there is none. */
  readonly calendarDays: number | null;
  readonly reviewsDue: number;
  readonly flags: readonly Flag[];
}

export interface Board {
  readonly classroom: ClassroomId;
  readonly course: CourseId;
  readonly objective: { readonly objective: ObjectiveId; readonly title: string; readonly locked: boolean; readonly due?: Instant } | null;
  readonly phase: string | null;
  readonly learners: readonly BoardRow[];
  readonly totals: {
    readonly learners: number;
    /** Learners with every skill of their aim mastered. */
    readonly done: number;
    /** Mean share of the aim's skills that are mastered. */
    readonly mastered: number;
    readonly reviewsDue: number;
    /** Learners with such a flag. */
    readonly flags: { readonly [flag in FlagKind]?: number };
  };
  readonly pace: ClassPace;
}

export function standingsOf({ map, classroom, members, now }: ClassQuestion): readonly Standing[] {
  return members.slice(0, CLASSROOM_LEARNERS_MAX).map(({ learner, state }) => standingOf({ learner, state, map, classroom, now }));
}

export function classBoard(question: ClassQuestion): Board {
  const { map, classroom, now } = question;
  const { course } = map;
  const standings = standingsOf(question);
  const pace = classPace({ map, standings, entries: calendarOf(classroom.state, course.id), now });
  const learners = standings.map((standing, at) => boardRow(standing, classroom, pace, at));
  const set = classroom.state.objectives.find((each) => each.course === course.id);
  const title = course.content.objectives.find(({ id }) => id === set?.objective)?.title;
  return {
    classroom: classroom.id,
    course: course.id,
    objective: set === undefined ? null : { objective: set.objective, title: title ?? set.objective, locked: set.locked, ...(set.due === undefined ? {} : { due: set.due }) },
    phase: classroom.state.phase?.phase ?? null,
    learners,
    totals: totalsOf(learners),
    pace,
  };
}

function boardRow(standing: Standing, classroom: ClassroomSituation, pace: ClassPace, at: number): BoardRow {
  const { learner, state, map, skills, aim, strategy } = standing;
  const ownPace = pace.expected === null ? null : (pace.learners[at] ?? null);
  const reviews = reviewLoad(standing);
  const titled = (state.current?.skills ?? []).flatMap((skill) => {
    const mapped = map.skills[map.numberOf.get(skill) ?? -1];
    return mapped === undefined ? [] : [{ skill, title: mapped.skill.title }];
  });
  const { name, source, phase } = strategy;
  return {
    learner,
    aim: { objective: aim.objective, title: aim.title, by: aim.by, mastered: [...aim.needed].filter((number) => skills[number]?.mastered === true).length, needed: aim.needed.size },
    strategy: { name, source, ...(phase === undefined ? {} : { phase }) },
    readiness: readinessOf(standing, aim),
    working: state.current === null || titled.length === 0 ? null : { skills: titled, run: state.current.run, at: state.sitting.lastAnswerAt },
    group: classroom.state.groups.find(({ learners }) => learners.includes(learner))?.group ?? null,
    calendarDays: ownPace?.days ?? null,
    reviewsDue: reviews.dueNow,
    flags: flagsOf(standing, { pace: ownPace, expected: pace.expected, reviews }),
  };
}

function totalsOf(rows: readonly BoardRow[]): Board['totals'] {
  const flags: { [flag in FlagKind]?: number } = {};
  for (const row of rows) for (const kind of new Set(row.flags.map(({ flag }) => flag))) flags[kind] = (flags[kind] ?? 0) + 1;
  const share = ({ aim: { mastered, needed } }: BoardRow): number => (needed === 0 ? 0 : mastered / needed);
  return {
    learners: rows.length,
    done: rows.filter(({ aim }) => aim.needed > 0 && aim.mastered === aim.needed).length,
    mastered: rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + share(row), 0) / rows.length,
    reviewsDue: rows.reduce((sum, { reviewsDue }) => sum + reviewsDue, 0),
    flags,
  };
}
