// What each part of the recipe is worth: the recipe with one thing changed.
import { EXPLORATION, GRAPH_FREE, RECOMMENDED, type RecipeConstants } from './constants.js';

export interface Variant {
  readonly name: string;
  readonly title: string;
  readonly constants: RecipeConstants;
}

export const RECIPES: readonly Variant[] = [
  { name: 'recommended', title: 'Recommended', constants: RECOMMENDED },
  { name: 'recommended-exploring', title: 'Recommended, with logged exploration', constants: { ...RECOMMENDED, exploration: EXPLORATION } },
  { name: 'graph-free', title: 'Graph-free fold', constants: GRAPH_FREE },
  { name: 'graph-free-exploring', title: 'Graph-free fold, with logged exploration', constants: { ...GRAPH_FREE, exploration: EXPLORATION } },
];

const CHANGES: readonly (readonly [name: string, title: string, changed: Partial<RecipeConstants>])[] = [
  ['no-give-up', 'Never gives up', { giveUpAfter: 0 }],
  ['give-up-2', 'Gives up after 2', { giveUpAfter: 2 }],
  ['give-up-3', 'Gives up after 3', { giveUpAfter: 3 }],
  ['give-up-6', 'Gives up after 6', { giveUpAfter: 6 }],
  ['no-review', 'No review', { reviewWeight: 0 }],
  ['review-below-90', 'Review only below recall .90', { reviewBelow: 0.9 }],
  ['heavy-review', 'Heavy review', { reviewWeight: 1 }],
  ['no-value-flow', 'No value flow', { valueFlow: 0 }],
  ['no-readiness', 'No readiness', { readiness: 0 }],
  ['graph-for-value-only', 'No graph but value flow', { graph: 'value only', locality: 0 }],
  ['no-graph', 'No graph at all', { graph: 'nowhere', locality: 0 }],
  ['no-locality', 'No locality', { locality: 0 }],
  ['no-spreading', 'No evidence spreading', { spreading: 'none' }],
  ['no-spreading-flow-4', 'No evidence spreading, value flow .4', { spreading: 'none', valueFlow: 0.4 }],
  ['no-doubt', 'No doubt on the weakest prerequisite', { doubt: 0 }],
  ['no-interleaving', 'No interleaving', { sameSkill: 0, runMax: Infinity }],
  ['item-target-50', 'Items nearest .5', { itemTarget: 0.5 }],
  ['item-target-85', 'Items nearest .85', { itemTarget: 0.85 }],
  ['any-item', 'The next item, whatever it is', { itemTarget: null }],
  ['information-10', 'Information term .1', { information: 0.1 }],
  ['information-50', 'Information term .5', { information: 0.5 }],
  ['fading-prior', 'Fading prior for choosing too', { fades: true }],
  ['slow-bkt', 'L0 T G S = .3 .12 .2 .15', { bkt: { prior: 0.3, learn: 0.12, guess: 0.2, slip: 0.15 } }],
  ['placeholder-bkt', 'L0 T G S = .1 .1 .1 .1', { bkt: { prior: 0.1, learn: 0.1, guess: 0.1, slip: 0.1 } }],
  ['eager-bkt', 'L0 T G S = .6 .3 .3 .3', { bkt: { prior: 0.6, learn: 0.3, guess: 0.3, slip: 0.3 } }],
  ['strict-bkt', 'L0 T G S = .3 .05 .1 .05', { bkt: { prior: 0.3, learn: 0.05, guess: 0.1, slip: 0.05 } }],
  ['edges-missing', '30 % of the graph missing', { edgesMissing: 0.3 }],
  ['edges-added', '30 % false links added', { edgesAdded: 0.3 }],
  ['edges-missing-and-added', '30 % of the graph missing, 30 % false links added', { edgesMissing: 0.3, edgesAdded: 0.3 }],
  ['exploring-10', 'Exploration .1, .1', { exploration: { ...EXPLORATION, temperature: 0.1, share: 0.1 } }],
  ['exploring-20', 'Exploration .2, .2', { exploration: { ...EXPLORATION, temperature: 0.2, share: 0.2 } }],
  ['stopping', 'Stops when all targets are declared', { stops: true }],
  ['stopping-early', 'Stops when the estimate of all targets is .95', { stops: true, declaring: 'estimate' }],
  ['slow-declaring', 'Declares with a learning rate of .05', { declaredLearn: 0.05 }],
];

/** Of either recipe, by name. */
export function ablations(base: Variant): readonly Variant[] {
  return CHANGES.map(([name, title, changed]) => ({ name: `${base.name}/${name}`, title, constants: { ...base.constants, ...changed } }));
}
