// Ids that no index vouches for: whether one of them comes twice. Hashes are compared first, which takes 8 bytes an id; those few
// that are equal are then looked at in the log itself.
import { mix } from './stream-ledger.js';

/** 256 MiB of hashes. */
export const HASHES_MAX = 32 * 1_024 * 1_024;
const HASHES_FIRST = 4_096;

export class IdSet {
  private hashes = new Float64Array(HASHES_FIRST);
  private count = 0;
  /** Ids that were not taken in because there are too many. */
  left = 0;

  /** The id whose four words begin at `at`. */
  add(words: Uint32Array, at: number): void {
    if (this.count === HASHES_MAX) {
      this.left++;
      return;
    }
    if (this.count === this.hashes.length) {
      const more = new Float64Array(2 * this.hashes.length);
      more.set(this.hashes);
      this.hashes = more;
    }
    this.hashes[this.count++] = idHash(words, at);
  }

  /** Hashes that came more than once: those of ids that are there twice, and by a rare chance others. */
  repeated(): ReadonlySet<number> {
    const sorted = this.hashes.subarray(0, this.count).sort();
    const repeated = new Set<number>();
    for (let n = 1; n < sorted.length; n++) {
      const hash = sorted[n] ?? 0;
      if (hash === sorted[n - 1]) repeated.add(hash);
    }
    return repeated;
  }
}

/** 53 bits, which a number holds exactly. */
export function idHash(words: Uint32Array, at: number): number {
  let high = 0;
  let low = 1;
  for (let n = 0; n < 4; n++) {
    high = mix(high, words[at + n] ?? 0);
    low = mix(low ^ high, words[at + n] ?? 0);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
