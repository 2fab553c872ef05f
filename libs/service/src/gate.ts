// Who is let in. What is too much is turned away at once and cheaply, so that those who are inside are answered in time; what can
// be asked again (recommendations, reads) before what somebody has done (answers, events).

import type { Counter } from 'prom-client';
import { ADMISSION, BODY_BYTES_IN_FLIGHT_MAX, BURST, type ClassLimits, REQUESTS_IN_FLIGHT_MAX, STANDING_MS, YIELD_MS } from './limits.js';
import { LoopTurns, NODE_TURNS, type TurnSource } from './loop-turns.js';
import type { Metrics } from './metrics.js';
import type { Problem } from './problems.js';
import { Refusals } from './refusals.js';
import { ADMISSION_CLASSES, type AdmissionClass } from './route-config.js';

export interface GateOptions {
  readonly requestsMax?: number;
  readonly bodyBytesMax?: number;
  readonly admission?: Readonly<Record<AdmissionClass, ClassLimits>>;
  readonly turns?: TurnSource;
}

const WHYS = ['stopping', 'requests', 'bytes', 'late', 'in-flight', 'yielding'] as const;
type Why = (typeof WHYS)[number];

/** One class of requests: how many are in flight, and since when that is no burst. */
interface Lane extends ClassLimits {
  inFlight: number;
  fullSince: number | null;
}

export class Gate {
  private requests = 0;
  private bodyBytes = 0;
  private readonly requestsMax: number;
  private readonly bodyBytesMax: number;
  private readonly lanes: Readonly<Record<AdmissionClass, Lane>>;
  private readonly source: TurnSource;
  private readonly turns: LoopTurns;
  private readonly refusals = new Refusals();
  private readonly refused: Counter;
  private writeRefusedAt = -Infinity;
  private isClosed = false;

  constructor({ requestsMax = REQUESTS_IN_FLIGHT_MAX, bodyBytesMax = BODY_BYTES_IN_FLIGHT_MAX, admission = ADMISSION, turns = NODE_TURNS }: GateOptions, metrics: Metrics) {
    this.requestsMax = requestsMax;
    this.bodyBytesMax = bodyBytesMax;
    const laneOf = (of: AdmissionClass): Lane => ({ ...admission[of], inFlight: 0, fullSince: null });
    this.lanes = { recommendation: laneOf('recommendation'), read: laneOf('read'), write: laneOf('write') };
    this.source = turns;
    this.turns = new LoopTurns(turns);
    const requests = { name: 'trellis_http_requests_in_flight', help: 'Requests that are being answered' };
    const bytes = { name: 'trellis_http_body_bytes_in_flight', help: 'Bytes of the bodies of these requests' };
    metrics.gaugeOf(requests, () => this.requests);
    metrics.gaugeOf(bytes, () => this.bodyBytes);
    this.refused = metrics.counter({ name: 'trellis_http_refused_total', help: 'Requests that were turned away at the door, by what they are and why', labels: ['class', 'why'] });
    // From the beginning, so that the first refusal is a rise and not a series that appears.
    for (const of of ADMISSION_CLASSES) for (const why of WHYS) this.refused.inc({ class: of, why }, 0);
  }

  /** From now on nobody is let in. */
  close(): void {
    this.isClosed = true;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Null: the request is in, and must `leave` with the same class and number of bytes. */
  enter(of: AdmissionClass, bodyBytes: number): Problem | null {
    const now = this.source.now();
    const why = this.whyNot(of, bodyBytes, now);
    if (why === null) {
      this.requests += 1;
      this.bodyBytes += bodyBytes;
      const lane = this.lanes[of];
      lane.inFlight += 1;
      if (lane.inFlight >= lane.inFlightMax) lane.fullSince ??= now;
      return null;
    }
    this.refused.inc({ class: of, why });
    if (of === 'write' && why !== 'stopping') this.writeRefusedAt = now;
    return this.refusals.next(this.sentence(of, why));
  }

  leave(of: AdmissionClass, bodyBytes: number): void {
    this.requests -= 1;
    this.bodyBytes -= bodyBytes;
    const lane = this.lanes[of];
    lane.inFlight -= 1;
    // Not as soon as there is room for one: held to its limit, a class would go back and forth between burst and overload.
    if (lane.inFlight < lane.inFlightMax / 2) lane.fullSince = null;
  }

  private whyNot(of: AdmissionClass, bodyBytes: number, now: number): Why | null {
    const lane = this.lanes[of];
    // Asked first and always: it is what makes turns watched.
    const takenMs = this.turns.takenMs(now);
    if (this.isClosed) return 'stopping';
    if (this.requests >= this.requestsMax) return 'requests';
    if (this.bodyBytes + bodyBytes > this.bodyBytesMax) return 'bytes';
    if (takenMs > lane.turnMs * (this.turns.areLateForLong(now) ? 1 : BURST)) return 'late';
    const isFullForLong = lane.fullSince !== null && now - lane.fullSince >= STANDING_MS;
    if (lane.inFlight >= lane.inFlightMax * (isFullForLong ? 1 : BURST)) return 'in-flight';
    return of !== 'write' && now - this.writeRefusedAt < YIELD_MS ? 'yielding' : null;
  }

  private sentence(of: AdmissionClass, why: Why): string {
    switch (why) {
      case 'stopping':
        return 'The service is stopping.';
      case 'requests':
        return `The service already answers ${this.requestsMax} requests, its maximum.`;
      case 'bytes':
        return `The bodies of the requests in flight have reached ${this.bodyBytesMax} bytes, the maximum.`;
      case 'late':
      case 'in-flight':
        return `The service has as many ${of}s as it can answer in time. ${of === 'write' ? 'What has an id counts once: send it again.' : 'Ask again later.'}`;
      case 'yielding':
        return 'The service has more answers and events than it can take in time, which come first. Ask again later.';
    }
  }
}
