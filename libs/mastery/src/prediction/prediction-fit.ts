// Fits everything that predicts the next answer but the network: difficulties, transition tables and two regressions. Rows that a
// regression or a network learns from take tables that their own learner had no part in (out of fold), all from one pass.
import { ofLearners, type AnswerLog } from '../answer-log.js';
import { DEFAULT_CALIBRATION } from '../calibration.js';
import { PLACEMENT_FEATURES } from '../placement.js';
import type { AbilityParameters } from '../ability.js';
import type { Logistic } from '../logistic.js';
import { FOLDS, fitDifficulties, foldsOf, SWEEPS } from './difficulties.js';
import { FeatureWriter, PLACEMENT_NAMES, PREDICTION_FEATURES, PREDICTION_WIDTH, SIMPLE_FEATURES, type PredictionTables } from './features.js';
import { fitLogistic, STEPS_MAX } from './logistic-fit.js';
import { newRunningState, observeAnswer } from './running-state.js';
import { standardise, type Standards } from './standards.js';
import { fitStatics } from './statics.js';
import { openedTables, type StoredTables } from './stored-tables.js';
import type { TrainingRows } from './training-rows.js';
import { KEYS_WIDTH } from './transition-keys.js';
import { newSums, numberRows, sumTransitions, tablesOf, type NumberedRows } from './transition-tables.js';

export interface PredictionFitOptions {
  /** Cuts the folds. */
  readonly seed: number;
  readonly ability?: AbilityParameters;
  /** Tables leave out windows seen less often: at 2 a tenth of the memory, at no loss. */
  readonly seenAtLeast?: number;
  /** `all`: rows of all features are handed out too, 384 bytes each. */
  readonly rows?: 'simple' | 'all';
  /** Called often, with the share of the work done. What it throws ends the fit. */
  readonly onProgress?: (share: number) => void;
}

export interface PredictionFit {
  /** From the answers of all learners: to predict with, and to store. */
  readonly tables: PredictionTables;
  readonly stored: StoredTables;
  /** Over `SIMPLE_FEATURES`. */
  readonly simple: Logistic;
  /** Over `PLACEMENT_FEATURES`. */
  readonly placement: Logistic;
  /** Over `PREDICTION_FEATURES`; null unless asked for. */
  readonly training: { readonly rows: TrainingRows; readonly standards: Standards } | null;
}

/** More rows do not fit; a sample of learners says as much. */
export const ROWS_MAX = 2_000_000;
export const SEEN_AT_LEAST = 2;
/**
 * Fewer teach a regression less than the running ability knows by itself. Learned from 1 to 320 learners of two public sets (ASSISTments
 * 2009, OLI Statics) and tried on others of the training part: below, log loss was up to 0.8 worse; from here on it was better each time.
 */
export const LEARNERS_MIN = 10;
export const ROWS_MIN = 2_000;

/** Both regressions need these; they are kept where not all features are asked for. */
const NEEDED = [...new Set<string>([...SIMPLE_FEATURES, ...PLACEMENT_NAMES])];
/** What a row costs by stage, in sweeps of the difficulties. */
const COST = { number: 150, sum: 30, features: 250, step: 10 };

