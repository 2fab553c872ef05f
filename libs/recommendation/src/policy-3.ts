// Policy 3: aim, knowledge, eligibility, value, choice, item, pacing, reasons; each stage is a file of `pipeline`. It follows the strategy in force.
import type { ChosenItem, Reason, SkillId } from '@trellis/learning';
import { bktOf, logistic, seeded } from '@trellis/mastery';
import { hash48, SITTING_GAP_MS } from '@trellis/views';
import { touchedBy, type MappedItem, type MappedSkill } from './course-map.js';
import type { Exploration } from './drawing.js';
import { ESTIMATES_2 } from './estimates.js';
import { chances, drawSkills, EXPLORATION, firstDraw, type SkillChance } from './pipeline/choice.js';
import { eligibility, exclusionsOf, isEligible, whyKept, type Eligibility, type Exclusions, type Gatekeeping } from './pipeline/eligible.js';
import { actionOf, passedBy, whyChosen } from './pipeline/explaining.js';
import { fitFor, lowMood } from './pipeline/fitting.js';
import { itemFor } from './pipeline/items.js';
import { freshSkills, knowledgeOf, type Knowledge } from './pipeline/knowledge.js';
import { aimOf, objectiveOf, type Aim } from './pipeline/objective.js';
import { pacing } from './pipeline/pacing.js';
import { Rater, scores, valueOf, type Scores, type Scoring } from './pipeline/value.js';
import { reason } from './reasons.js';
import type { Choice, Situation } from './situation.js';
import { strategyInForce, type StrategyInForce } from './strategy-in-force.js';

/** "Not now" holds for so long. */
const NOT_NOW_MS = 2 * 3_600_000;
/** What "not now" leaves of a score, and a low mood of what would be new. */
const NOT_NOW = 0.05;

/** All that is known before anything is drawn. */
export interface Weighed {
  readonly strategy: StrategyInForce;
  readonly aim: Aim;
  readonly knowledge: Knowledge;
  readonly excluded: Exclusions;
  readonly eligible: Eligibility;
  /** In learning order; empty once every target is declared and nothing goes beyond it. */
  readonly scored: Scores;
  /** Before anything was held back. */
  readonly freely: Scores;
  readonly isReached: boolean;
  readonly isBeyond: boolean;
}

export function policy3(situation: Situation, exploration: Exploration | null = EXPLORATION): Choice {
  const weighed = weigh(situation);
  const { strategy, scored } = weighed;
  if (situation.state.plan.paused !== null) return { pacing: { action: 'rest', reason: reason('engine-paused', { by: situation.state.plan.paused.by }) }, items: [], strategy: strategy.name };
  const areOptions = strategy.settings.choices > 1;
  const count = areOptions ? Math.max(situation.count, strategy.settings.choices) : situation.count;
  const picking = new Picking(situation, weighed);
  /** Places among the scored. */
  const chosen: number[] = [];
  picking.pinned(count);
  const random = seeded(situation.seed);
  const probabilities = firstDraw(scored, exploration);
  drawSkills(scored, { count: count - picking.items.length, areOptions, exploration, random, first: probabilities }, ({ at, probability }) => {
    const found = picking.pick(at, probability);
    if (found) chosen.push(at);
    return found;
  });
  const { items } = picking;
  const whyNot = (number: number): Reason => whyKept(gatekeepingOf(situation, weighed), number);
  const [kept] = weighed.eligible.kept;
  const passed = passedBy(situation, { scored, probabilities, chosen, kept: kept === undefined ? null : { number: kept, reason: whyNot(kept) } });
  const would = chosen[0] === undefined ? null : counterfactual(situation, weighed, scored.numbers[chosen[0]] as number);
  return {
    pacing: pacing(situation, { ...weighed, whyKept: whyNot, items }),
    ...(areOptions ? { offer: 'options' } : {}),
    items: items.map((item, at) => (at === 0 && would !== null ? { ...item, counterfactual: would } : item)),
    ...(passed.length === 0 ? {} : { passed }),
    strategy: strategy.name,
  };
}

/** What a first draw would give each skill: what another strategy is judged by. */
export function chancesBy(situation: Situation, exploration: Exploration | null = EXPLORATION): readonly SkillChance[] {
  return situation.state.plan.paused === null ? chances(situation.map, weigh(situation).scored, exploration) : [];
}

