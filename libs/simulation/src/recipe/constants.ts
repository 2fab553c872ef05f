// Every number that decides what the recipe chooses. One set for all worlds; each comparison changes what its name says.
import type { BktParameters } from '@trellis/mastery';

export interface RecipeConstants {
  /** Of every skill; nothing is fitted. */
  readonly bkt: BktParameters;
  /** How an answer bears on the estimates of neighbours: kept when answering, worked out afresh when choosing, or not at all. */
  readonly spreading: 'when answering' | 'when choosing' | 'none';
  /** Logits per logit, when answering; and per log-likelihood, when choosing. */
  readonly spread: number;
  readonly spreadWhenChoosing: number;
  readonly spreadWhenChoosingMax: number;
  /** What a prerequisite is worth, as a share of what rests on it. */
  readonly valueFlow: number;
  readonly valueMax: number;
  readonly readiness: number;
  readonly locality: number;
  readonly masteredAt: number;
  readonly masteredFactor: number;
  readonly reviewWeight: number;
  readonly reviewBelow: number;
  /** Taken off the worth of the skill practised last; and what is left of it once the run is as long as this. */
  readonly sameSkill: number;
  readonly runMax: number;
  readonly runFactor: number;
  /** P(right) that the item should have; null: any item. */
  readonly itemTarget: number | null;
  /** Wrong in a row until the skill rests; 0: never. It rests so many answers, doubled each time. */
  readonly giveUpAfter: number;
  readonly restAnswers: number;
  readonly restDoublingsMax: number;
  readonly restFactor: number;
  /** Logits off the weakest prerequisite when a skill is given up. */
  readonly doubt: number;
  readonly exploration: Exploration | null;
  /** Whether the estimate for choosing, too, fades before each answer. */
  readonly fades: boolean;
  /** Weight of what an answer would tell, beside what it would teach. */
  readonly information: number;
  /** Where the policy knows what rests on what. */
  readonly graph: 'everywhere' | 'value only' | 'nowhere';
  readonly edgesMissing: number;
  readonly edgesAdded: number;
  /** Declared on the skill's own answers and recall, or on the estimate for choosing. */
  readonly declaring: 'own answers' | 'estimate';
  readonly declaredAt: number;
  readonly declaredRecall: number;
  /** Learning rate of the estimate for declaring; null: that of `bkt`. */
  readonly declaredLearn: number | null;
  readonly stops: boolean;
}

export interface Exploration {
  readonly temperature: number;
  /** Spread evenly over the plausible skills. */
  readonly share: number;
  /** Plausible: at least so much of the best value. */
  readonly plausible: number;
}

export const EXPLORATION: Exploration = { temperature: 0.05, share: 0.05, plausible: 0.1 };

/** Answers bear on neighbours as they come in. */
export const RECOMMENDED: RecipeConstants = {
  bkt: { prior: 0.3, learn: 0.2, guess: 0.3, slip: 0.2 },
  spreading: 'when answering',
  spread: 0.15,
  spreadWhenChoosing: 0.25,
  spreadWhenChoosingMax: 3,
  valueFlow: 0.3,
  valueMax: 2,
  readiness: 1.1,
  locality: 150,
  masteredAt: 0.95,
  masteredFactor: 0.2,
  reviewWeight: 0.1,
  reviewBelow: 0.97,
  sameSkill: 0.3,
  runMax: 6,
  runFactor: 0.05,
  itemTarget: 0.65,
  giveUpAfter: 4,
  restAnswers: 8,
  restDoublingsMax: 4,
  restFactor: 0.05,
  doubt: 0.5,
  exploration: null,
  fades: false,
  information: 0,
  graph: 'everywhere',
  edgesMissing: 0,
  edgesAdded: 0,
  declaring: 'own answers',
  declaredAt: 0.95,
  declaredRecall: 0.9,
  declaredLearn: null,
  stops: false,
};

/** Each skill is folded from its own answers alone, so that answers can be replayed without the course. */
export const GRAPH_FREE: RecipeConstants = { ...RECOMMENDED, spreading: 'when choosing', doubt: 0 };
