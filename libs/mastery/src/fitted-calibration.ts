// The calibration that fits make together. What no fit says is taken from the one before it.
import type { Vocabulary } from './answer-log.js';
import type { BktFit } from './bkt/fit.js';
import type { BktParameters } from './bkt.js';
import { combinationKey, type Calibration } from './calibration.js';
import type { PredictionFit } from './prediction/prediction-fit.js';
import type { RecallParameters } from './recall/fsrs.js';

export interface Fits {
  readonly prediction: PredictionFit;
  /** By skill, learning only, without what is degenerate. */
  readonly bkt: BktFit;
  /** Null: nothing to fit it on, or nothing better found. */
  readonly recall: RecallParameters | null;
}

export function fittedCalibration(id: string, { items, skills, combinations }: Vocabulary, { prediction, bkt, recall }: Fits, before: Calibration): Calibration {
  const { difficulties } = prediction.tables;
  const seen = (values: Float64Array, counts: Int32Array, names: readonly string[]): Map<string, number> =>
    new Map(names.flatMap((name, number): [string, number][] => ((counts[number] ?? 0) === 0 ? [] : [[name, values[number] ?? 0]])));
  const names = combinations.map((set) => combinationKey(Array.from(set, (skill) => skills[skill] ?? '')));
  return {
    ...before,
    id,
    bkt: plain(bkt.pooled.parameters),
    skills: new Map(bkt.units.filter(({ own }) => own).map(({ skill, parameters }) => [skill, plain(parameters)])),
    ability: { ...before.ability, base: difficulties.mu },
    itemEasiness: seen(difficulties.items, difficulties.itemCount, items),
    skillsEasiness: seen(difficulties.combinations, difficulties.combinationCount, names),
    placement: prediction.placement,
    recall: recall ?? before.recall,
  };
}

function plain({ prior, learn, guess, slip }: BktParameters): BktParameters {
  return { prior, learn, guess, slip };
}
