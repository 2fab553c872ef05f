// Everything that a calibration is made of, from answers. Nothing here knows of threads.
import {
  badItems,
  calibratedMastery,
  calibratedPlacement,
  fitNetwork,
  fitPrediction,
  fitRecall,
  fitSoundBkt,
  fittedCalibration,
  itemStatistics,
  metrics,
  networkModel,
  ofLearners,
  predictions,
  reliability,
  reviewHistories,
  simpleModel,
  strictTraining,
  twins,
  type AnswerLog,
  type BadItems,
  type BktBasis,
  type Calibration,
  type DegenerateFit,
  type FittedModel,
  type ItemStatistics,
  type Metrics,
  type PredictionFit,
  type RecallFit,
  type ReliabilityBin,
} from '@trellis/mastery';
import { hash48 } from '@trellis/views';

/** What a fit works on; columns may be in shared memory. */
export interface FitStage {
  readonly log: AnswerLog;
  /** The one in force, to set the new one against. */
  readonly before: Calibration;
  readonly seed: number;
  /** Fit and judge the network too, which is not part of a calibration. */
  readonly withNetwork: boolean;
}

export interface Judged extends Metrics {
  readonly bins: readonly ReliabilityBin[];
  readonly model: string;
  /** Whose: the new one, or the one in force. */
  readonly of: 'new' | 'before';
}

/** A fit of one skill that makes no sense, and what stands in its place. */
export type Replaced = DegenerateFit & { readonly instead: BktBasis };

export interface Fitted {
  readonly calibration: Calibration;
  /** On learners that neither was fitted on. */
  readonly judged: readonly Judged[];
  readonly degenerate: readonly Replaced[];
  readonly recall: RecallFit;
  readonly items: BadItems & { readonly statistics: readonly ItemStatistics[] };
  readonly counts: {
    readonly learners: number;
    readonly answers: number;
    readonly heldOutLearners: number;
    /** Left out, because they are other learners under a second id. */
    readonly twins: number;
  };
}

/**
 * One of so many learners is held out, the same ones each time: so the calibration in force has not seen them either, and the figures
 * of a calibration are those of its very parameters.
 */
export const HELD_OUT_OF = 5;
/** Shares of the work. */
const TWINS_SHARE = 0.2;
const BKT_SHARE = 0.2;
const RECALL_SHARE = 0.1;
/** Of what prediction takes. */
const NETWORK_SHARE = 0.85;

export function fitCalibration({ log, before, seed, withNetwork }: FitStage, progress: (share: number) => void): Fitted {
  const { train: all, test } = split(log);
  const found = twins(all, test, (share) => progress(TWINS_SHARE * share));
  const train = strictTraining(all, found);
  const bkt = fitSoundBkt(train, { seed, progress: (done, of) => progress(TWINS_SHARE + (BKT_SHARE * done) / of) });
  const networkShare = withNetwork ? NETWORK_SHARE : 0;
  const left = 1 - TWINS_SHARE - BKT_SHARE - RECALL_SHARE;
  const begun = TWINS_SHARE + BKT_SHARE;
  const prediction = fitPrediction(train, { seed, ability: before.ability, rows: withNetwork ? 'all' : 'simple', onProgress: (share) => progress(begun + left * (1 - networkShare) * share) });
  const network = networkOf(prediction, train, { seed, onProgress: (share) => progress(begun + left * (1 - networkShare + networkShare * share)) });
  const traced = fittedCalibration('new', log.vocabulary, { prediction, bkt, recall: null }, before);
  const recall = recallOf(train, test, traced, { seed, onProgress: (share) => progress(1 - RECALL_SHARE * (1 - share)) });
  const calibration = { ...traced, recall: recall.parameters };
  const forecasts = [simpleModel(prediction.tables, prediction.simple), ...network].map((model) => judgeOne('new', model, test));
  const judged = [...judge('new', calibration, test), ...forecasts, ...judge('before', before, test)];
  const statistics = itemStatistics(train);
  const instead = new Map(bkt.units.map(({ skill, basis }) => [skill, basis]));
  return {
    calibration,
    judged,
    degenerate: bkt.degenerate.map((flaw) => ({ ...flaw, instead: instead.get(flaw.skill) ?? bkt.pooled.basis })),
    recall,
    items: { ...badItems(statistics), statistics },
    counts: { learners: train.learners.length, answers: train.item.length, heldOutLearners: test.learners.length, twins: found.drop.length },
  };
}

function recallOf(train: AnswerLog, test: AnswerLog, before: Calibration, options: { readonly seed: number; readonly onProgress: (share: number) => void }): RecallFit {
  const fitted = reviewHistories(train);
  const held = reviewHistories(test).map((history) => ({ ...history, learner: -1 }));
  return fitRecall([...fitted, ...held], { ...options, before: before.recall, isHeldOut: (learner) => learner < 0 });
}

function judge(of: Judged['of'], calibration: Calibration, test: AnswerLog): readonly Judged[] {
  const models = [{ ...calibratedPlacement(calibration, test.vocabulary), name: 'placement' }, calibratedMastery(calibration, test.vocabulary)];
  return models.map((model) => judgeOne(of, model, test));
}

function judgeOne(of: Judged['of'], model: FittedModel, test: AnswerLog): Judged {
  const predicted = predictions(model, test);
  return { of, model: model.name, ...metrics(test.right, predicted), bins: reliability(test.right, predicted) };
}

/** None unless rows of all features were asked for, and there are enough of them. */
function networkOf({ tables, training }: PredictionFit, { vocabulary }: AnswerLog, options: { readonly seed: number; readonly onProgress: (share: number) => void }): readonly FittedModel[] {
  const weights = training === null ? null : fitNetwork(training.rows, vocabulary, options);
  return training === null || weights === null ? [] : [networkModel(tables, training.standards, weights)];
}

function split(log: AnswerLog): { readonly train: AnswerLog; readonly test: AnswerLog } {
  const part = (isHeld: boolean): AnswerLog => ofLearners(log, log.learners.flatMap((id, learner) => ((hash48(id) % HELD_OUT_OF === 0) === isHeld ? [learner] : [])));
  return { train: part(false), test: part(true) };
}
