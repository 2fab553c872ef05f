import fc from 'fast-check';
import { isRefusal } from '@trellis/event-sourcing';
import { live, specFor } from '@trellis/event-sourcing/testing';
import type { CourseId, ItemId, ObjectiveId, RecommendationId, SkillId } from './ids.js';
import { ATTESTED_MAX, DECLINED_MAX, EXCLUDED_MAX, GOAL_SKILLS_MAX, GOALS_MAX, LEARNER_OBJECTIVES_MAX, learnerPlan, NO_PLAN, PINS_MAX, type Plan, type PlanCommand } from './plan.js';
import type { Declined, Goal, PlanEvent } from './plan-events.js';

const given = specFor(learnerPlan);

// Casts: the texts keep to the patterns of their kinds.
const algebra = 'algebra' as CourseId;
const [a, b] = ['a' as SkillId, 'b' as SkillId];
const [i1, i2] = ['i1' as ItemId, 'i2' as ItemId];
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `n${n}`);

const folded = (...events: readonly PlanEvent[]): Plan => events.reduce(learnerPlan.evolve, NO_PLAN);
const detail = (command: PlanCommand, plan = NO_PLAN): string | undefined => {
  const answer = learnerPlan.decide(command, plan);
  return isRefusal(answer) ? answer.detail : 'not refused';
};

const goal = (change: Partial<Goal> = {}): Goal => ({ goal: 'g1', course: algebra, objective: 'lines' as ObjectiveId, ...change });
const skillsGoal = (id: string, ...skills: readonly SkillId[]): Goal => ({ goal: id, course: algebra, skills });
const setGoals = (...goals: readonly Goal[]): PlanCommand => ({ type: 'SetGoals', goals, by: 'learner', at: 7 });
const goalSet = (of: Goal): PlanEvent => ({ type: 'GoalSet', data: { ...of, by: 'learner', at: 7 } });

describe('goals', () => {
  it('are set', () => given().when(setGoals(goal())).then(goalSet(goal())));
  it('that are so already change nothing', () => given(goalSet(goal())).when(setGoals(goal())).thenNothing());
  it('that are left out are dropped', () => given(goalSet(goal())).when(setGoals(skillsGoal('g2', a))).then({ type: 'GoalDropped', data: { goal: 'g1', by: 'learner' } }, goalSet(skillsGoal('g2', a))));
  it('may change', () => given(goalSet(goal())).when(setGoals(goal({ due: 9 }))).then(goalSet(goal({ due: 9 }))));
  it('are proposed beside those that there are', () => {
    const proposal: PlanCommand = { type: 'ProposeGoal', goal: skillsGoal('g2', a), by: 'teacher' };
    const proposed: PlanEvent = { type: 'GoalProposed', data: { ...skillsGoal('g2', a), by: 'teacher' } };
    given(goalSet(goal())).when(proposal).then(proposed);
    given(proposed).when(proposal).thenNothing();
    given(proposed, goalSet(skillsGoal('g2', a))).when(proposal).thenNothing();
    expect(folded(proposed, goalSet(skillsGoal('g2', a)))).toMatchObject({ proposed: [], goals: [{ goal: 'g2', at: 7 }] });
  });
  it('are refused where there are too many', () => given().when(setGoals(...many(GOALS_MAX + 1).map((id) => goal({ goal: id })))).thenRefused('too-many-goals'));
  it('are refused where one is there twice', () => given().when(setGoals(goal(), goal({ due: 9 }))).thenRefused('duplicate-goal'));
  it('are refused without an objective or skills, and with both', () => {
    const wrong: Goal[] = [{ goal: 'g1', course: algebra }, skillsGoal('g1'), goal({ skills: [a] })];
    for (const each of wrong) given().when(setGoals(each)).thenRefused('goal-without-skills');
    expect(wrong.map((each) => detail(setGoals(each)))).toEqual([
      'goals[0]: goal "g1" names neither an objective nor skills; name one of the two',
      'goals[0]: goal "g1" names neither an objective nor skills; name one of the two',
      'goals[0]: goal "g1" names an objective and skills; name one of the two',
    ]);
  });
  it('are refused with more skills than a goal may name', () => given().when(setGoals(skillsGoal('g1', ...(many(GOAL_SKILLS_MAX + 1) as SkillId[])))).thenRefused('too-many-goal-skills'));
});