export function fitPrediction(log: AnswerLog, options: PredictionFitOptions): PredictionFit {
  const rows = log.item.length;
  if (rows > ROWS_MAX) throw new RangeError(`fitPrediction takes at most ${ROWS_MAX} rows, got ${rows}: fit on a sample of the learners`);
  const { ability = DEFAULT_CALIBRATION.ability, seenAtLeast = SEEN_AT_LEAST } = options;
  const wanted = options.rows === 'all' ? PREDICTION_FEATURES : NEEDED;
  const progress = progressOf(rows, options.onProgress);
  const ground = { combinations: log.vocabulary.combinations, ability };
  const learners = log.learners.map((_, learner) => learner);
  const tablesFrom = (others: readonly number[], sums: ReturnType<typeof newSums>) => {
    const part = others.length === learners.length ? log : ofLearners(log, others);
    const difficulties = fitDifficulties(part, () => progress(part.item.length));
    sumTransitions(log, others, { ...ground, difficulties }, numbered, sums, (count) => progress(count * COST.sum));
    return { ...ground, difficulties, statics: fitStatics(log, others) };
  };

  const empty = fitDifficulties(ofLearners(log, []));
  const numbered = numberRows(log, { ...ground, difficulties: empty }, (count) => progress(count * COST.number));
  const sums = newSums(numbered, seenAtLeast);
  const matrix = new Float32Array(rows * wanted.length);
  const columns = wanted.map((name) => PREDICTION_FEATURES.indexOf(name));
  for (const { held, others } of foldsOf(log, options.seed)) {
    const part = tablesFrom(others, sums);
    writeRows(log, held, { ...part, transitions: { numbers: numbered.numbers, sums } }, numbered, { matrix, columns }, (count) => progress(count * COST.features));
  }
  const final = tablesFrom(learners, sums);
  const stored = { ...final, transitions: tablesOf(numbered, sums) };

  const standards = standardise(matrix, wanted.length);
  const regression = (names: readonly string[], called: readonly string[]): Logistic => {
    if (!teaches(log)) return abilityAlone(names, called);
    const places = names.map((name) => wanted.indexOf(name));
    return fitLogistic({ features: matrix, width: wanted.length, columns: places, names: called, right: log.right, standards }, () => progress(rows * COST.step));
  };
  const simple = regression(SIMPLE_FEATURES, SIMPLE_FEATURES);
  const placement = regression(PLACEMENT_NAMES, PLACEMENT_FEATURES);
  options.onProgress?.(1);
  const training = options.rows === 'all' ? { rows: { features: matrix, item: log.item, combination: log.combination, right: log.right }, standards } : null;
  return { tables: openedTables(stored), stored, simple, placement, training };
}

function teaches({ learners, right }: AnswerLog): boolean {
  return learners.length >= LEARNERS_MIN && right.length >= ROWS_MIN && right.includes(1) && right.includes(0);
}

/** What to expect where nothing could be learned: easiness and the learner's running ability, as they are. */
function abilityAlone(names: readonly string[], called: readonly string[]): Logistic {
  const weights = Float64Array.from(names, (name) => (name === 'z_elo' ? 1 : 0));
  return { features: called, mean: new Float64Array(names.length), sd: new Float64Array(names.length).fill(1), weights, intercept: 0 };
}

interface Target {
  readonly matrix: Float32Array;
  /** Which features stand in it, in its order. */
  readonly columns: readonly number[];
}

/** Features of each row of some learners, each before its answer was observed. */
function writeRows(
  log: AnswerLog,
  learners: readonly number[],
  tables: PredictionTables,
  { rows: numbers }: NumberedRows,
  { matrix, columns }: Target,
  onLearner: (rows: number) => void,
): void {
  const writer = new FeatureWriter(tables);
  const features = new Float64Array(PREDICTION_WIDTH);
  for (const learner of learners) {
    const state = newRunningState(tables);
    const from = log.starts[learner] ?? 0;
    const to = log.starts[learner + 1] ?? 0;
    for (let row = from; row < to; row++) {
      const asked = { item: log.item[row] ?? -1, combination: log.combination[row] ?? -1 };
      writer.writeNumbered(state, asked, numbers, row * KEYS_WIDTH, features);
      for (let n = 0; n < columns.length; n++) matrix[row * columns.length + n] = features[columns[n] as number] as number;
      observeAnswer(state, tables, asked, log.right[row] ?? 0);
    }
    onLearner(to - from);
  }
}

/** Takes work as it is done, in rows times their cost, and tells the share. */
function progressOf(rows: number, tell: ((share: number) => void) | undefined): (work: number) => void {
  const all = rows * (COST.number + FOLDS * (SWEEPS + COST.sum) + COST.features + 2 * STEPS_MAX * COST.step);
  let done = 0;
  return (work) => {
    done += work;
    tell?.(all === 0 ? 1 : Math.min(1, done / all));
  };
}
