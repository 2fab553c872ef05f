// What a world may be given in place of the real thing: this is how known bugs are planted, with no switch in shipped code.
import type { EmbeddedPorts } from '@trellis/embedded';
import type { EventStore, ViewStore } from '@trellis/event-sourcing';
import type { Randomness } from './randomness.js';
import type { LearnerProjection } from './row-checks.js';

export interface Setting {
  readonly random: Randomness;
  /** Milliseconds since 1970, as the process reads them. */
  readonly clock: () => number;
  /** Waits on the world's clock. */
  readonly sleep: (delayMs: number) => Promise<void>;
}

export interface Alterations {
  readonly ports?: (ports: EmbeddedPorts, setting: Setting) => EmbeddedPorts;
  readonly store?: (store: EventStore, setting: Setting) => EventStore;
  readonly views?: (views: ViewStore, setting: Setting) => ViewStore;
  readonly projection?: (projection: LearnerProjection) => LearnerProjection;
}
