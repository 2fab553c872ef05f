// Who is worked for at once. A service that begins everything it is asked makes everybody late: so few are worked for at a time,
// some wait for a moment, and the rest are turned away at once and cheaply. What can be asked again (recommendations, reads)
// comes after what somebody has done (answers, events).

import type { Counter } from 'prom-client';
import { BODY_BYTES_IN_FLIGHT_MAX, CROWD_GONE_MS, CROWD_MIN, REQUESTS_IN_FLIGHT_MAX, RUSH_MS_MAX, TURN_MS_MAX, WAIT_CROWD_MS_MAX, WAIT_MS_MAX, WAIT_OVERLOADED_MS_MAX, WORKED_FOR_MAX, WRITES_STALLED_MS } from './limits.js';
import { Line, type Visit } from './line.js';
import { type Loop, NODE_LOOP } from './loop.js';
import type { Metrics } from './metrics.js';
import { Refusals } from './refusals.js';
import { ADMISSION_CLASSES, type AdmissionClass } from './route-config.js';

export interface GateOptions {
  readonly requestsMax?: number;
  readonly bodyBytesMax?: number;
  readonly workedForMax?: Readonly<Record<AdmissionClass, number>>;
  readonly crowdMin?: number;
  readonly loop?: Loop;
}

const WHYS = ['stopping', 'requests', 'bytes', 'line', 'waited'] as const;
type Why = (typeof WHYS)[number];

export class Gate {
  private readonly requestsMax: number;
  private readonly bodyBytesMax: number;
  private readonly lines: Readonly<Record<AdmissionClass, Line>>;
  private readonly crowdMin: number;
  private readonly loop: Loop;
  private readonly refusals = new Refusals();
  private readonly refused: Counter;
  private requests = 0;
  private bodyBytes = 0;
  /** Null: no work has been begun in this turn. */
  private turnAt: number | null = null;
  /** Of `letOneIn` that are still to come. */
  private calls = 0;
  private crowdSince = -Infinity;
  /** When there last was a crowd. */
  private crowdAt = -Infinity;
  private isOverloaded = false;
  /** When somebody last waited for too long. */
  private lateAt = -Infinity;
  private isTimed = false;
  private isClosed = false;

  constructor({ requestsMax = REQUESTS_IN_FLIGHT_MAX, bodyBytesMax = BODY_BYTES_IN_FLIGHT_MAX, workedForMax = WORKED_FOR_MAX, crowdMin = CROWD_MIN, loop = NODE_LOOP }: GateOptions, metrics: Metrics) {
    this.requestsMax = requestsMax;
    this.bodyBytesMax = bodyBytesMax;
    const line = (kind: AdmissionClass): Line => new Line(workedForMax[kind]);
    this.lines = { write: line('write'), recommendation: line('recommendation'), read: line('read') };
    this.crowdMin = crowdMin;
    this.loop = loop;
    metrics.gaugeOf({ name: 'trellis_http_requests_in_flight', help: 'Requests that are being answered or wait in line' }, () => this.requests);
    metrics.gaugeOf({ name: 'trellis_http_requests_waiting', help: 'Those of them that wait in line' }, () => ADMISSION_CLASSES.reduce((sum, kind) => sum + this.lines[kind].length, 0));
    metrics.gaugeOf({ name: 'trellis_http_body_bytes_in_flight', help: 'Bytes of the bodies of requests that are being answered' }, () => this.bodyBytes);
    this.refused = metrics.counter({ name: 'trellis_http_refused_total', help: 'Requests that were turned away at the door, by what they are and why', labels: ['class', 'why'] });
    // From the beginning, so that the first refusal is a rise and not a series that appears.
    for (const kind of ADMISSION_CLASSES) for (const why of WHYS) this.refused.inc({ class: kind, why }, 0);
  }

