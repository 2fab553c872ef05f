// Stage 1: what is worked towards, and who said so.
import type { Goal, ObjectiveId, SkillId } from '@trellis/learning';
import { leadingTo, neededSkills, type CourseMap, type Needed } from '../course-map.js';
import type { ClassroomSituation, Situation } from '../situation.js';
import type { StrategyInForce } from '../strategy-in-force.js';

export interface Aim extends Needed {
  readonly by: 'locked' | 'request' | 'learner-objective' | 'classroom' | 'goals' | 'course';
  /** Its name, for reasons: an objective's title, or the course's. */
  readonly title: string;
  readonly objective: ObjectiveId | null;
  /** Goals that the course does not hold any more. */
  readonly lostGoals: readonly string[];
}

type Asked = Pick<Situation, 'state' | 'map' | 'objective'> & { readonly classroom: ClassroomSituation | null };

/** What stands before any strategy is looked at: a mix by objective goes by it. */
export function objectiveOf({ state: { plan }, map, objective: asked, classroom }: Asked): { readonly objective: ObjectiveId; readonly by: Aim['by'] } | null {
  const { id } = map.course;
  const own = plan.objectives.find(({ course }) => course === id);
  const ofClass = classroom?.state.objectives.find(({ course }) => course === id);
  // A locked objective holds against every wish; the learner's own, being nearer, against the classroom's.
  if (own?.locked === true && isHere(map, own.objective)) return { objective: own.objective, by: 'locked' };
  if (ofClass?.locked === true && own === undefined && isHere(map, ofClass.objective)) return { objective: ofClass.objective, by: 'locked' };
  if (asked !== undefined && isHere(map, asked)) return { objective: asked, by: 'request' };
  if (own !== undefined && isHere(map, own.objective)) return { objective: own.objective, by: 'learner-objective' };
  if (ofClass !== undefined && isHere(map, ofClass.objective)) return { objective: ofClass.objective, by: 'classroom' };
  return null;
}

export function aimOf(asked: Asked, { settings }: Pick<StrategyInForce, 'settings'>): Aim {
  const { map, state } = asked;
  const standing = objectiveOf(asked);
  const isNearer = standing !== null && standing.by !== 'classroom';
  if (standing !== null && (isNearer || settings.objective === 'teacher')) return ofObjective(map, standing.objective, standing.by);
  const goals = settings.objective === 'learner' ? state.plan.goals.filter(({ course }) => course === map.course.id) : [];
  const lostGoals = goals.filter((goal) => skillsOf(map, goal).length === 0).map(({ goal }) => goal);
  const targets = goals.flatMap((goal) => skillsOf(map, goal));
  if (targets.length > 0) return { ...leadingTo(map, targets), by: 'goals', title: goalTitle(map, goals), objective: null, lostGoals };
  // Nobody has set a goal yet: the classroom's objective is better than the whole course.
  if (standing !== null && settings.objective === 'learner') return { ...ofObjective(map, standing.objective, standing.by), lostGoals };
  return { ...neededSkills(map, undefined), by: 'course', title: map.course.content.title, objective: null, lostGoals };
}

function isHere(map: CourseMap, objective: ObjectiveId): boolean {
  return map.course.content.objectives.some(({ id }) => id === objective);
}

function ofObjective(map: CourseMap, objective: ObjectiveId, by: Aim['by']): Aim {
  const title = map.course.content.objectives.find(({ id }) => id === objective)?.title ?? objective;
  return { ...neededSkills(map, objective), by, title, objective, lostGoals: [] };
}

function skillsOf(map: CourseMap, { objective, skills }: Goal): readonly number[] {
  const named: readonly SkillId[] = skills ?? map.course.content.objectives.find(({ id }) => id === objective)?.skills ?? [];
  return named.flatMap((skill) => map.numberOf.get(skill) ?? []);
}

function goalTitle(map: CourseMap, [first]: readonly Goal[]): string {
  const objective = map.course.content.objectives.find(({ id }) => id === first?.objective)?.title;
  const skill = map.course.content.skills.find(({ id }) => id === first?.skills?.[0])?.title;
  return objective ?? skill ?? map.course.content.title;
}
