// The aggregate of a learner's plan: goals, and every word of a teacher about this learner. Lives in the learner's stream and row, beside what was observed.
import type { Decider, DomainEvent, Instant, Refusal } from '@trellis/event-sourcing';
import type { CourseId, ItemId, ObjectiveId, SkillId } from './ids.js';
import type { AssessmentCompleted, AssessmentRequested, By, Declined, Goal, MasteryCertified, PlacementConcluded, PlacementStarted, PlanEvent } from './plan-events.js';
import { strategyFlaw, type Strategy, type StrategyRefusal } from './strategy.js';

// --- State: plain data, so that it goes into the learner's row as it is. ---

export interface Plan {
  readonly goals: readonly (Goal & { readonly at: Instant })[];
  readonly proposed: readonly (Goal & { readonly by: By })[];
  readonly strategy: Strategy | null;
  readonly objectives: readonly { readonly course: CourseId; readonly objective: ObjectiveId; readonly locked: boolean }[];
  readonly pins: readonly { readonly item: ItemId; readonly attempts: number; readonly by: By }[];
  readonly excludedItems: readonly ItemId[];
  readonly excludedSkills: readonly SkillId[];
  readonly attested: readonly { readonly skill: SkillId; readonly mastered: boolean; readonly by: By }[];
  readonly certified: readonly { readonly skill: SkillId; readonly assessment: string; readonly at: Instant }[];
  readonly paused: { readonly by: By; readonly note?: string } | null;
  /** The newest last. */
  readonly declined: readonly Declined[];
  readonly placement: (PlacementStarted['data'] & { readonly concluded: boolean }) | null;
  readonly assessment: (AssessmentRequested['data'] & { readonly completed: boolean }) | null;
}

export const NO_PLAN: Plan = {
  goals: [],
  proposed: [],
  strategy: null,
  objectives: [],
  pins: [],
  excludedItems: [],
  excludedSkills: [],
  attested: [],
  certified: [],
  paused: null,
  declined: [],
  placement: null,
  assessment: null,
};

export const GOALS_MAX = 5;
export const GOAL_SKILLS_MAX = 200;
export const LEARNER_OBJECTIVES_MAX = 5;
export const PINS_MAX = 20;
export const EXCLUDED_MAX = 200;
export const ATTESTED_MAX = 200;
export const CERTIFIED_MAX = 500;
export const DECLINED_MAX = 8;

