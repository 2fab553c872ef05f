// What a model of many features is fitted on: rows of learners whose own answers had no part in the tables behind the features.

export interface TrainingRows {
  /** Standardised, row by row, `PREDICTION_WIDTH` each. */
  readonly features: Float32Array;
  /** By row: the number of the item, -1 for none. */
  readonly item: Int32Array;
  /** By row: the number of the combination of skills. */
  readonly combination: Int32Array;
  /** By row: 1 right, 0 wrong. */
  readonly right: Uint8Array;
}
