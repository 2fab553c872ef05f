// A small network over the features of a question, as it is kept: numbers that can be stored, and what they say of a question.

/** How wide its parts are. */
export interface NetworkShape {
  /** Standardised features. */
  readonly features: number;
  readonly itemVector: number;
  readonly combinationVector: number;
  /** The hidden layers. */
  readonly first: number;
  readonly second: number;
}

/** Plain numbers and typed arrays. Matrices go row by row, one row for each unit that they lead to. */
export interface NetworkWeights {
  readonly shape: NetworkShape;
  /** By number of item: which vector it has. Items with few answers share vector 0, as do those never seen. */
  readonly itemSlot: Int32Array;
  readonly itemVectors: Float64Array;
  /** By number of combination, and last that of none: which vector it has. Vector 0, of those never seen, is the mean of the others. */
  readonly combinationSlot: Int32Array;
  readonly combinationVectors: Float64Array;
  /** From features, item vector and combination vector, in this order. */
  readonly firstWeights: Float64Array;
  readonly firstBias: Float64Array;
  readonly secondWeights: Float64Array;
  readonly secondBias: Float64Array;
  readonly lastWeights: Float64Array;
  /** One number. */
  readonly lastBias: Float64Array;
  /** From the features straight to the logit. */
  readonly direct: Float64Array;
}

export const NETWORK_SHAPE: Omit<NetworkShape, 'features'> = { itemVector: 8, combinationVector: 16, first: 64, second: 32 };

export function inputWidth({ features, itemVector, combinationVector }: NetworkShape): number {
  return features + itemVector + combinationVector;
}

export function itemSlotOf({ itemSlot }: Pick<NetworkWeights, 'itemSlot'>, item: number): number {
  return itemSlot[item] ?? 0;
}

export function combinationSlotOf({ combinationSlot }: Pick<NetworkWeights, 'combinationSlot'>, combination: number): number {
  return combinationSlot[combination < 0 ? combinationSlot.length - 1 : combination] ?? 0;
}

/** Questions of one learner or of many, as columns. */
export interface NetworkQuestions {
  /** Standardised, row by row. */
  readonly features: Float64Array;
  readonly item: Int32Array;
  readonly combination: Int32Array;
}

/** The weights with room to work in: one for each thread of predictions. */
export class Network {
  private readonly input: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;

  constructor(private readonly weights: NetworkWeights) {
    this.input = new Float64Array(inputWidth(weights.shape));
    this.first = new Float64Array(weights.shape.first);
    this.second = new Float64Array(weights.shape.second);
  }

  /** Logit of a right answer, for the row of standardised features that begins at `at`. The same to the last bit wherever it stands. */
  logit(features: Float64Array, item: number, combination: number, at = 0): number {
    const { weights, input, first, second } = this;
    const { shape, itemVectors, combinationVectors } = weights;
    for (let n = 0; n < shape.features; n++) input[n] = features[at + n] as number;
    copy(itemVectors, itemSlotOf(weights, item), shape.itemVector, input, shape.features);
    copy(combinationVectors, combinationSlotOf(weights, combination), shape.combinationVector, input, shape.features + shape.itemVector);
    layer(weights.firstWeights, weights.firstBias, input, first);
    layer(weights.secondWeights, weights.secondBias, first, second);
    return (weights.lastBias[0] as number) + dot(weights.lastWeights, 0, second, second.length) + dot(weights.direct, 0, input, shape.features);
  }

  /** Logits of many questions into the first places of `out`. */
  logits({ features, item, combination }: NetworkQuestions, out: Float64Array): void {
    const width = this.weights.shape.features;
    for (let n = 0; n < item.length; n++) out[n] = this.logit(features, item[n] as number, combination[n] as number, n * width);
  }
}

function copy(vectors: Float64Array, slot: number, width: number, out: Float64Array, to: number): void {
  for (let n = 0; n < width; n++) out[to + n] = vectors[slot * width + n] as number;
}

/** What is below 0 counts as 0. */
function layer(weights: Float64Array, bias: Float64Array, input: Float64Array, out: Float64Array): void {
  for (let unit = 0; unit < out.length; unit++) {
    const sum = (bias[unit] as number) + dot(weights, unit * input.length, input, input.length);
    out[unit] = sum > 0 ? sum : 0;
  }
}

/** Four sums side by side, put together in one order: fast, and the same bits each time. */
function dot(weights: Float64Array, at: number, input: Float64Array, length: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let n = 0;
  for (; n + 3 < length; n += 4) {
    a += (weights[at + n] as number) * (input[n] as number);
    b += (weights[at + n + 1] as number) * (input[n + 1] as number);
    c += (weights[at + n + 2] as number) * (input[n + 2] as number);
    d += (weights[at + n + 3] as number) * (input[n + 3] as number);
  }
  for (; n < length; n++) a += (weights[at + n] as number) * (input[n] as number);
  return a + b + (c + d);
}