export function weigh(situation: Situation): Weighed {
  const { learner, state, classroom, map, calibration, now } = situation;
  const standing = objectiveOf(situation);
  const strategy = strategyInForce({
    learner,
    plan: state.plan,
    classroom: classroom?.state ?? null,
    now,
    sittingAt: isSittingNew(situation) ? now : state.sitting.startedAt,
    ...(standing === null ? {} : { objective: standing.objective }),
  });
  const aim = aimOf(situation, strategy);
  const { masteryAt, pace, vary } = strategy.settings;
  const knowledge = knowledgeOf({ state, map, path: aim.path, calibration, now, masteryAt });
  const excluded = exclusionsOf(state.plan);
  const eligible = eligibility(gatekeepingOf(situation, { strategy, knowledge, excluded }), aim.path);
  const isReached = aim.path.every((number) => !aim.targets.has(number) || knowledge.declared[number] === 1);
  const isBeyond = isReached && pace === 'class' && vary.content && [...aim.targets].some((number) => hasExtension(situation, number, excluded));
  const going = isReached && situation.keepGoing !== true ? (isBeyond ? eligible.eligible.filter((number) => aim.targets.has(number) && hasExtension(situation, number, excluded)) : []) : eligible.eligible;
  const freely = scores(scoringOf(situation, { strategy, aim, knowledge }), going);
  const scored = heldBack(situation, { strategy, knowledge }, freely);
  return { strategy, aim, knowledge, excluded, eligible, scored, freely, isReached, isBeyond };
}

function gatekeepingOf({ map }: Situation, { strategy, knowledge, excluded }: Pick<Weighed, 'strategy' | 'knowledge' | 'excluded'>): Gatekeeping {
  return { map, knowledge, excluded, gates: strategy.settings.gates };
}

function scoringOf(situation: Situation, { strategy, aim, knowledge }: Pick<Weighed, 'strategy' | 'aim' | 'knowledge'>): Scoring {
  const { map, state, calibration } = situation;
  const { learn } = freshSkills(map, calibration);
  return { map, aim, knowledge, state, learn, isSittingNew: isSittingNew(situation), stuckAfter: strategy.settings.stuckAfter };
}

function isSittingNew({ state: { newest }, now }: Situation): boolean {
  return newest === null || now - newest.at > SITTING_GAP_MS;
}

/** An extension item of a skill that was not answered yet. */
function hasExtension({ map, state }: Situation, number: number, { items }: Exclusions): boolean {
  return map.skills[number]?.practice.some(({ item, hash }) => item.tier === 'extension' && (state.items.get(hash)?.attempts ?? 0) === 0 && !items.has(hash)) ?? false;
}

/** With its extension items alone. */
function beyond(skill: MappedSkill): MappedSkill {
  return { ...skill, practice: skill.practice.filter(({ item }) => item.tier === 'extension'), lessons: [] };
}

/** Skills of which the learner said "not now"; and what would be new, where affect varies and the learner reported a low mood. */
function heldBack({ state, map, now }: Situation, { strategy, knowledge }: Pick<Weighed, 'strategy' | 'knowledge'>, freely: Scores): Scores {
  const recent = state.plan.declined.filter(({ why, at }) => why === 'not-now' && now - at <= NOT_NOW_MS);
  const isLow = strategy.settings.vary.affect && lowMood(state, now) !== null;
  if (recent.length === 0 && !isLow) return freely;
  const skills = new Set<SkillId>(recent.flatMap((each) => each.skills));
  const { numbers } = freely;
  const isHeld = numbers.map((number) => {
    const id = map.skills[number]?.skill.id;
    const isNew = (knowledge.states[number]?.answers ?? 0) === 0;
    return id !== undefined && (skills.has(id) || (isLow && isNew));
  });
  const parts: Scores['parts'] = (at) => {
    const free = freely.parts(at);
    // To be near what was practised last recommends it no more.
    return isHeld[at] === true ? { ...free, near: 1, pause: free.pause * NOT_NOW } : free;
  };
  return { numbers, values: freely.values.map((value, at) => (isHeld[at] === true ? valueOf(parts(at)) : value)), parts };
}

/** Items for the skills that were drawn, one after the other. */
class Picking {
  readonly items: ChosenItem[] = [];
  private readonly taken = new Set<number>();
  private readonly modalities = new Set<string>();

  constructor(
    private readonly situation: Situation,
    private readonly weighed: Weighed,
  ) {}

  /** What a teacher pinned and was not answered since comes first. */
  pinned(count: number): void {
    const { state, map } = this.situation;
    for (const { item: id, attempts, by } of state.plan.pins) {
      const item = map.course.items.get(id);
      if (item === undefined || this.items.length >= count) continue;
      const hash = hash48(id);
      if ((state.items.get(hash)?.attempts ?? 0) > attempts) continue;
      this.add({ item, hash }, { action: 'practise', probability: 1, reason: reason('pinned', { item: id, by }) });
    }
  }