/** The newest word stands; lists are bounded, and lose their oldest where nobody could refuse. */
const evolve = (plan: Plan, event: DomainEvent): Plan => {
  const { type, data } = event as PlanEvent;
  switch (type) {
    case 'GoalProposed':
      return { ...plan, proposed: [...plan.proposed.filter(({ goal }) => goal !== data.goal), data].slice(-GOALS_MAX) };
    case 'GoalSet': {
      const { by: _, ...goal } = data;
      return { ...plan, goals: [...plan.goals.filter((each) => each.goal !== data.goal), goal], proposed: plan.proposed.filter((each) => each.goal !== data.goal) };
    }
    case 'GoalDropped':
      return { ...plan, goals: plan.goals.filter(({ goal }) => goal !== data.goal), proposed: plan.proposed.filter(({ goal }) => goal !== data.goal) };
    case 'RecommendationAccepted':
      return plan;
    case 'RecommendationDeclined':
      return { ...plan, declined: [...plan.declined, data].slice(-DECLINED_MAX) };
    case 'MasteryAttested': {
      const others = plan.attested.filter(({ skill }) => skill !== data.skill);
      return { ...plan, attested: data.mastered === null ? others : [...others, { skill: data.skill, mastered: data.mastered, by: data.by }].slice(-ATTESTED_MAX) };
    }
    case 'ItemPinned': {
      const others = plan.pins.filter(({ item }) => item !== data.item);
      if (!data.pinned) return { ...plan, pins: others };
      const { item, attempts, by } = data;
      return { ...plan, pins: [...others, { item, attempts, by }], excludedItems: plan.excludedItems.filter((each) => each !== item) };
    }
    case 'ItemExcluded': {
      const { item, skill, excluded } = data;
      const items = plan.excludedItems.filter((each) => each !== item);
      const skills = plan.excludedSkills.filter((each) => each !== skill);
      return {
        ...plan,
        excludedItems: item !== undefined && excluded ? [...items, item] : items,
        excludedSkills: skill !== undefined && excluded ? [...skills, skill] : skills,
        pins: excluded ? plan.pins.filter((pin) => pin.item !== item) : plan.pins,
      };
    }
    case 'StrategyChosen':
      return { ...plan, strategy: data.strategy };
    case 'ObjectiveSet': {
      const { course, objective, locked } = data;
      const others = plan.objectives.filter((each) => each.course !== course);
      return { ...plan, objectives: objective === null ? others : [...others, { course, objective, locked }] };
    }
    case 'EnginePaused':
      return { ...plan, paused: data.paused ? { by: data.by, ...(data.note === undefined ? {} : { note: data.note }) } : null };
    case 'PlacementStarted':
      return { ...plan, placement: { ...data, concluded: false } };
    case 'PlacementConcluded':
      return plan.placement?.placement === data.placement ? { ...plan, placement: { ...plan.placement, concluded: true } } : plan;
    case 'AssessmentRequested':
      return { ...plan, assessment: { ...data, completed: false } };
    case 'AssessmentCompleted':
      return plan.assessment?.assessment === data.assessment ? { ...plan, assessment: { ...plan.assessment, completed: true } } : plan;
    case 'MasteryCertified': {
      const { skill, assessment, at } = data;
      return { ...plan, certified: [...plan.certified.filter((each) => each.skill !== skill), { skill, assessment, at }].slice(-CERTIFIED_MAX) };
    }
  }
  // A learner's stream holds other events too.
  return plan;
};

// --- Decisions. Whether what they name is in the course is for the caller to know. ---

export type PlanCommand =
  | { readonly type: 'SetGoals'; readonly goals: readonly Goal[]; readonly by: By; readonly at: Instant }
  | { readonly type: 'ProposeGoal'; readonly goal: Goal; readonly by: By }
  | { readonly type: 'AcceptRecommendation'; readonly accepted: Extract<PlanEvent, { type: 'RecommendationAccepted' }>['data'] }
  | { readonly type: 'DeclineRecommendation'; readonly declined: Declined }
  | { readonly type: 'AttestMastery'; readonly skill: SkillId; readonly mastered: boolean | null; readonly by: By; readonly note?: string }
  | { readonly type: 'PinItems'; readonly pins: readonly { readonly item: ItemId; readonly attempts: number }[]; readonly by: By; readonly note?: string }
  | { readonly type: 'Exclude'; readonly items: readonly ItemId[]; readonly skills: readonly SkillId[]; readonly by: By; readonly note?: string }
  | { readonly type: 'ChooseStrategy'; readonly strategy: Strategy | null; readonly by: By }
  | { readonly type: 'SetObjective'; readonly course: CourseId; readonly objective: ObjectiveId | null; readonly locked: boolean; readonly by: By }
  | { readonly type: 'PauseEngine'; readonly paused: boolean; readonly by: By; readonly note?: string }
  | { readonly type: 'StartPlacement'; readonly placement: PlacementStarted['data'] }
  | { readonly type: 'ConcludePlacement'; readonly conclusion: PlacementConcluded['data'] }
  | { readonly type: 'RequestAssessment'; readonly request: AssessmentRequested['data'] }
  | { readonly type: 'CompleteAssessment'; readonly completion: AssessmentCompleted['data']; readonly certificates: readonly MasteryCertified['data'][] };

export type PlanRefusal =
  | StrategyRefusal
  | 'too-many-goals'
  | 'goal-without-skills'
  | 'too-many-goal-skills'
  | 'duplicate-goal'
  | 'too-many-objectives'
  | 'too-many-pins'
  | 'too-many-exclusions'
  | 'too-many-attestations'
  | 'no-such-placement'
  | 'placement-concluded'
  | 'no-such-assessment';

