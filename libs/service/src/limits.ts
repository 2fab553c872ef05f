// Bounds of what the service lets in at once, each with its unit in its name.

import type { AdmissionClass } from './route-config.js';

export const REQUESTS_IN_FLIGHT_MAX = 1_000;
/** Bodies are held in memory, and parsed they take several times their size. */
export const BODY_BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024;

export interface ClassLimits {
  /** A request is refused when the turn of the event loop in which it is first seen has taken longer: so long it has waited at least. */
  readonly turnMs: number;
  /** Let in and not answered yet. */
  readonly inFlightMax: number;
}

/**
 * While overload lasts; so many times as much is let in for a moment, see `BURST`. A request waits for a turn or two to be seen
 * and for another two until its answer is written, so that turns of 20 ms keep answers under 100 ms.
 */
export const ADMISSION: Readonly<Record<AdmissionClass, ClassLimits>> = {
  recommendation: { turnMs: 10, inFlightMax: 64 },
  read: { turnMs: 10, inFlightMax: 64 },
  write: { turnMs: 20, inFlightMax: 256 },
};

/** A class that begins, or one long pause, is no overload yet: all limits of a class are so many times as wide. */
export const BURST = 5;
/** What has been over a limit for this long is no burst. */
export const STANDING_MS = 100;
/** A turn of the event loop that takes so long is late. Below every limit above, so that a loop held to a limit still counts as late. */
export const TURN_LATE_MS = 5;

/** So long after a refused write nothing that matters less is let in. */
export const YIELD_MS = 1_000;
