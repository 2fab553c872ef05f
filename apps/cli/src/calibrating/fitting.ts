// Everything that a calibration is made of, from answers: twice on two threads, once on four fifths of the learners to be judged on the
// rest, once on all of them to be published. Nothing here knows of threads.
import {
  calibratedMastery,
  calibratedPlacement,
  fitPrediction,
  fitSoundBkt,
  fittedCalibration,
  metrics,
  ofLearners,
  predictions,
  seeded,
  type AnswerLog,
  type Calibration,
  type BktBasis,
  type DegenerateFit,
  type FittedModel,
  type Metrics,
} from '@trellis/mastery';

/** What both threads work on; columns are in shared memory. */
export interface FitStage {
  readonly log: AnswerLog;
  /** The one in force, to set the new one against. */
  readonly before: Calibration;
  readonly seed: number;
}

export type FitKind = 'held-out' | 'whole';

export interface Judged extends Metrics {
  readonly model: string;
  /** Whose: the new one, or the one in force. */
  readonly of: 'new' | 'before';
}

export interface HeldOut {
  readonly learners: number;
  readonly judged: readonly Judged[];
}

/** A fit of one skill that makes no sense, and what stands in its place. */
export type Replaced = DegenerateFit & { readonly instead: BktBasis };

export interface Whole {
  readonly calibration: Calibration;
  readonly degenerate: readonly Replaced[];
}

/** One of so many learners is held out. */
const HELD_OUT_OF = 5;
/** Shares of the work: prediction is most of it. */
const BKT_SHARE = 0.2;

export function heldOut({ log, before, seed }: FitStage, progress: (share: number) => void): HeldOut {
  const { train, test } = cut(log, seed);
  const { calibration } = fitted({ log: train, before, seed }, progress);
  const of = (whose: Judged['of'], model: FittedModel, name: string): Judged => ({ of: whose, model: name, ...metrics(test.right, predictions(model, test)) });
  const both = (whose: Judged['of'], one: Calibration): Judged[] => [
    of(whose, calibratedPlacement(one, log.vocabulary), 'placement'),
    of(whose, calibratedMastery(one, log.vocabulary), 'mastery'),
  ];
  return { learners: test.learners.length, judged: [...both('new', calibration), ...both('before', before)] };
}

export function whole(stage: FitStage, progress: (share: number) => void): Whole {
  return fitted(stage, progress);
}

function fitted({ log, before, seed }: FitStage, progress: (share: number) => void): Whole {
  const bkt = fitSoundBkt(log, { seed, progress: (done, all) => progress((BKT_SHARE * done) / all) });
  const prediction = fitPrediction(log, { seed, ability: before.ability, onProgress: (share) => progress(BKT_SHARE + (1 - BKT_SHARE) * share) });
  const instead = new Map(bkt.units.map(({ skill, basis }) => [skill, basis]));
  const degenerate = bkt.degenerate.map((flaw) => ({ ...flaw, instead: instead.get(flaw.skill) ?? bkt.pooled.basis }));
  return { calibration: fittedCalibration('new', log.vocabulary, { prediction, bkt, recall: null }, before), degenerate };
}

/** By learner, drawn by the seed: every learner is wholly on one side. */
function cut(log: AnswerLog, seed: number): { readonly train: AnswerLog; readonly test: AnswerLog } {
  const random = seeded(seed);
  const held = log.learners.map(() => random() * HELD_OUT_OF < 1);
  const of = (isHeld: boolean): AnswerLog => ofLearners(log, log.learners.flatMap((_, learner) => (held[learner] === isHeld ? [learner] : [])));
  return { train: of(false), test: of(true) };
}
