// Back-pressure: how much work is let in at once. What is over the limit is turned away at once and cheaply, so that those who
// are inside are answered in time.

import type { Metrics } from './metrics.js';
import { busy, type Problem } from './problems.js';

export const REQUESTS_IN_FLIGHT_MAX = 1_000;
/** Bodies are held in memory, and parsed they take several times their size. */
export const BODY_BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024;

export interface GateOptions {
  readonly requestsMax?: number;
  readonly bodyBytesMax?: number;
}

export class Gate {
  private requests = 0;
  private bodyBytes = 0;
  private readonly requestsMax: number;
  private readonly bodyBytesMax: number;
  private isClosed = false;

  constructor({ requestsMax = REQUESTS_IN_FLIGHT_MAX, bodyBytesMax = BODY_BYTES_IN_FLIGHT_MAX }: GateOptions, metrics: Metrics) {
    this.requestsMax = requestsMax;
    this.bodyBytesMax = bodyBytesMax;
    const requests = { name: 'trellis_http_requests_in_flight', help: 'Requests that are being answered' };
    const bytes = { name: 'trellis_http_body_bytes_in_flight', help: 'Bytes of the bodies of these requests' };
    metrics.gaugeOf(requests, () => this.requests);
    metrics.gaugeOf(bytes, () => this.bodyBytes);
  }

  /** From now on nobody is let in. */
  close(): void {
    this.isClosed = true;
  }

  get closed(): boolean {
    return this.isClosed;
  }

  /** Null: the request is in, and must `leave` with the same number of bytes. */
  enter(bodyBytes: number): Problem | null {
    if (this.isClosed) return busy('The service is stopping.');
    if (this.requests >= this.requestsMax) return busy(`The service already answers ${this.requestsMax} requests, its maximum.`);
    if (this.bodyBytes + bodyBytes > this.bodyBytesMax) {
      return busy(`The bodies of the requests in flight have reached ${this.bodyBytesMax} bytes, the maximum.`);
    }
    this.requests += 1;
    this.bodyBytes += bodyBytes;
    return null;
  }

  leave(bodyBytes: number): void {
    this.requests -= 1;
    this.bodyBytes -= bodyBytes;
  }
}
