// From a learner's state to a decision that can be made again: every input of the policy is named in it.
import type { Instant, Revision } from '@trellis/event-sourcing';
import type { Decision, Wish } from '@trellis/learning';
import type { LearnerState, PublishedCourse } from '@trellis/views';
import { courseMap } from './course-map.js';
import { ESTIMATES_1, ESTIMATES_2 } from './estimates.js';
import { policyBy } from './policy-1.js';
import type { Choice, Situation } from './situation.js';

/** Raise it when the same inputs give other numbers: folds, estimates, drawing. */
export const ENGINE_VERSION = '1';
/** Until classrooms choose a strategy of their own. */
export const STRATEGY_VERSION = 'individualized-1';
const POLICY_NOW = '2';

const POLICIES: { readonly [version: string]: (situation: Situation) => Choice } = { '1': policyBy(ESTIMATES_1), '2': policyBy(ESTIMATES_2) };

export interface Circumstances {
  readonly state: LearnerState;
  readonly revision: Revision;
  readonly course: PublishedCourse;
  readonly wish: Wish;
  readonly now: Instant;
  readonly seed: number;
}

/** Pure: the same circumstances give the same decision. `policy` is the version to choose by. */
export function decide({ state, revision, course, wish, now, seed }: Circumstances, policy: string = POLICY_NOW): Decision {
  const choose = POLICIES[policy];
  if (choose === undefined) throw new Error(`policy ${policy} is not in this engine`);
  const { pacing, items } = choose({
    state,
    map: courseMap(course),
    calibration: state.calibration,
    now,
    seed,
    count: wish.count,
    ...(wish.objective === undefined ? {} : { objective: wish.objective }),
    ...(wish.budgetMinutes === undefined ? {} : { budgetMinutes: wish.budgetMinutes }),
  });
  return {
    wish,
    at: now,
    basedOn: { revision, classroom: null },
    versions: { engine: ENGINE_VERSION, policy, course: course.version, calibration: state.calibration.id, strategy: STRATEGY_VERSION },
    seed,
    pacing,
    items,
  };
}

/** Which version of the program that made a decision is not here any more, or null. */
export function missingVersion({ versions }: Decision): string | null {
  if (versions.engine !== ENGINE_VERSION) return `engine ${versions.engine}`;
  if (POLICIES[versions.policy] === undefined) return `policy ${versions.policy}`;
  if (versions.strategy !== STRATEGY_VERSION) return `strategy ${versions.strategy}`;
  return null;
}
