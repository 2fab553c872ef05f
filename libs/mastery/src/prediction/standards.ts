// Features on one scale, by the mean and the standard deviation that they had over the training rows.
import { CLIP_SD, SD_FLOOR, standardised } from '../logistic.js';

export interface Standards {
  readonly mean: Float64Array;
  /** `SD_FLOOR` is in it. */
  readonly sd: Float64Array;
}

/** Puts the rows of `width` features on one scale in place, clipped at `CLIP_SD`. Without rows, features stay as they are. */
export function standardise(features: Float32Array, width: number): Standards {
  const rows = features.length / width;
  const mean = new Float64Array(width);
  const sd = new Float64Array(width).fill(1);
  if (rows === 0) return { mean, sd };
  for (let at = 0; at < features.length; at += width) {
    for (let n = 0; n < width; n++) mean[n] = (mean[n] as number) + (features[at + n] as number);
  }
  for (let n = 0; n < width; n++) mean[n] = (mean[n] as number) / rows;
  sd.fill(0);
  for (let at = 0; at < features.length; at += width) {
    for (let n = 0; n < width; n++) {
      const from = (features[at + n] as number) - (mean[n] as number);
      sd[n] = (sd[n] as number) + from * from;
    }
  }
  for (let n = 0; n < width; n++) sd[n] = Math.sqrt((sd[n] as number) / rows) + SD_FLOOR;
  for (let at = 0; at < features.length; at += width) {
    for (let n = 0; n < width; n++) features[at + n] = standardised(features[at + n] as number, mean[n] as number, sd[n] as number);
  }
  return { mean, sd };
}

/** The same for one row, from the first places of `values` into those of `out`. */
export function standardiseRow({ mean, sd }: Standards, values: Float64Array, out: Float64Array): void {
  for (let n = 0; n < mean.length; n++) {
    const z = ((values[n] as number) - (mean[n] as number)) / (sd[n] as number);
    out[n] = z > CLIP_SD ? CLIP_SD : z < -CLIP_SD ? -CLIP_SD : z;
  }
}