  /** `at`: the place among the scored. */
  pick(at: number, probability: number): boolean {
    const { situation, weighed } = this;
    const { state, map, calibration, now } = situation;
    const { strategy: { settings }, knowledge, excluded, isBeyond, scored } = weighed;
    const number = scored.numbers[at] as number;
    const skill = map.skills[number];
    const known = knowledge.states[number];
    if (skill === undefined || known === undefined) return false;
    const readiness = Math.min(1, ...skill.prerequisites.map(({ skill: before }) => knowledge.now[before] as number));
    const fit = fitFor({ skill: skill.skill.id, known, mastery: knowledge.mastery[number] as number, readiness, state, calibration, settings, now });
    const { vary } = settings;
    const placed = (item: MappedItem): number => this.placed(number, item);
    const found = itemFor({ skill: isBeyond ? beyond(skill) : skill, state, excluded, fit: isBeyond ? { ...fit, tier: 'extension' } : fit, vary, taken: this.taken, modalities: this.modalities, placed });
    if (found === null) return false;
    const action = actionOf(knowledge, number);
    const why = whyChosen(situation, { knowledge, aim: weighed.aim, stuckAfter: settings.stuckAfter }, number, found.item);
    this.add(found.item, { action, probability, reason: why, parts: scored.parts(at), ...(found.fitted.length === 0 ? {} : { fitted: found.fitted }) });
    return true;
  }

  /** Without a fitted model of placement: what mastery says, shifted by the item's difficulty. */
  private placed(number: number, { item }: MappedItem): number {
    const { state, calibration } = this.situation;
    if (calibration.placement !== null) return ESTIMATES_2.prediction(state, item, calibration);
    const { slip, guess } = bktOf(calibration, this.situation.map.skills[number]?.skill.id ?? '');
    const known = this.weighed.knowledge.now[number] as number;
    const right = known * (1 - slip) + (1 - known) * guess;
    return item.difficulty === undefined ? right : logistic(Math.log(right / (1 - right)) - item.difficulty);
  }

  private add({ item, hash }: MappedItem, chosen: Pick<ChosenItem, 'action' | 'probability' | 'reason' | 'parts' | 'fitted'>): void {
    const { state, calibration } = this.situation;
    this.taken.add(hash);
    if (item.modality !== undefined) this.modalities.add(item.modality);
    this.items.push({ item: item.id, skills: item.skills, prediction: ESTIMATES_2.prediction(state, item, calibration), ...chosen });
  }
}

/** What would have come first if what was chosen were mastered already. */
function counterfactual(situation: Situation, weighed: Weighed, chosen: number): Reason | null {
  const { knowledge: { mastery, now, declared } } = weighed;
  const as = [mastery[chosen] as number, now[chosen] as number, declared[chosen] as number] as const;
  // In place and back again: copies of what is known of every skill cost more than the question.
  [mastery[chosen], now[chosen], declared[chosen]] = [1, 1, 1];
  try {
    const mastered = situation.map.skills[chosen]?.skill;
    const next = firstWith(situation, weighed, chosen);
    if (mastered === undefined || next === undefined) return null;
    return reason('would-have-been', { skill: mastered.id, title: mastered.title, next: next.title, nextSkill: next.id });
  } finally {
    [mastery[chosen], now[chosen], declared[chosen]] = as;
  }
}

/** The best by what is known now, where only what `changed` touches is scored anew. */
function firstWith(situation: Situation, weighed: Weighed, changed: number): MappedSkill['skill'] | undefined {
  const { map } = situation;
  const { aim: { path }, knowledge: { declared }, freely, isBeyond } = weighed;
  const gatekeeping = gatekeepingOf(situation, weighed);
  const rater = new Rater(scoringOf(situation, weighed));
  // Beyond the aim only a few were scored.
  const isTouched = isBeyond ? null : touchedBy(map, changed);
  let best = 0;
  let next: MappedSkill | undefined;
  // What was scored lies in the order of the path.
  let at = 0;
  for (const number of path) {
    const before = freely.numbers[at] === number ? (freely.values[at++] as number) : -1;
    if (declared[number] === 1) continue;
    const skill = map.skills[number] as MappedSkill;
    const value = isTouched?.[number] === 0 ? before : isEligible(gatekeeping, skill) ? rater.value(number) : -1;
    if (value > best) [best, next] = [value, skill];
  }
  return next?.skill;
}