type Answer = readonly PlanEvent[] | Refusal<PlanRefusal>;

const decide = (command: PlanCommand, plan: Plan): Answer => {
  switch (command.type) {
    case 'SetGoals':
      return setGoals(command, plan);
    case 'ProposeGoal': {
      const event: PlanEvent = { type: 'GoalProposed', data: { ...command.goal, by: command.by } };
      return goalFlaw([command.goal]) ?? (plan.proposed.some((each) => isSame(each, event.data)) || isSet(command.goal, plan) ? [] : [event]);
    }
    case 'AcceptRecommendation':
      return [{ type: 'RecommendationAccepted', data: command.accepted }];
    case 'DeclineRecommendation':
      return plan.declined.some((each) => isSame({ ...each, at: 0 }, { ...command.declined, at: 0 })) ? [] : [{ type: 'RecommendationDeclined', data: command.declined }];
    case 'AttestMastery': {
      const { type: _, ...data } = command;
      const before = plan.attested.find(({ skill }) => skill === data.skill)?.mastered ?? null;
      if (before === data.mastered) return [];
      if (before === null && plan.attested.length >= ATTESTED_MAX) return { refused: 'too-many-attestations', detail: `skill: ${ATTESTED_MAX} skills are attested already; take one back first` };
      return [{ type: 'MasteryAttested', data }];
    }
    case 'PinItems':
      return pinItems(command, plan);
    case 'Exclude':
      return exclude(command, plan);
    case 'ChooseStrategy': {
      const flaw = command.strategy === null ? null : strategyFlaw(command.strategy);
      if (flaw !== null) return flaw;
      return isSame(plan.strategy, command.strategy) ? [] : [{ type: 'StrategyChosen', data: { strategy: command.strategy, by: command.by } }];
    }
    case 'SetObjective': {
      const { type: _, ...data } = command;
      const before = plan.objectives.find(({ course }) => course === data.course);
      if (data.objective === null ? before === undefined : isSame(before, { course: data.course, objective: data.objective, locked: data.locked })) return [];
      if (before === undefined && plan.objectives.length >= LEARNER_OBJECTIVES_MAX) return { refused: 'too-many-objectives', detail: `course: the learner has objectives of their own in ${LEARNER_OBJECTIVES_MAX} courses already` };
      return [{ type: 'ObjectiveSet', data }];
    }
    case 'PauseEngine': {
      const { type: _, ...data } = command;
      return (plan.paused !== null) === data.paused ? [] : [{ type: 'EnginePaused', data }];
    }
    case 'StartPlacement':
      return plan.placement?.placement === command.placement.placement ? [] : [{ type: 'PlacementStarted', data: command.placement }];
    case 'ConcludePlacement': {
      const { placement } = command.conclusion;
      if (plan.placement?.placement !== placement) return { refused: 'no-such-placement', detail: `placement: "${placement}" is not the learner's newest one` };
      return plan.placement.concluded ? { refused: 'placement-concluded', detail: `placement: "${placement}" is concluded already` } : [{ type: 'PlacementConcluded', data: command.conclusion }];
    }
    case 'RequestAssessment':
      return plan.assessment?.assessment === command.request.assessment ? [] : [{ type: 'AssessmentRequested', data: command.request }];
    case 'CompleteAssessment': {
      const { assessment } = command.completion;
      if (plan.assessment?.assessment !== assessment) return { refused: 'no-such-assessment', detail: `assessment: "${assessment}" is not the learner's newest one` };
      if (plan.assessment.completed) return [];
      return [{ type: 'AssessmentCompleted', data: command.completion }, ...command.certificates.map((data): PlanEvent => ({ type: 'MasteryCertified', data }))];
    }
  }
};

export const learnerPlan: Decider<PlanCommand, Plan, PlanEvent, PlanRefusal> = { initial: NO_PLAN, evolve, decide };