describe('a recommendation', () => {
  const declined = (n = 1): Declined => ({ recommendation: `recommendation-${n}` as RecommendationId, items: [i1], skills: [a], why: 'too-hard', at: n });
  const decline = (of: Declined): PlanCommand => ({ type: 'DeclineRecommendation', declined: of });

  it('is accepted', () => {
    const accepted = { recommendation: 'recommendation-1' as RecommendationId, item: i1 };
    given().when({ type: 'AcceptRecommendation', accepted }).then({ type: 'RecommendationAccepted', data: accepted });
  });
  it('is declined once for one reason', () => {
    given().when(decline(declined())).then({ type: 'RecommendationDeclined', data: declined() });
    given({ type: 'RecommendationDeclined', data: declined() }).when(decline({ ...declined(), at: 99 })).thenNothing();
    given({ type: 'RecommendationDeclined', data: declined() }).when(decline({ ...declined(), why: 'other' })).then({ type: 'RecommendationDeclined', data: { ...declined(), why: 'other' } });
  });
  it('is remembered as long as it is among the newest', () => {
    const all = many(DECLINED_MAX + 2).map((_, n): PlanEvent => ({ type: 'RecommendationDeclined', data: declined(n) }));
    expect(folded(...all).declined.map(({ at }) => at)).toEqual(many(DECLINED_MAX).map((_, n) => n + 2));
  });
});

describe('mastery that somebody attests', () => {
  const attest = (skill: SkillId, mastered: boolean | null): PlanCommand => ({ type: 'AttestMastery', skill, mastered, by: 'teacher' });
  const attested = (skill: SkillId, mastered: boolean | null): PlanEvent => ({ type: 'MasteryAttested', data: { skill, mastered, by: 'teacher' } });

  it('stands', () => given().when(attest(a, true)).then(attested(a, true)));
  it('is attested once', () => given(attested(a, true)).when(attest(a, true)).thenNothing());
  it('can be denied, and taken back', () => {
    given(attested(a, true)).when(attest(a, false)).then(attested(a, false));
    given(attested(a, true)).when(attest(a, null)).then(attested(a, null));
    given().when(attest(a, null)).thenNothing();
    expect(folded(attested(a, true), attested(b, false), attested(a, null)).attested).toEqual([{ skill: b, mastered: false, by: 'teacher' }]);
  });
  it('is refused for one skill too many, but not taken back or changed', () => {
    const full = many(ATTESTED_MAX).map((id) => attested(id as SkillId, true));
    given(...full).when(attest('one-more' as SkillId, true)).thenRefused('too-many-attestations');
    given(...full).when(attest('n5' as SkillId, false)).then(attested('n5' as SkillId, false));
  });
});

describe('pins and exclusions', () => {
  const pin = (...items: readonly ItemId[]): PlanCommand => ({ type: 'PinItems', pins: items.map((item) => ({ item, attempts: 0 })), by: 'teacher' });
  const pinned = (item: ItemId, isPinned = true, attempts = 0): PlanEvent => ({ type: 'ItemPinned', data: { item, pinned: isPinned, attempts, by: 'teacher' } });
  const exclude = (items: readonly ItemId[], skills: readonly SkillId[] = []): PlanCommand => ({ type: 'Exclude', items, skills, by: 'teacher' });
  const excluded = (item: ItemId, isExcluded = true): PlanEvent => ({ type: 'ItemExcluded', data: { item, excluded: isExcluded, by: 'teacher' } });
  const excludedSkill = (skill: SkillId, isExcluded = true): PlanEvent => ({ type: 'ItemExcluded', data: { skill, excluded: isExcluded, by: 'teacher' } });

  it('are whole lists', () => {
    given().when(pin(i1)).then(pinned(i1));
    given(pinned(i1)).when(pin(i2)).then(pinned(i1, false), pinned(i2));
    given(pinned(i1)).when(pin(i1)).thenNothing();
    given(pinned(i1)).when(pin()).then(pinned(i1, false));
    given().when(exclude([i1], [a])).then(excluded(i1), excludedSkill(a));
    given(excluded(i1), excludedSkill(a)).when(exclude([i2], [a])).then(excluded(i1, false), excluded(i2));
    given(excluded(i1), excludedSkill(a)).when(exclude([], [])).then(excluded(i1, false), excludedSkill(a, false));
  });
  it('are said again where an item was answered since it was pinned', () => {
    given(pinned(i1)).when({ type: 'PinItems', pins: [{ item: i1, attempts: 3 }], by: 'teacher' }).then(pinned(i1, true, 3));
  });
  it('take each other back: the newest word stands', () => {
    expect(folded(excluded(i1), pinned(i1))).toMatchObject({ pins: [{ item: i1 }], excludedItems: [] });
    expect(folded(pinned(i1), excluded(i1))).toMatchObject({ pins: [], excludedItems: [i1] });
  });
  it('of a skill leave the pins of its items: a pin says more', () => {
    expect(folded(pinned(i1), excludedSkill(a))).toMatchObject({ pins: [{ item: i1 }], excludedSkills: [a] });
  });
  it('have a maximum', () => {
    given().when(pin(...(many(PINS_MAX + 1) as ItemId[]))).thenRefused('too-many-pins');
    given().when(exclude(many(EXCLUDED_MAX) as ItemId[], [a])).thenRefused('too-many-exclusions');
    expect(detail(exclude(many(EXCLUDED_MAX) as ItemId[], [a]))).toBe('items, skills: 201 given; 200 can be excluded');
  });
});

