// What is left to each of a learner's goals, and whether its date holds.
import type { Goal, SkillId } from '@trellis/learning';
import type { CourseMap } from '../course-map.js';
import { dateForecast, workLeft, type DateForecast, type Work } from './forecast.js';
import { answersPerDay, DAY_MS } from './pace.js';
import { reviewLoad } from './review-load.js';
import type { Standing } from './standing.js';

export interface GoalForecast {
  readonly title: string;
  /** Null: the course does not hold what the goal names any more. */
  readonly work: Work | null;
  /** Null: the goal has no date. */
  readonly date: DateForecast | null;
}

export function goalForecast(standing: Standing, goal: Goal): GoalForecast {
  const { map, state, now } = standing;
  const objective = map.course.content.objectives.find(({ id }) => id === goal.objective);
  const targets = numbersOf(map, goal.skills ?? objective?.skills ?? []);
  const [first] = targets;
  if (first === undefined) return { title: goal.objective ?? goal.skills?.join(', ') ?? goal.goal, work: null, date: null };
  const work = workLeft(standing, withPrerequisites(map, targets));
  const title = objective?.title ?? map.skills[first]?.skill.title ?? goal.goal;
  const { due, minutesPerWeek } = goal;
  if (due === undefined) return { title, work, date: null };
  const reviews = reviewLoad(standing).reviews.filter(({ day }) => now + day * DAY_MS < due).length;
  const date = dateForecast(work, { due, now, perDay: answersPerDay(state, now), reviews, ...(minutesPerWeek === undefined ? {} : { minutesPerWeek }) });
  return { title, work, date };
}

function numbersOf(map: CourseMap, skills: readonly SkillId[]): readonly number[] {
  return skills.flatMap((skill) => map.numberOf.get(skill) ?? []);
}

function withPrerequisites(map: CourseMap, targets: readonly number[]): ReadonlySet<number> {
  const needed = new Set(targets);
  // A set lists what is added while it is walked.
  for (const number of needed) for (const { skill } of map.skills[number]?.prerequisites ?? []) needed.add(skill);
  return needed;
}