function setGoals({ goals, by, at }: Extract<PlanCommand, { type: 'SetGoals' }>, plan: Plan): Answer {
  const flaw = goalFlaw(goals);
  if (flaw !== null) return flaw;
  const kept = new Set(goals.map(({ goal }) => goal));
  const dropped = plan.goals.filter(({ goal }) => !kept.has(goal));
  const changed = goals.filter((goal) => !isSet(goal, plan));
  return [
    ...dropped.map(({ goal }): PlanEvent => ({ type: 'GoalDropped', data: { goal, by } })),
    ...changed.map((goal): PlanEvent => ({ type: 'GoalSet', data: { ...goal, by, at } })),
  ];
}

function isSet(goal: Goal, { goals }: Plan): boolean {
  const { at: _, ...before } = goals.find((each) => each.goal === goal.goal) ?? { at: 0 };
  return isSame(before, goal);
}

function goalFlaw(goals: readonly Goal[]): Refusal<PlanRefusal> | null {
  if (goals.length > GOALS_MAX) return { refused: 'too-many-goals', detail: `goals: ${goals.length} given; a learner works towards ${GOALS_MAX} at most` };
  for (const [at, { goal, objective, skills }] of goals.entries()) {
    if (goals.findIndex((each) => each.goal === goal) < at) return { refused: 'duplicate-goal', detail: `goals[${at}].goal: "${goal}" is used twice` };
    if ((objective === undefined) === (skills === undefined || skills.length === 0)) {
      return { refused: 'goal-without-skills', detail: `goals[${at}]: goal "${goal}" names ${objective === undefined ? 'neither an objective nor skills' : 'an objective and skills'}; name one of the two` };
    }
    if (skills !== undefined && skills.length > GOAL_SKILLS_MAX) {
      return { refused: 'too-many-goal-skills', detail: `goals[${at}].skills: ${skills.length} given; a goal names ${GOAL_SKILLS_MAX} at most` };
    }
  }
  return null;
}

function pinItems({ pins, by, note }: Extract<PlanCommand, { type: 'PinItems' }>, plan: Plan): Answer {
  if (pins.length > PINS_MAX) return { refused: 'too-many-pins', detail: `items: ${pins.length} given; ${PINS_MAX} can be pinned` };
  const kept = new Set(pins.map(({ item }) => item));
  const event = (item: ItemId, attempts: number, pinned: boolean): PlanEvent => ({ type: 'ItemPinned', data: { item, pinned, attempts, by, ...(note === undefined ? {} : { note }) } });
  return [
    ...plan.pins.filter(({ item }) => !kept.has(item)).map(({ item, attempts }) => event(item, attempts, false)),
    // Pinned again after it was answered, it comes again.
    ...pins.filter(({ item, attempts }) => plan.pins.find((each) => each.item === item)?.attempts !== attempts).map(({ item, attempts }) => event(item, attempts, true)),
  ];
}

function exclude({ items, skills, by, note }: Extract<PlanCommand, { type: 'Exclude' }>, plan: Plan): Answer {
  const count = items.length + skills.length;
  if (count > EXCLUDED_MAX) return { refused: 'too-many-exclusions', detail: `items, skills: ${count} given; ${EXCLUDED_MAX} can be excluded` };
  const word = { by, ...(note === undefined ? {} : { note }) };
  const ofItem = (item: ItemId, excluded: boolean): PlanEvent => ({ type: 'ItemExcluded', data: { item, excluded, ...word } });
  const ofSkill = (skill: SkillId, excluded: boolean): PlanEvent => ({ type: 'ItemExcluded', data: { skill, excluded, ...word } });
  return [
    ...plan.excludedItems.filter((item) => !items.includes(item)).map((item) => ofItem(item, false)),
    ...plan.excludedSkills.filter((skill) => !skills.includes(skill)).map((skill) => ofSkill(skill, false)),
    ...items.filter((item) => !plan.excludedItems.includes(item)).map((item) => ofItem(item, true)),
    ...skills.filter((skill) => !plan.excludedSkills.includes(skill)).map((skill) => ofSkill(skill, true)),
  ];
}

/** Plain data, whatever the order of its members. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  const names = Object.keys(x);
  return names.length === Object.keys(y).length && names.every((name) => isSame(x[name], y[name]));
}
