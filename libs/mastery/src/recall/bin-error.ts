// How far recall is off on average: the RMSE (bins) by which memory models are compared (open-spaced-repetition/srs-benchmark; the bins of fsrs-rs).
import { exactFirst, exactNext, recallAfter, type Memory, type RecallParameters } from './fsrs.js';
import type { ReviewHistory } from './review-history.js';

/** Bins widen by these factors: of days since the review before, of the number of the review, of lapses before it. */
const DAYS_BY = 3.62;
const REVIEWS_BY = 1.89;
const LAPSES_BY = 1.73;

/** Share remembered less mean recall foreseen, per bin, squared and averaged over the first reviews of each day, the very first apart. Null without any. */
export function binError(histories: readonly ReviewHistory[], p: RecallParameters): number | null {
  const bins = new Map<string, { reviews: number; excess: number }>();
  let reviews = 0;
  for (const { days, right } of histories) {
    let memory: Memory = exactFirst(right[0] === 1, p);
    let lapses = 0;
    for (let n = 1; n < days.length; n++) {
      const [elapsed, isRight] = [days[n] ?? 0, right[n] === 1];
      if (elapsed > 0) {
        const key = `${step(elapsed, DAYS_BY)} ${step(n + 1, REVIEWS_BY)} ${lapses === 0 ? 'none' : step(lapses, LAPSES_BY)}`;
        const bin = bins.get(key) ?? { reviews: 0, excess: 0 };
        bin.reviews++;
        bin.excess += (isRight ? 1 : 0) - recallAfter(elapsed, memory.stability, p);
        bins.set(key, bin);
        reviews++;
      }
      if (!isRight) lapses++;
      memory = exactNext(memory, elapsed, isRight, p);
    }
  }
  if (reviews === 0) return null;
  let squares = 0;
  for (const bin of bins.values()) squares += bin.excess ** 2 / bin.reviews;
  return Math.sqrt(squares / reviews);
}

function step(value: number, by: number): number {
  return Math.floor(Math.log(value) / Math.log(by));
}