describe('how the learner is taught', () => {
  it('is by a strategy of their own until it is taken back', () => {
    const choose = (strategy: Plan['strategy']): PlanCommand => ({ type: 'ChooseStrategy', strategy, by: 'teacher' });
    const chosen: PlanEvent = { type: 'StrategyChosen', data: { strategy: { preset: 'personalized' }, by: 'teacher' } };
    given().when(choose({ preset: 'personalized' })).then(chosen);
    given(chosen).when(choose({ preset: 'personalized' })).thenNothing();
    given(chosen).when(choose(null)).then({ type: 'StrategyChosen', data: { strategy: null, by: 'teacher' } });
    given().when(choose({ preset: 'personalized', settings: { pace: 'class' } })).thenRefused('impossible-strategy');
  });
  it('is towards an objective of their own, one a course', () => {
    const objective = (course: string, of: string | null, locked = false): Extract<PlanCommand, { type: 'SetObjective' }> => ({ type: 'SetObjective', course: course as CourseId, objective: of as ObjectiveId | null, locked, by: 'teacher' });
    const set = ({ type: _, ...data }: ReturnType<typeof objective>): PlanEvent => ({ type: 'ObjectiveSet', data });
    given().when(objective('algebra', 'lines')).then(set(objective('algebra', 'lines')));
    given(set(objective('algebra', 'lines'))).when(objective('algebra', 'lines')).thenNothing();
    given(set(objective('algebra', 'lines'))).when(objective('algebra', 'lines', true)).then(set(objective('algebra', 'lines', true)));
    given().when(objective('algebra', null)).thenNothing();
    expect(folded(set(objective('algebra', 'lines')), set(objective('algebra', null))).objectives).toEqual([]);
    given(...many(LEARNER_OBJECTIVES_MAX).map((course) => set(objective(course, 'lines')))).when(objective('one-more', 'lines')).thenRefused('too-many-objectives');
  });
  it('is by nobody while the engine is paused', () => {
    const paused: PlanEvent = { type: 'EnginePaused', data: { paused: true, by: 'teacher', note: 'ill' } };
    given().when({ type: 'PauseEngine', paused: true, by: 'teacher', note: 'ill' }).then(paused);
    given(paused).when({ type: 'PauseEngine', paused: true, by: 'teacher' }).thenNothing();
    given(paused).when({ type: 'PauseEngine', paused: false, by: 'teacher' }).then({ type: 'EnginePaused', data: { paused: false, by: 'teacher' } });
    expect([folded(paused).paused, folded(paused, { type: 'EnginePaused', data: { paused: false, by: 'teacher' } })]).toEqual([{ by: 'teacher', note: 'ill' }, NO_PLAN]);
  });
});

