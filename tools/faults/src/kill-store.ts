// The real store of the runs that end with a kill, with small segments, little memory and quick timers, so that roll-overs, reads
// from the disk and indexing happen within milliseconds.
import type { EmbeddedOptions } from '@trellis/embedded';

const TIMES_AS_FAST = 50;

export const KILL_STORE: EmbeddedOptions = {
  segmentBytes: 64 * 1_024,
  recentBytes: 16 * 1_024,
  ports: {
    scheduler: {
      soon: (run) => void setImmediate(run),
      later: (delayMs, run) => {
        const timer = setTimeout(run, delayMs / TIMES_AS_FAST);
        return () => clearTimeout(timer);
      },
    },
  },
};
