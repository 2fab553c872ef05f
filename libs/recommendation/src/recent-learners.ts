// States of learners who were just worked for: their next request folds on from there instead of reading and decoding a row.
import type { Loaded } from '@trellis/event-sourcing';
import type { LearnerState } from '@trellis/views';

/** Of all states together, by estimate. */
const BYTES_MAX = 32 * 1024 * 1024;
const STATE_BYTES = 2_048;
const SKILL_BYTES = 256;
const ITEM_BYTES = 32;

/** A state may be changed in place, so whoever takes one is its only owner until it is given back. */
export class RecentLearners {
  /** The one given back longest ago comes first. */
  private readonly kept = new Map<string, { readonly loaded: Loaded<LearnerState>; readonly bytes: number }>();
  private bytes = 0;

  constructor(private readonly bytesMax = BYTES_MAX) {}

  take(key: string): Loaded<LearnerState> | null {
    const kept = this.kept.get(key);
    if (kept === undefined) return null;
    this.forget(key, kept.bytes);
    return kept.loaded;
  }

  /** Only to be looked at now; it stays whose it is. */
  peek(key: string): Loaded<LearnerState> | null {
    return this.kept.get(key)?.loaded ?? null;
  }

  give(key: string, loaded: Loaded<LearnerState>): void {
    const { skills, items } = loaded.state;
    const bytes = STATE_BYTES + SKILL_BYTES * skills.size + ITEM_BYTES * items.size;
    const before = this.kept.get(key);
    if (before !== undefined) this.forget(key, before.bytes);
    this.kept.set(key, { loaded, bytes });
    this.bytes += bytes;
    for (const [oldest, held] of this.kept) {
      if (this.bytes <= this.bytesMax) break;
      this.forget(oldest, held.bytes);
    }
  }

  private forget(key: string, bytes: number): void {
    this.kept.delete(key);
    this.bytes -= bytes;
  }
}
