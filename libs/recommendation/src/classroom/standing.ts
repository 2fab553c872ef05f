// Where a learner stands in a course now: what every page of a teacher and every forecast begins with.
import type { Instant } from '@trellis/event-sourcing';
import type { LearnerId, Skill } from '@trellis/learning';
import { newSkill, recallOf, type LearnerState, type SkillState } from '@trellis/views';
import type { CourseMap, Needed } from '../course-map.js';
import { aimOf, objectiveOf, type Aim } from '../pipeline/objective.js';
import type { ClassroomSituation } from '../situation.js';
import { strategyInForce, type StrategyInForce } from '../strategy-in-force.js';

export interface SkillStanding {
  readonly number: number;
  readonly skill: Skill;
  /** Of a skill without answers: what is assumed of it. */
  readonly state: SkillState;
  /** P(known) from which it counts as mastered. */
  readonly mark: number;
  readonly mastered: boolean;
  /** What a person said of it; null: nobody did, so the answers decide. */
  readonly attested: boolean | null;
  /** P(remembered now); null before the first answer. */
  readonly recall: number | null;
  readonly reviewDue: boolean;
  /** What it builds on is known well enough to practise it. */
  readonly ready: boolean;
}

export interface Standing {
  readonly learner: LearnerId;
  readonly state: LearnerState;
  readonly map: CourseMap;
  readonly now: Instant;
  /** By the number of the skill. */
  readonly skills: readonly SkillStanding[];
  readonly strategy: StrategyInForce;
  readonly aim: Aim;
}

export interface StandingQuestion {
  readonly learner: LearnerId;
  readonly state: LearnerState;
  readonly map: CourseMap;
  readonly classroom: ClassroomSituation | null;
  readonly now: Instant;
}

/** P(known) of every prerequisite from which a skill can be practised with profit, by the strength of the link. */
const READY_AT = { hard: 0.8, soft: 0.5 } as const;

export function standingOf({ learner, state, map, classroom, now }: StandingQuestion): Standing {
  const asked = { state, map, classroom };
  const objective = objectiveOf(asked)?.objective;
  const strategy = strategyInForce({
    learner,
    plan: state.plan,
    classroom: classroom?.state ?? null,
    now,
    sittingAt: state.sitting.startedAt,
    ...(objective === undefined ? {} : { objective }),
  });
  const skills = skillsOf(state, map, { now, masteryAt: strategy.settings.masteryAt });
  return { learner, state, map, now, skills, strategy, aim: aimOf(asked, strategy) };
}

/** `masteryAt`: one mark for every skill; null: the course's, else the calibration's. */
export function skillsOf(state: LearnerState, map: CourseMap, { now, masteryAt }: { readonly now: Instant; readonly masteryAt: number | null }): readonly SkillStanding[] {
  const { calibration, plan } = state;
  const certified = new Set(plan.certified.map(({ skill }) => skill));
  const attested = new Map(plan.attested.map(({ skill, mastered }) => [skill, mastered]));
  const unseen = newSkill(calibration);
  const known = map.skills.map(({ skill }) => state.skills.get(skill.id) ?? (calibration.skills.has(skill.id) ? newSkill(calibration, skill.id) : unseen));
  const alone = map.skills.map(({ skill, number }) => {
    const at = known[number] ?? unseen;
    const mark = masteryAt ?? skill.masteryAt ?? calibration.masteredAt;
    const word = attested.get(skill.id) ?? null;
    const mastered = word ?? (1 - at.unrecalled >= mark || certified.has(skill.id));
    const recall = recallOf(at, now, calibration);
    return { number, skill, state: at, mark, mastered, attested: word, recall, reviewDue: mastered && recall !== null && recall < calibration.reviewBelow };
  });
  return alone.map((each) => {
    const links = map.skills[each.number]?.prerequisites ?? [];
    return { ...each, ready: links.every(({ skill, strength }) => alone[skill]?.mastered === true || (alone[skill]?.state.known ?? 0) >= READY_AT[strength]) };
  });
}

/** P(known and remembered now); what a person said of it counts as they said. */
export function presentOf({ state, recall, attested }: SkillStanding): number {
  return attested === null ? state.known * (recall ?? 1) : Number(attested);
}

/** What the skills of an aim are that can be practised at all, in learning order. */
export function practisable(map: CourseMap, { needed }: Pick<Needed, 'needed'>): readonly number[] {
  return map.learningOrder.filter((number) => needed.has(number) && hasItems(map, number));
}

export function hasItems(map: CourseMap, number: number): boolean {
  const skill = map.skills[number];
  return skill !== undefined && skill.practice.length + skill.lessons.length > 0;
}
