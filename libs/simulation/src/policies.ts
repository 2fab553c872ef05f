// Every policy that can be judged, by name.
import { DEFAULT_STRATEGY } from '@trellis/learning';
import { alosi } from './baselines/alosi.js';
import { courseOrder } from './baselines/course-order.js';
import { difficulty } from './baselines/difficulty.js';
import { gate } from './baselines/gate.js';
import { leastPractised } from './baselines/least-practised.js';
import { RECIPE_BKT } from './baselines/practice.js';
import { randomNeeded, randomOfAll, randomWalk } from './baselines/random.js';
import { targetsOnly } from './baselines/targets-only.js';
import { zpdes } from './baselines/zpdes.js';
import type { Policy } from './policy.js';
import { recipe } from './recipe/recipe.js';
import { enginePolicy } from './engine-policy.js';
import { RECIPES } from './recipe/variants.js';
import { trueState } from './true-state.js';

export type PolicyGroup = 'baselines' | 'targets-only' | 'true-state' | 'recipe' | 'engine';

export interface ListedPolicy {
  readonly policy: Policy;
  readonly title: string;
  readonly group: PolicyGroup;
}

/** In the order of a report. */
export const POLICIES: readonly ListedPolicy[] = [
  listed('baselines', 'Random among the needed skills', randomNeeded('random')),
  listed('baselines', 'Random among all skills', randomOfAll('random-of-all')),
  listed('baselines', 'Random walk on the graph', randomWalk('random-walk')),
  listed('baselines', 'Course order, equal share', courseOrder('course-order')),
  ...[
    [0.95, 0],
    [0.95, 2],
    [0.95, 8],
    [0.85, 0],
    [0.85, 8],
    [0.7, 0],
    [0.7, 1],
    [0.7, 8],
    [0.5, 0],
    [0.5, 8],
  ].map(([masteredAt = 0, giveUpAfter = 0]) => listed('baselines', gateTitle(masteredAt, giveUpAfter), gate(gateName(masteredAt, giveUpAfter), { masteredAt, giveUpAfter }))),
  listed('baselines', `${gateTitle(0.85, 8)}, parameters of the recipe`, gate(`${gateName(0.85, 8)}-recipe-bkt`, { masteredAt: 0.85, giveUpAfter: 8, bkt: RECIPE_BKT })),
  ...[0.5, 0.7, 0.85].map((aim) => listed('baselines', `Nearest to ${aim} right`, difficulty(`difficulty-${inHundredths(aim)}`, aim))),
  listed('baselines', 'ALOSI as published', alosi('alosi')),
  listed('baselines', 'ALOSI, parameters of the recipe', alosi('alosi-recipe-bkt', RECIPE_BKT)),
  ...[0.75, 0.5].map((opensAt) => listed('baselines', `ZPDES, opening at ${opensAt}`, zpdes(`zpdes-${inHundredths(opensAt)}`, opensAt))),
  listed('baselines', 'Least-practised within reach', leastPractised('least-practised')),
  listed('targets-only', 'Targets only: random', targetsOnly(randomNeeded('targets-only-random'))),
  listed('targets-only', `Targets only: ${lowered(gateTitle(0.95, 2))}`, targetsOnly(gate('targets-only-gate-95-2', { masteredAt: 0.95, giveUpAfter: 2 }))),
  listed('targets-only', 'Targets only: least-practised', targetsOnly(leastPractised('targets-only-least-practised'))),
  listed('true-state', 'Knows the true state', trueState('true-state')),
  ...RECIPES.map(({ name, title, constants }) => listed('recipe', title, recipe(name, constants))),
  listed('engine', 'The engine: its default policy', enginePolicy('engine', { strategy: DEFAULT_STRATEGY, explores: false })),
  listed('engine', 'The engine, drawing as it does live', enginePolicy('engine-exploring', { strategy: DEFAULT_STRATEGY, explores: true })),
];

export function gateName(masteredAt: number, giveUpAfter: number): string {
  return `gate-${inHundredths(masteredAt)}-${giveUpAfter}`;
}

function gateTitle(masteredAt: number, giveUpAfter: number): string {
  return `Gate at ${masteredAt}, ${giveUpAfter === 0 ? 'never giving up' : `giving up after ${giveUpAfter}`}`;
}

function inHundredths(share: number): string {
  return String(Math.round(share * 100));
}

function lowered(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function listed(group: PolicyGroup, title: string, policy: Policy): ListedPolicy {
  return { group, title, policy };
}