describe('a placement', () => {
  const placement = { placement: 'p1', course: algebra, seed: 7, at: 1 };
  const conclusion = { placement: 'p1', course: algebra, priors: [{ skill: a, known: 0.9 }], questions: 20, why: 'sure', at: 2 };
  const started: PlanEvent = { type: 'PlacementStarted', data: placement };
  const concluded: PlanEvent = { type: 'PlacementConcluded', data: conclusion };

  it('is started once and concluded once', () => {
    given().when({ type: 'StartPlacement', placement }).then({ type: 'PlacementStarted', data: placement });
    given(started).when({ type: 'StartPlacement', placement }).thenNothing();
    given(started).when({ type: 'ConcludePlacement', conclusion }).then({ type: 'PlacementConcluded', data: conclusion });
    given(started, concluded).when({ type: 'ConcludePlacement', conclusion }).thenRefused('placement-concluded');
  });
  it('is not concluded where another is the newest', () => given().when({ type: 'ConcludePlacement', conclusion }).thenRefused('no-such-placement'));
});

describe('an assessment', () => {
  const request = { assessment: 't1', course: algebra, kind: 'summative', skills: [a, b], items: [i1, i2], by: 'learner', at: 1 } as const;
  const completion = { assessment: 't1', certified: [a], missing: [{ skill: b, why: 'wrong' }], at: 2 };
  const certificate = { skill: a, assessment: 't1', right: 3, asked: 3, known: 0.97, at: 2 };
  const requested: PlanEvent = { type: 'AssessmentRequested', data: request };
  const complete: PlanCommand = { type: 'CompleteAssessment', completion, certificates: [certificate] };

  it('is requested once', () => {
    given().when({ type: 'RequestAssessment', request }).then(requested);
    given(requested).when({ type: 'RequestAssessment', request }).thenNothing();
  });
  it('is completed once, with its certificates', () => {
    const completed: PlanEvent[] = [{ type: 'AssessmentCompleted', data: completion }, { type: 'MasteryCertified', data: certificate }];
    given(requested).when(complete).then(...completed);
    given(requested, ...completed).when(complete).thenNothing();
    expect(folded(requested, ...completed)).toMatchObject({ assessment: { completed: true }, certified: [{ skill: a, assessment: 't1', at: 2 }] });
  });
  it('is not completed where another is the newest', () => given().when(complete).thenRefused('no-such-assessment'));
});

describe('laws', () => {
  const item = fc.constantFrom(i1, i2, 'i3' as ItemId);
  const skill = fc.constantFrom(a, b);
  const by = fc.constantFrom('learner' as const, 'teacher' as const);
  const command: fc.Arbitrary<PlanCommand> = fc.oneof(
    fc.record({ goals: fc.uniqueArray(fc.constantFrom('g1', 'g2', 'g3'), { maxLength: 3 }), due: fc.constantFrom(1, 2), by }).map(({ goals, due, by: who }): PlanCommand => ({ type: 'SetGoals', goals: goals.map((id) => goal({ goal: id, due })), by: who, at: 7 })),
    fc.record({ id: fc.constantFrom('g1', 'g4'), by }).map(({ id, by: who }): PlanCommand => ({ type: 'ProposeGoal', goal: goal({ goal: id }), by: who })),
    fc.record({ type: fc.constant('AttestMastery' as const), skill, mastered: fc.constantFrom(true, false, null), by }),
    fc.record({ items: fc.uniqueArray(item), by }).map(({ items, by: who }): PlanCommand => ({ type: 'PinItems', pins: items.map((each) => ({ item: each, attempts: 0 })), by: who })),
    fc.record({ type: fc.constant('Exclude' as const), items: fc.uniqueArray(item), skills: fc.uniqueArray(skill), by }),
    fc.record({ type: fc.constant('PauseEngine' as const), paused: fc.boolean(), by }),
    fc.record({ type: fc.constant('SetObjective' as const), course: fc.constantFrom(algebra, 'b' as CourseId), objective: fc.constantFrom(null, 'o1' as ObjectiveId), locked: fc.boolean(), by }),
  );

  it('accepts any command a second time without a second event', () => {
    fc.assert(fc.property(fc.array(command), command, (before, last) => {
      const again = learnerPlan.decide(last, live(learnerPlan, [...before, last]));
      expect(isRefusal(again) || again.length === 0).toBe(true);
    }));
  });

  it('never pins and excludes one item', () => {
    fc.assert(fc.property(fc.array(command), (commands) => {
      const { pins, excludedItems } = live(learnerPlan, commands);
      expect(pins.filter((pin) => excludedItems.includes(pin.item))).toEqual([]);
    }));
  });

  it('passes over events that are not its own', () => {
    const plan = folded(goalSet(goal()));
    expect(learnerPlan.evolve(plan, { type: 'LearnerEnrolled', data: {} })).toBe(plan);
  });
});
