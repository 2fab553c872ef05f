// What a run came to: written as JSON, shown as lines and as a page.
import type { Label } from './target.js';
import type { Suite } from './options.js';

/** One second of the target, all its processes together; what cannot be known from here is null. */
export interface Sample {
  /** Since the load began, warm-up included. */
  readonly second: number;
  /** Cores that were busy: 1.5 is one and a half. */
  readonly cores: number | null;
  readonly residentMiB: number | null;
  /** Of the process where it is longest. */
  readonly loopDelayP99Ms: number | null;
  readonly requestsPerSecond: number | null;
  /** Answered with 429 or 503. */
  readonly refusedPerSecond: number | null;
  /** As the target measured it, from arrival to the end of the answer; between the bounds of its histogram's buckets. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** A part of a run that is judged by itself: a step of `breakpoint`, a scenario of `ingest`, a tenth of `soak`, a kind of request. */
export interface Part {
  readonly name: string;
  /** When it began, in seconds since the load began, where parts follow one another. */
  readonly fromSecond?: number;
  readonly seconds: number;
  /** Requests a second that were due. */
  readonly offeredPerSecond: number;
  readonly answered: number;
  readonly refused: number;
  /** Sent, and neither answered nor refused. */
  readonly failed: number;
  /** Not even sent: all that the generator may have under way was waiting for answers. */
  readonly unsent: number;
  readonly answeredPerSecond: number;
  readonly eventsPerSecond?: number;
  /** Milliseconds of what was answered, as the generator measured them; null where nothing was. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** The median of its samples. */
  readonly residentMiB?: number | null;
}

/** One number that a suite is about, such as the knee: {name: 'knee', value: 1200, unit: 'requests/s'}. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

export interface Threshold {
  readonly metric: string;
  readonly threshold: string;
  readonly ok: boolean;
  /** What was measured, where the metric is none of k6. */
  readonly value?: number;
}

/** What a script of k6 hands over. */
export interface Summary {
  readonly suite: Suite;
  readonly metrics: Readonly<Record<string, { readonly type: string; readonly values: Readonly<Record<string, number>> }>>;
  readonly thresholds: readonly Threshold[];
  readonly parts: readonly Part[];
  readonly figures: readonly Figure[];
}

/** Where and with what it ran. */
export interface Circumstances {
  /** RFC 3339. */
  readonly at: string;
  readonly commit: string;
  readonly node: string;
  readonly k6: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
}

export interface Result extends Summary, Circumstances {
  /** What gives the same again. */
  readonly command: string;
  readonly target: Label;
  /** Whether decisions were kept by our double of KurrentDB's protocol instead of KurrentDB. */
  readonly isKurrentDouble: boolean;
  readonly rate: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly learners: number;
  readonly seed: number;
  readonly isShort: boolean;
  /** Answers that the learners had given before. */
  readonly history: number;
  readonly samples: readonly Sample[];
}