  /** From now on nobody is taken. Those in line are still served. */
  close(): void {
    this.isClosed = true;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** `decided` is called now or a moment later. Every visit must `leave`, whatever was decided. */
  enter(kind: AdmissionClass, bodyBytes: number, decided: Visit['decided']): Visit {
    const now = this.loop.now();
    const visit: Visit = { since: now, bodyBytes, decided, place: 'out', aloneSince: null };
    const line = this.lines[kind];
    const whyNot = this.whyNot(line, bodyBytes);
    if (whyNot !== null) {
      this.refuse(kind, visit, whyNot);
    } else if (line.length === 0 && line.places > 0 && this.hasTime(now) && !this.yields(kind, now)) {
      this.begin(line, visit, now);
    } else {
      // It may have been over before this one came, and this one may make it.
      this.lookAtCrowd(now);
      line.add(visit);
      this.requests += 1;
      this.lookAtCrowd(now);
      this.call(now);
      this.watchPatience();
    }
    return visit;
  }

  leave(kind: AdmissionClass, visit: Visit): void {
    if (visit.place === 'out') return;
    const line = this.lines[kind];
    this.requests -= 1;
    if (visit.place === 'line') {
      line.remove(visit);
      return;
    }
    this.bodyBytes -= visit.bodyBytes;
    const now = this.loop.now();
    line.end(visit, now);
    this.call(now);
  }

  private get isCrowd(): boolean {
    return this.requests >= this.crowdMin;
  }

  private whyNot(line: Line, bodyBytes: number): Why | null {
    if (this.isClosed) return 'stopping';
    if (this.requests >= this.requestsMax) return 'requests';
    if (this.bodyBytes + bodyBytes > this.bodyBytesMax) return 'bytes';
    return line.isFull ? 'line' : null;
  }

  private begin(line: Line, visit: Visit, now: number): void {
    line.begin(visit, now);
    this.requests += 1;
    this.bodyBytes += visit.bodyBytes;
    if (this.turnAt === null) {
      this.turnAt = now;
      this.loop.afterTurn(() => (this.turnAt = null));
    }
    visit.decided(null);
  }

  private hasTime(now: number): boolean {
    return this.turnAt === null || now - this.turnAt < TURN_MS_MAX;
  }

  /** Behind writes that wait for us. When none of these moves any more they wait for the log, and who only reads need not. */
  private yields(kind: AdmissionClass, now: number): boolean {
    const { write } = this.lines;
    return kind !== 'write' && write.length > 0 && (write.places > 0 || now - write.movedAt < WRITES_STALLED_MS);
  }

  /** A call for each that could be let in: Node does what one began before it makes the next call, so that each sees the time that is left. */
  private call(now: number): void {
    let wanted = 0;
    for (const kind of BY_PRIORITY) if (!this.yields(kind, now)) wanted += Math.min(this.lines[kind].length, this.lines[kind].places);
    for (; this.calls < wanted; this.calls++) this.loop.afterTurn(this.letOneIn);
  }

  private readonly letOneIn = (): void => {
    this.calls -= 1;
    const now = this.loop.now();
    this.dropLate(now);
    const kind = this.hasTime(now) ? BY_PRIORITY.find((each) => this.lines[each].length > 0 && this.lines[each].places > 0 && !this.yields(each, now)) : undefined;
    const visit = kind && this.lines[kind].first;
    if (kind !== undefined && visit !== undefined) {
      this.lines[kind].remove(visit);
      this.requests -= 1;
      // What the others hold may have grown while it waited.
      if (this.bodyBytes + visit.bodyBytes > this.bodyBytesMax) this.refuse(kind, visit, 'bytes');
      else this.begin(this.lines[kind], visit, now);
    }
    this.call(now);
  };

  private dropLate(now: number): void {
    this.lookAtCrowd(now);
    const waitMsMax = this.isOverloaded ? WAIT_OVERLOADED_MS_MAX : this.isCrowd ? WAIT_CROWD_MS_MAX : WAIT_MS_MAX;
    for (const kind of BY_PRIORITY) {
      const line = this.lines[kind];
      for (let { first } = line; first !== undefined && line.patienceMs(now, waitMsMax) <= 0; { first } = line) {
        line.remove(first);
        this.requests -= 1;
        this.lateAt = now;
        this.refuse(kind, first, 'waited');
      }
    }
  }

  /** A crowd that stays, or comes back as soon as it is turned away, is no rush. */
  private lookAtCrowd(now: number): void {
    if (this.isCrowd) {
      if (now - this.crowdAt > CROWD_GONE_MS) this.crowdSince = now;
      this.crowdAt = now;
      if (now - this.crowdSince >= RUSH_MS_MAX) this.isOverloaded = true;
    } else if (now - this.lateAt >= CROWD_GONE_MS && ADMISSION_CLASSES.every((kind) => this.lines[kind].length === 0)) this.isOverloaded = false;
    for (const kind of ADMISSION_CLASSES) {
      if (this.isOverloaded) this.lines[kind].crowded(now);
      else this.lines[kind].quiet();
    }
  }

  /** Those in line are told in time also when nobody leaves. */
  private watchPatience(): void {
    if (this.isTimed) return;
    if (ADMISSION_CLASSES.every((kind) => this.lines[kind].length === 0)) return;
    this.isTimed = true;
    this.loop.after(CHECK_MS, () => {
      this.isTimed = false;
      const later = this.loop.now();
      this.dropLate(later);
      this.call(later);
      this.watchPatience();
    });
  }

  private refuse(kind: AdmissionClass, visit: Visit, why: Why): void {
    this.refused.inc({ class: kind, why });
    visit.decided(this.refusals.next(this.sentence(kind, why)));
  }

  private sentence(kind: AdmissionClass, why: Why): string {
    switch (why) {
      case 'stopping':
        return 'The service is stopping.';
      case 'requests':
        return `The service already answers ${this.requestsMax} requests, its maximum.`;
      case 'bytes':
        return `The bodies of the requests in flight have reached ${this.bodyBytesMax} bytes, the maximum.`;
      case 'line':
      case 'waited':
        return SENTENCES[kind];
    }
  }
}

/** How often a line is looked at where nobody comes or leaves. */
const CHECK_MS = 10;

const BY_PRIORITY: readonly AdmissionClass[] = ['write', 'recommendation', 'read'];

const SENTENCES: Readonly<Record<AdmissionClass, string>> = {
  write: 'The service has more answers and events than it can take in time. Send it again later: what has an id counts once.',
  recommendation: 'The service has more to do than it can do in time, and answers and events come before recommendations. Ask again later.',
  read: 'The service has more to do than it can do in time, and answers and events come before reading. Ask again later.',
};
