// The decisions of a learner's stream as choices that the judge takes: what was drawn and how likely that was, how likely another strategy
// would have drawn it from the same state, and what came of it.
import type { Envelope } from '@trellis/event-sourcing';
import { recommendationId, type AnswerData, type Decision, type LearnerId, type RecommendationId, type Strategy } from '@trellis/learning';
import { DEFAULT_CALIBRATION, type Calibration } from '@trellis/mastery';
import { learnerView, newLearner, newSkill, type LearnerState, type PublishedCourse } from '@trellis/views';
import { situationOf } from '../engine.js';
import { chancesBy } from '../policy-3.js';
import type { ClassroomSituation } from '../situation.js';
import type { SkillChance } from '../pipeline/choice.js';
import type { LoggedChoice } from './types.js';

/** right: the score of the answer. learning: what the answer added to P(known) of its skills, all together. */
export type Reward = 'right' | 'learning';

export interface FromLog {
  readonly learner: LearnerId;
  /** The whole stream by revision; null where an event cannot be read. */
  readonly events: readonly (Envelope | null)[];
  readonly key: string;
  readonly strategy: Strategy;
  readonly reward: Reward;
  /** Null for what the log does not hold any more. */
  readonly calibrationOf: (decision: Decision) => Promise<Calibration | null>;
  readonly courseOf: (decision: Decision) => Promise<PublishedCourse | null>;
  readonly classroomOf: (decision: Decision) => Promise<ClassroomSituation | null>;
}

/** With what a model of the reward may know of each action. */
export interface SkillChoice extends LoggedChoice {
  /** P(known) of each action's skill, before the choice. */
  readonly known: Float64Array;
}

export interface ReadChoices {
  readonly choices: readonly SkillChoice[];
  /** Decisions that say nothing here, by why. */
  readonly leftOut: Readonly<Record<LeftOut, number>>;
}

export type LeftOut = 'earlier-policy' | 'gone' | 'no-item' | 'pinned' | 'not-answered';

/** A choice whose answer has not come yet. */
interface Waiting {
  readonly recommendation: RecommendationId;
  readonly item: string;
  readonly choice: Omit<SkillChoice, 'reward'>;
}

/** Decisions of policy 3 and later: earlier ones followed no strategy. */
const POLICY = '3';

export async function choicesFromLog(from: FromLog): Promise<ReadChoices> {
  const choices: SkillChoice[] = [];
  const leftOut: Record<LeftOut, number> = { 'earlier-policy': 0, gone: 0, 'no-item': 0, pinned: 0, 'not-answered': 0 };
  const history = new History(from);
  let waiting: Waiting | null = null;
  for (const [at, event] of from.events.entries()) {
    if (event === null) continue;
    if (event.type === 'AnswerGiven' && waiting !== null) {
      // A type names the shape of its data.
      const data = event.data as AnswerData;
      const isItsAnswer = data.recommendation === waiting.recommendation || (data.recommendation === undefined && data.item === waiting.item);
      if (isItsAnswer && data.score !== null) {
        choices.push({ ...waiting.choice, reward: from.reward === 'right' ? data.score : history.learned(at, data) });
        waiting = null;
      }
    }
    if (event.type !== 'RecommendationMade') continue;
    if (waiting !== null) leftOut['not-answered']++;
    waiting = null;
    const decision = event.data as Decision;
    const read = await choiceOf(from, decision, history);
    if (typeof read === 'string') leftOut[read]++;
    else waiting = { recommendation: recommendationId(event.stream, event.revision), item: decision.items[0]?.item ?? '', choice: read };
  }
  if (waiting !== null) leftOut['not-answered']++;
  return { choices, leftOut };
}

async function choiceOf(from: FromLog, decision: Decision, history: History): Promise<Omit<SkillChoice, 'reward'> | LeftOut> {
  const [first] = decision.items;
  if (decision.versions.policy !== POLICY) return 'earlier-policy';
  if (first === undefined) return 'no-item';
  if (first.parts === undefined) return 'pinned';
  const [calibration, course, classroom] = [await from.calibrationOf(decision), await from.courseOf(decision), await from.classroomOf(decision)];
  if (calibration === null || course === null) return 'gone';
  const state = history.stateAt(decision.basedOn.revision, calibration);
  const situation = situationOf({ learner: from.learner, state, classroom, course, wish: decision.wish, now: decision.at, seed: decision.seed });
  const logging = chancesBy(situation);
  const target = chancesBy({ ...situation, state: { ...state, plan: { ...state.plan, strategy: from.strategy } } });
  const drawn = first.reason.params['skill'];
  const chosen = logging.findIndex(({ skill }) => skill === drawn);
  if (chosen < 0) return 'gone';
  // What the other strategy alone would draw comes after what the log could have drawn.
  const skills = [...new Set([...logging, ...target].map(({ skill }) => skill))];
  const column = (of: readonly SkillChance[]): Float64Array => {
    const chances = new Map(of.map(({ skill, probability }) => [skill, probability]));
    return Float64Array.from(skills, (skill) => chances.get(skill) ?? 0);
  };
  const actions = { logging: column(logging), target: column(target) };
  const known = Float64Array.from(skills, (skill) => (state.skills.get(skill) ?? newSkill(calibration, skill)).known);
  return { known, propensity: first.probability, target: actions.target[chosen] ?? 0, chosen, actions };
}

/** The learner at one revision after the other; going back folds again. */
class History {
  private state: LearnerState;
  private revision = -1;
  private calibration: Calibration | null = null;

  constructor(private readonly from: Pick<FromLog, 'events' | 'key'>) {
    this.state = newLearner(DEFAULT_CALIBRATION);
  }

  stateAt(revision: number, calibration: Calibration): LearnerState {
    const view = learnerView(() => calibration);
    if (calibration !== this.calibration || revision < this.revision) [this.state, this.revision, this.calibration] = [newLearner(calibration), -1, calibration];
    for (let place = this.revision + 1; place <= revision; place++) {
      const event = this.from.events[place];
      if (event === undefined || event === null) continue;
      const next = view.fold(this.state, event);
      this.state = next === 'late' ? view.refold(this.from.key, this.from.events.slice(0, place + 1).filter((each) => each !== null)) : next;
    }
    this.revision = Math.max(this.revision, revision);
    return this.state;
  }

  /** What the answer at a place in the stream added to P(known) of its skills. */
  learned(at: number, { skills }: AnswerData): number {
    const [event, { calibration }] = [this.from.events[at], this];
    if (event === undefined || event === null || calibration === null) return 0;
    const known = (state: LearnerState): number => skills.reduce((sum, skill) => sum + (state.skills.get(skill) ?? newSkill(calibration, skill)).known, 0);
    const before = known(this.stateAt(event.revision - 1, calibration));
    return known(this.stateAt(event.revision, calibration)) - before;
  }
}

/** For a model of the reward: what can be learned depends on what is known, and not in a straight line. */
export function rewardFeatures({ known }: SkillChoice, action: number): readonly number[] {
  const p = known[action] ?? 0;
  return [p, p * p];
}
