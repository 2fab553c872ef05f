// One drill: traffic runs while something is done to the system, then everything comes to rest and is audited.
import { setTimeout as sleep } from 'node:timers/promises';
import { Randomness } from '../randomness.js';
import { audit, type Audited } from './audit.js';
import { System, type SystemOptions } from './system.js';
import { Traffic } from './traffic.js';

export interface Disturbing {
  readonly system: System;
  readonly traffic: Traffic;
  readonly random: Randomness;
  /** Given when the traffic has ended: what was taken down must be up again when the work resolves. */
  readonly signal: AbortSignal;
  /** Counts what was done, for the report. */
  did(what: string): void;
  /** Something is not as this drill says it must be. */
  violation(what: string): void;
  /** Less once the signal is given. */
  pause(ms: number): Promise<void>;
}

export interface Drill {
  readonly name: string;
  readonly events: number;
  readonly options?: SystemOptions;
  readonly seed?: number;
  /** How long everything may take to come to rest. */
  readonly settledMsMax?: number;
  /** Messages that stay parked. */
  readonly parked?: number;
  /** Beside the traffic. */
  readonly disturb?: (with_: Disturbing) => Promise<void>;
  /** After the traffic, before the audit. */
  readonly afterwards?: (with_: Disturbing) => Promise<void>;
}

export interface Drilled extends Audited {
  readonly done: Readonly<Record<string, number>>;
  readonly seconds: number;
}

const SEED = 20_261_122;
const SETTLED_MS_MAX = 120_000;

export async function drill({ events, options = {}, seed = SEED, settledMsMax = SETTLED_MS_MAX, parked = 0, disturb, afterwards }: Drill): Promise<Drilled> {
  const since = performance.now();
  const random = new Randomness(seed);
  const system = await System.start(options);
  const done: Record<string, number> = {};
  const over = new AbortController();
  const found: string[] = [];
  const traffic = new Traffic(system, random.split('traffic'));
  const disturbing: Disturbing = {
    system,
    traffic,
    random: random.split('disturbing'),
    signal: over.signal,
    violation: (what) => void found.push(what),
    did: (what) => void (done[what] = (done[what] ?? 0) + 1),
    // Woken early, it has nothing more to wait for.
    pause: async (ms) => void (await sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)),
  };
  try {
    await traffic.publishCourse();
    await Promise.all([traffic.run(events).finally(() => over.abort()), disturb?.(disturbing)]);
    await afterwards?.(disturbing);
    const audited = await audit(system, await traffic.end(), { settledMsMax, parked });
    return { ...audited, violations: [...found, ...audited.violations], done, seconds: Math.round((performance.now() - since) / 1_000) };
  } finally {
    await system.stop();
  }
}
