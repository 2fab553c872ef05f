// Everything that a calibration is made of, from answers. Nothing here knows of threads.
import {
  calibratedMastery,
  calibratedPlacement,
  fitPrediction,
  fitSoundBkt,
  fittedCalibration,
  metrics,
  ofLearners,
  predictions,
  strictTraining,
  twins,
  type AnswerLog,
  type BktBasis,
  type Calibration,
  type DegenerateFit,
  type FittedModel,
  type Metrics,
} from '@trellis/mastery';
import { hash48 } from '@trellis/views';

/** What a fit works on; columns may be in shared memory. */
export interface FitStage {
  readonly log: AnswerLog;
  /** The one in force, to set the new one against. */
  readonly before: Calibration;
  readonly seed: number;
}

export interface Judged extends Metrics {
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
const HELD_OUT_OF = 5;
/** Shares of the work. */
const TWINS_SHARE = 0.2;
const BKT_SHARE = 0.2;

export function fitCalibration({ log, before, seed }: FitStage, progress: (share: number) => void): Fitted {
  const { train: all, test } = split(log);
  const found = twins(all, test, (share) => progress(TWINS_SHARE * share));
  const train = strictTraining(all, found);
  const bkt = fitSoundBkt(train, { seed, progress: (done, of) => progress(TWINS_SHARE + (BKT_SHARE * done) / of) });
  const prediction = fitPrediction(train, { seed, ability: before.ability, onProgress: (share) => progress(TWINS_SHARE + BKT_SHARE + (1 - TWINS_SHARE - BKT_SHARE) * share) });
  const calibration = fittedCalibration('new', log.vocabulary, { prediction, bkt, recall: null }, before);
  const judged = [...judge('new', calibration, test), ...judge('before', before, test)];
  const instead = new Map(bkt.units.map(({ skill, basis }) => [skill, basis]));
  return {
    calibration,
    judged,
    degenerate: bkt.degenerate.map((flaw) => ({ ...flaw, instead: instead.get(flaw.skill) ?? bkt.pooled.basis })),
    counts: { learners: train.learners.length, answers: train.item.length, heldOutLearners: test.learners.length, twins: found.drop.length },
  };
}

function judge(of: Judged['of'], calibration: Calibration, test: AnswerLog): readonly Judged[] {
  const one = (model: string, fitted: FittedModel): Judged => ({ of, model, ...metrics(test.right, predictions(fitted, test)) });
  return [one('placement', calibratedPlacement(calibration, test.vocabulary)), one('mastery', calibratedMastery(calibration, test.vocabulary))];
}

function split(log: AnswerLog): { readonly train: AnswerLog; readonly test: AnswerLog } {
  const part = (isHeld: boolean): AnswerLog => ofLearners(log, log.learners.flatMap((id, learner) => ((hash48(id) % HELD_OUT_OF === 0) === isHeld ? [learner] : [])));
  return { train: part(false), test: part(true) };
}
