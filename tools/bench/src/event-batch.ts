// A request with many events whose bytes are made once and become new events at every use: ids and times have fixed places
// and lengths, and only they are written over.
import { BEGIN, type SentAnswer } from './course-work.js';

const USE_DIGITS = 6;
const ID = /"id":"c\d{2}-(\d{6})-/g;
const TIME = /"occurredAt":"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{3})Z"/g;

export class EventBatch {
  constructor(private readonly events: readonly SentAnswer[]) {}

  /** The id of the n-th event of a batch on a connection. Only the use of the batch is still to be filled in. */
  static idOf(connection: number, n: number): string {
    return `c${String(connection).padStart(2, '0')}-${'0'.repeat(USE_DIGITS)}-${n}`;
  }

  /** `make` puts the head before the body. */
  requestTo(make: (body: Buffer) => Buffer): RenewableRequest {
    // Milliseconds tell the events of a batch apart: two of one learner keep their order.
    const body = this.events.map((event, n) => ({ ...event, occurredAt: new Date(BEGIN + n).toISOString() }));
    return new RenewableRequest(make(Buffer.from(JSON.stringify(body))));
  }
}

export class RenewableRequest {
  private readonly idsAt: Uint32Array;
  private readonly timesAt: Uint32Array;

  constructor(private readonly bytes: Buffer) {
    const text = bytes.toString('latin1');
    this.idsAt = Uint32Array.from(text.matchAll(ID), ({ index }) => index + '"id":"c00-'.length);
    this.timesAt = Uint32Array.from(text.matchAll(TIME), ({ index }) => index + '"occurredAt":"'.length);
  }

  /** The same buffer with the ids and times of its n-th use, a second later for every use. */
  renewed(use: number): Buffer {
    this.put(this.idsAt, Buffer.from(String(use).padStart(USE_DIGITS, '0')));
    this.put(this.timesAt, Buffer.from(new Date(BEGIN + use * 1000).toISOString().slice(0, 19)));
    return this.bytes;
  }

  private put(places: Uint32Array, text: Buffer): void {
    for (const at of places) text.copy(this.bytes, at);
  }
}
