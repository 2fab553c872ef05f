// Predictions put in order once, so that the area under the ROC curve of any reweighting is one pass.

export interface Ranked {
  /** Numbers of rows, by ascending prediction. */
  readonly order: Uint32Array;
  /** By place in the order: 1 where the next place holds a greater prediction (or there is none), so that a run of ties ends. */
  readonly ends: Uint8Array;
  /** By place in the order: whether the answer was right. */
  readonly right: Uint8Array;
}

export function ranked(right: Uint8Array, predicted: Float64Array): Ranked {
  const order = Uint32Array.from(right, (_, row) => row);
  order.sort((a, b) => (predicted[a] as number) - (predicted[b] as number));
  const ends = new Uint8Array(order.length);
  for (let place = 0; place < order.length; place++) {
    ends[place] = place + 1 === order.length || predicted[order[place] as number] !== predicted[order[place + 1] as number] ? 1 : 0;
  }
  return { order, ends, right: Uint8Array.from(order, (row) => right[row] ?? 0) };
}

/** Mann and Whitney's statistic as a share: ties count half, which is what midranks give. NaN where all answers are alike. */
export function aucOf({ ends, right }: Ranked): number {
  let below = 0;
  let rights = 0;
  let wrongs = 0;
  let won = 0;
  let all = 0;
  for (let place = 0; place < right.length; place++) {
    if (right[place] === 1) rights++;
    else wrongs++;
    if (ends[place] === 0) continue;
    won += rights * (below + wrongs / 2);
    below += wrongs;
    all += rights;
    rights = wrongs = 0;
  }
  return won / (all * below);
}

/** The same with each row counted `weights[group]` times, `groups` by place in the order. */
export function weightedAuc({ ends, right }: Ranked, groups: Int32Array, weights: Float64Array): number {
  let below = 0;
  let rights = 0;
  let wrongs = 0;
  let won = 0;
  let all = 0;
  for (let place = 0; place < right.length; place++) {
    const weight = weights[groups[place] as number] as number;
    if (right[place] === 1) rights += weight;
    else wrongs += weight;
    if (ends[place] === 0) continue;
    won += rights * (below + wrongs / 2);
    below += wrongs;
    all += rights;
    rights = wrongs = 0;
  }
  return won / (all * below);
}
