// From a learner's state to a decision that can be made again: every input of the policy is named in it.
import type { Instant, Revision } from '@trellis/event-sourcing';
import { PRESETS_VERSION, type Decision, type LearnerId, type Wish } from '@trellis/learning';
import type { FoldRules, LearnerState, PublishedCourse } from '@trellis/views';
import { courseMap } from './course-map.js';
import { ESTIMATES_1, ESTIMATES_2 } from './estimates.js';
import { policyBy } from './policy-1.js';
import { policy3 } from './policy-3.js';
import type { Choice, ClassroomSituation, Situation } from './situation.js';

/** Raise it when the same inputs give other numbers: folds, estimates, drawing. What earlier ones made is made again as they did. */
export const ENGINE_VERSION = '2';
const ENGINES: ReadonlySet<string> = new Set(['1', ENGINE_VERSION]);
/** Of the policies that followed no strategy. */
const STRATEGY_BEFORE = 'individualized-1';
export const POLICY_NOW = '3';

const POLICIES: { readonly [version: string]: (situation: Situation) => Choice } = { '1': policyBy(ESTIMATES_1), '2': policyBy(ESTIMATES_2), '3': policy3 };

export interface Circumstances {
  readonly learner: LearnerId;
  readonly state: LearnerState;
  readonly revision: Revision;
  readonly classroom: ClassroomSituation | null;
  readonly course: PublishedCourse;
  readonly wish: Wish;
  readonly now: Instant;
  readonly seed: number;
}

/** Which program chooses. */
export interface Program {
  readonly engine: string;
  readonly policy: string;
}

const PROGRAM_NOW: Program = { engine: ENGINE_VERSION, policy: POLICY_NOW };

export function situationOf({ learner, state, classroom, course, wish, now, seed }: Omit<Circumstances, 'revision'>): Situation {
  return {
    learner,
    state,
    classroom,
    map: courseMap(course),
    calibration: state.calibration,
    now,
    seed,
    count: wish.count,
    ...(wish.objective === undefined ? {} : { objective: wish.objective }),
    ...(wish.budgetMinutes === undefined ? {} : { budgetMinutes: wish.budgetMinutes }),
    ...(wish.keepGoing === undefined ? {} : { keepGoing: wish.keepGoing }),
  };
}

/** Pure: the same circumstances give the same decision. */
export function decide(circumstances: Circumstances, { engine, policy }: Program = PROGRAM_NOW): Decision {
  const { state, revision, classroom, course, wish, now, seed } = circumstances;
  const choose = POLICIES[policy];
  if (choose === undefined) throw new Error(`policy ${policy} is not in this engine`);
  const { pacing, offer, items, passed, strategy = STRATEGY_BEFORE } = choose(situationOf(circumstances));
  return {
    wish,
    at: now,
    basedOn: { revision, classroom: classroom === null ? null : { id: classroom.id, revision: classroom.revision } },
    versions: { engine, policy, course: course.version, calibration: state.calibration.id, strategy },
    seed,
    pacing,
    ...(offer === undefined ? {} : { offer }),
    items,
    ...(passed === undefined ? {} : { passed }),
  };
}

/** By which rules an engine folded. */
export function foldRulesOf({ engine }: Pick<Program, 'engine'>): FoldRules {
  return engine === '1' ? 1 : 2;
}

/** Which version of the program that made a decision is not here any more, or null. */
export function missingVersion({ versions }: Decision): string | null {
  if (!ENGINES.has(versions.engine)) return `engine ${versions.engine}`;
  if (POLICIES[versions.policy] === undefined) return `policy ${versions.policy}`;
  if (versions.strategy !== STRATEGY_BEFORE && !isPresetsVersion(versions.strategy)) return `strategy ${versions.strategy}`;
  return null;
}

/** `individualized-2`, `blended/personalized-2+`: of the presets as they are now. */
function isPresetsVersion(strategy: string): boolean {
  return strategy.replace(/\+$/, '').endsWith(`-${PRESETS_VERSION}`);
}
