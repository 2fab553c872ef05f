import { Injectable } from '@nestjs/common';

/** The only source of "now" in a service. A test hands in its own. */
@Injectable()
export class Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number {
    return Date.now();
  }
}
