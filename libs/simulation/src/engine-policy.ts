// The engine itself as a policy: the same folds, the same policy 3 that answers over HTTP, on a course made of the setting. What a platform would
// see is what is judged.
import type { Envelope, EventId, Position } from '@trellis/event-sourcing';
import { learnerStream, NO_PLAN, rowKey, type CourseContent, type CourseId, type Item, type ItemId, type LearnerId, type ObjectiveId, type Skill, type SkillId, type Strategy, type TenantId } from '@trellis/learning';
import { DEFAULT_CALIBRATION, type Calibration } from '@trellis/mastery';
import { chancesBy, courseMap, EXPLORATION, policy3, weigh, type Situation } from '@trellis/recommendation';
import { learnerView, type LearnerState, type PublishedCourse } from '@trellis/views';
import { newChoice, RECIPE_NOISE, STOP, type Choice, type HonestPolicy, type Noise, type PolicyRun } from './policy.js';
import type { Setting } from './world.js';

export interface EngineOptions {
  readonly strategy: Strategy;
  /** Draws as the engine does live, and says the probability of every skill; otherwise it takes the best. */
  readonly explores: boolean;
  readonly calibration?: Calibration;
}

// The casts of this file name things: every text here keeps to the pattern of its kind.
const TENANT = 'simulation' as TenantId;
const LEARNER = 'student' as LearnerId;
const COURSE = 'world' as CourseId;
const TARGETS = 'targets' as ObjectiveId;
const STREAM = learnerStream(TENANT, LEARNER);
/** Monday, 5 January 2026, 8:00 UTC. */
const START = 1_767_600_000_000;
const DAY_MS = 24 * 3_600_000;
const ANSWER_MS = 60_000;
const NO_BYTES = new Uint8Array(0);

export function enginePolicy(name: string, { strategy, explores, calibration = DEFAULT_CALIBRATION }: EngineOptions): HonestPolicy {
  return { name, begin: (setting, noise) => new EngineRun(setting, noise, { strategy, explores, calibration }) };
}

class EngineRun implements PolicyRun {
  private readonly view;
  private readonly situation: Omit<Situation, 'state' | 'now' | 'seed'>;
  private readonly skillOf: ReadonlyMap<string, number>;
  private readonly choice: Choice = newChoice();
  private state: LearnerState;
  private now = START;

  constructor(
    private readonly setting: Setting,
    private readonly noise: Noise,
    private readonly options: Required<EngineOptions>,
  ) {
    const { calibration, strategy } = options;
    this.view = learnerView(() => calibration);
    this.state = this.view.initial(rowKey(TENANT, LEARNER));
    this.state.plan = { ...NO_PLAN, strategy };
    const course = courseOf(setting);
    this.skillOf = new Map(course.content.skills.map(({ id }, skill) => [id, skill]));
    this.situation = { learner: LEARNER, classroom: null, map: courseMap(course), calibration, count: 1, objective: TARGETS, keepGoing: true };
  }

  choose(step: number): Choice {
    this.now = timeOf(this.setting, step);
    const situation = this.situationAt(Math.floor(this.noise(RECIPE_NOISE, step) * 2 ** 32));
    const { items: [first] } = policy3(situation, this.options.explores ? EXPLORATION : null);
    this.choice.skill = STOP;
    if (first === undefined) return this.choice;
    const [skill, item] = placeOf(first.item);
    this.choice.skill = skill;
    this.choice.item = item;
    this.choice.probability = first.probability;
    this.choice.probabilities = this.options.explores ? this.probabilities(situation) : null;
    return this.choice;
  }

  private probabilities(situation: Situation): Float64Array {
    const probabilities = new Float64Array(this.setting.skills);
    for (const { skill, probability } of chancesBy(situation)) probabilities[this.skillOf.get(skill) ?? 0] = probability;
    return probabilities;
  }

  observe(step: number, skill: number, item: number, right: boolean): void {
    this.now = timeOf(this.setting, step);
    const id = `${step.toString(16).padStart(8, '0')}-0000-5000-8000-000000000000` as EventId;
    const data = { item: itemId(skill, item), skills: [skillId(skill)], score: right ? 1 : 0, attempt: 1, hints: 0 };
    const meta = { source: 'simulation', occurredAt: this.now, sequence: step, schema: 1 };
    const event: Envelope = { id, type: 'AnswerGiven', data, meta, stream: STREAM, revision: step, position: '' as Position, recordedAt: this.now, digest: '', bytes: NO_BYTES };
    const next = this.view.fold(this.state, event);
    // Steps follow each other in time.
    if (next !== 'late') this.state = next;
    if (step === this.setting.warmUp - 1) this.endWarmUp();
  }

  /** As worlds with a warm-up have it: what was given there is seen, and giving up waits until it is over. */
  private endWarmUp(): void {
    const { wrongInARow } = this.options.calibration.wheelSpin;
    for (const skill of this.state.skills.values()) {
      skill.pauses = 0;
      skill.pausedUntil = 0;
      skill.streak = Math.max(skill.streak, 1 - wrongInARow);
    }
  }

  estimate(skill: number): number {
    return weigh(this.situationAt(0)).knowledge.mastery[skill] ?? 0;
  }

  declared(skill: number): boolean {
    return weigh(this.situationAt(0)).knowledge.declared[skill] === 1;
  }

  private situationAt(seed: number): Situation {
    return { ...this.situation, state: this.state, now: this.now, seed };
  }
}

/** Within a session an answer a minute. */
function timeOf({ day, session }: Setting, step: number): number {
  let first = step;
  while (first > 0 && session[first - 1] === session[step]) first--;
  return START + (day[step] ?? 0) * DAY_MS + (step - first) * ANSWER_MS;
}

function courseOf({ skills: count, prerequisites, targets, items: counts, difficulties }: Setting): PublishedCourse {
  const skills = Array.from({ length: count }, (_, skill): Skill => ({
    id: skillId(skill),
    title: skillId(skill),
    // What the worlds have is no wall: what comes before helps.
    prerequisites: Array.from(prerequisites[skill] ?? [], (before) => ({ skill: skillId(before), strength: 'soft' })),
  }));
  const items = skills.flatMap(({ id }, skill) =>
    Array.from({ length: counts[skill] ?? 0 }, (_, item): Item => ({ id: itemId(skill, item), skills: [id], kind: 'practice', difficulty: difficulties[skill]?.[item] ?? 0 })));
  const content: CourseContent = { title: 'World', language: 'en', skills, items, objectives: [{ id: TARGETS, title: 'Targets', skills: Array.from(targets, skillId) }] };
  return { id: COURSE, version: 1, content, items: new Map(items.map((item) => [item.id, item])), skills: new Set(skills.map(({ id }) => id)) };
}

function skillId(skill: number): SkillId {
  return `s${skill}` as SkillId;
}

function itemId(skill: number, item: number): ItemId {
  return `s${skill}-${item}` as ItemId;
}

function placeOf(item: ItemId): readonly [skill: number, item: number] {
  const [skill = '', n = ''] = item.slice(1).split('-');
  return [Number(skill), Number(n)];
}
