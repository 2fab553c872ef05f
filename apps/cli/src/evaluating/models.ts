// The models that evaluate knows, by the names that reports print.
import {
  fitBestLr,
  fitBestLrRecency,
  fitBktModel,
  fitElo,
  fitIrt,
  fitItemMean,
  fitMajority,
  fitNetwork,
  fitPfa,
  fitPrediction,
  networkModel,
  placementModel,
  simpleModel,
  type AnswerLog,
  type FittedModel,
} from '@trellis/mastery';
import { sample } from './sample.js';

export interface FitOptions {
  readonly seed: number;
  /** Hears the share of the fit that is done. */
  readonly progress: (share: number) => void;
}

/** Models whose fits share a beginning. */
export interface Family {
  readonly models: readonly string[];
  /** Seconds that fitting takes beside other families, roughly: the longest begins first. */
  readonly weight: number;
  /** What it is, for people, by model. */
  readonly about: Readonly<Record<string, string>>;
  /** The shared part, for those of its models that are wanted; each is fitted when it is asked for. */
  begin(train: AnswerLog, options: FitOptions, wanted: readonly string[]): (model: string) => FittedModel;
}

/** What the fit with transition tables takes; a sample of learners says as much as more of them. */
export const PREDICTION_ROWS_MAX = 2_000_000;

/** Nothing is stored here, so no key is left out: published figures on these sets keep them all. */
const ALL_KEYS = 1;

const prediction: Family = {
  models: ['placement', 'lr-14', 'network'],
  weight: 100,
  about: {
    placement: 'logistic regression on nine numbers of the learner\'s own state: chooses items',
    'lr-14': 'logistic regression on 14 features, with what usually follows what',
    network: 'a network of 64 and 32 units on 96 features; the regression of lr-14 where train has fewer than 25,000 answers',
  },
  begin(train, { seed, progress }, wanted) {
    const log = sample(train, seed, PREDICTION_ROWS_MAX);
    const rows = wanted.includes('network') ? 'all' : 'simple';
    const { tables, simple, placement, training } = fitPrediction(log, { seed, rows, seenAtLeast: ALL_KEYS, onProgress: progress });
    return (model) => {
      if (model === 'placement') return placementModel(tables, placement);
      if (model === 'lr-14' || training === null) return simpleModel(tables, simple);
      const weights = fitNetwork(training.rows, log.vocabulary, { seed, onProgress: progress });
      return weights === null ? simpleModel(tables, simple) : networkModel(tables, training.standards, weights);
    };
  },
};

/** In the order of reports. */
export const FAMILIES: readonly Family[] = [
  alone('majority', { weight: 1, about: 'the share of right answers in train, for everybody', make: fitMajority }),
  alone('item-mean', { weight: 1, about: 'the share of right answers on the item in train', make: fitItemMean }),
  alone('irt', { weight: 3, about: 'Rasch: an ability of the learner and an easiness of the item', make: fitIrt }),
  alone('pfa', { weight: 10, about: 'Performance Factors Analysis: right and wrong answers so far on each skill', make: fitPfa }),
  alone('bkt', { weight: 10, about: 'Bayesian Knowledge Tracing: whether each skill is known', make: knowledgeTracing(false) }),
  alone('bkt-forgetting', { weight: 12, about: 'the same, where a skill may be forgotten again', make: knowledgeTracing(true) }),
  alone('elo', { weight: 2, about: 'Elo ratings of learners, skills and items', make: fitElo }),
  alone('best-lr', { weight: 30, about: 'logistic regression on counts by skill, by item and in total', make: fitBestLr }),
  alone('best-lr-recency', { weight: 40, about: 'the same with counters that forget', make: fitBestLrRecency }),
  prediction,
];

export const MODEL_NAMES: readonly string[] = FAMILIES.flatMap(({ models }) => models);

export function familyOf(model: string): Family {
  const family = FAMILIES.find(({ models }) => models.includes(model));
  if (family === undefined) throw new Error(`there is no model ${model}`);
  return family;
}

interface Alone {
  readonly weight: number;
  readonly about: string;
  readonly make: (train: AnswerLog, options: FitOptions) => FittedModel;
}

function alone(name: string, { weight, about, make }: Alone): Family {
  return { models: [name], weight, about: { [name]: about }, begin: (train, options) => () => make(train, options) };
}

function knowledgeTracing(forgetting: boolean): Alone['make'] {
  return (train, { seed, progress }) => fitBktModel(train, { seed, forgetting, progress: (done, of) => progress(done / of) });
}
