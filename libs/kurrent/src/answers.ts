// What the server says on a read or a subscription, taken from the bytes of `ReadResp` (streams.proto). The generated classes would make
// a dozen objects an event and take most of the time of a page; the spec holds what comes out here against them.
import type { Place } from './place.js';

/** An event as KurrentDB keeps it. */
export interface KeptEvent {
  /** With the namespace. */
  readonly stream: string;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly revision: bigint;
  readonly place: Place;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly data: Uint8Array;
  /** Only to be looked at now: a part of the buffer that it came in. */
  readonly metadata: Uint8Array;
}

export type Answer =
  | { readonly kind: 'event'; readonly event: KeptEvent }
  | { readonly kind: 'stream-not-found' | 'confirmation' | 'caught-up' | 'fell-behind' }
  | { readonly kind: 'checkpoint'; readonly place: Place }
  /** What nobody here asks for. */
  | { readonly kind: 'other' };

const OTHER: Answer = { kind: 'other' };

/** Throws where the bytes end in the middle of a field; gRPC makes a failed call of it. */
export function answerOf(bytes: Buffer): Answer {
  const fields = new Fields(bytes, 0, bytes.length);
  let answer: Answer = OTHER;
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === 1) answer = resolvedEvent(fields.message());
    else if (field === 3) answer = { kind: 'checkpoint', place: placeIn(fields.message(), 1, 2) };
    else {
      fields.skip();
      if (field === 2) answer = { kind: 'confirmation' };
      else if (field === 4) answer = { kind: 'stream-not-found' };
      else if (field === 8) answer = { kind: 'caught-up' };
      else if (field === 9) answer = { kind: 'fell-behind' };
    }
  }
  return answer;
}

/** Links are not followed, so there is the event, and what is said of a link is passed over. */
function resolvedEvent(fields: Fields): Answer {
  let answer: Answer = OTHER;
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === 1) answer = { kind: 'event', event: recordedEvent(fields.message()) };
    else fields.skip();
  }
  return answer;
}

function recordedEvent(fields: Fields): KeptEvent {
  let [stream, id, type, contentType, created] = ['', '', '', '', NaN];
  let [revision, prepare, commit] = [0n, 0n, 0n];
  let data: Uint8Array = NOTHING;
  let metadata: Uint8Array = NOTHING;
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === 1) id = textIn(fields.message(), 2);
    else if (field === 2) stream = textIn(fields.message(), 3);
    else if (field === 3) revision = fields.uint64();
    else if (field === 4) prepare = fields.uint64();
    else if (field === 5) commit = fields.uint64();
    else if (field === 6) {
      const [name, value] = entry(fields.message());
      if (name === 'type') type = value;
      else if (name === 'content-type') contentType = value;
      else if (name === 'created') created = msOf(value);
    } else if (field === 7) metadata = fields.view();
    else if (field === 8) data = fields.copy();
    else fields.skip();
  }
  if (!Number.isSafeInteger(created)) throw new Error(`${stream}@${revision} comes without the time at which it was written`);
  return { stream, id, type, contentType, revision, place: { commit, prepare }, created, data, metadata };
}

const NOTHING = new Uint8Array();
const TICKS = /^\d+$/;
const TICK_DIGITS_PER_MS = 4;

/** Of units of 100 ns. */
function msOf(ticks: string): number {
  return TICKS.test(ticks) ? Number(ticks.slice(0, -TICK_DIGITS_PER_MS)) : NaN;
}

function entry(fields: Fields): readonly [name: string, value: string] {
  let [name, value] = ['', ''];
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === 1) name = fields.text();
    else if (field === 2) value = fields.text();
    else fields.skip();
  }
  return [name, value];
}

function textIn(fields: Fields, wanted: number): string {
  let text = '';
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === wanted) text = fields.text();
    else fields.skip();
  }
  return text;
}

function placeIn(fields: Fields, commitField: number, prepareField: number): Place {
  let [commit, prepare] = [0n, 0n];
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === commitField) commit = fields.uint64();
    else if (field === prepareField) prepare = fields.uint64();
    else fields.skip();
  }
  return { commit, prepare };
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;
const VARINT_BYTES_MAX = 10;

/** The fields of one message, one after the other. Whoever asks for the next one has taken or skipped the one before. */
class Fields {
  private wireType = VARINT;

  constructor(private readonly bytes: Buffer, private at: number, private readonly end: number) {}

  /** The number of the next field, 0 after the last. */
  next(): number {
    if (this.at >= this.end) return 0;
    const tag = this.varint();
    this.wireType = tag & 7;
    return tag >>> 3;
  }

  message(): Fields {
    const start = this.delimited();
    return new Fields(this.bytes, start, this.at);
  }

  text(): string {
    const start = this.delimited();
    return this.bytes.toString('utf8', start, this.at);
  }

  view(): Uint8Array {
    const start = this.delimited();
    return this.bytes.subarray(start, this.at);
  }

  /** Copied: a part of the buffer would keep everything alive that came with it. */
  copy(): Uint8Array {
    const start = this.delimited();
    return new Uint8Array(this.bytes.subarray(start, this.at));
  }

  /** Of a varint. */
  uint64(): bigint {
    let value = 0n;
    let low = 0;
    let factor = 1;
    // 49 bits fit into a number exactly; what is above them comes as a bigint.
    for (let byte = 0; byte < 7; byte++) {
      const part = this.byte();
      low += (part & 0x7f) * factor;
      if (part < 0x80) return BigInt(low);
      factor *= 0x80;
    }
    for (let shift = 49n; ; shift += 7n) {
      const part = this.byte();
      value += BigInt(part & 0x7f) << shift;
      if (part < 0x80) return BigInt.asUintN(64, value + BigInt(low));
      if (shift > 63n) throw new Error(`a number of more than ${VARINT_BYTES_MAX} bytes`);
    }
  }

  skip(): void {
    if (this.wireType === VARINT) this.uint64();
    else if (this.wireType === BYTES) this.delimited();
    else if (this.wireType === FIXED_64) this.pass(8);
    else if (this.wireType === FIXED_32) this.pass(4);
    else throw new Error(`a field of wire type ${this.wireType}`);
  }

  /** Goes behind the field and gives its start. */
  private delimited(): number {
    if (this.wireType !== BYTES) throw new Error(`a field of wire type ${this.wireType} where bytes belong`);
    const length = this.varint();
    const start = this.at;
    this.pass(length);
    return start;
  }

  private pass(length: number): void {
    this.at += length;
    if (this.at > this.end) throw new Error('an answer of KurrentDB ends in the middle of a field');
  }

  /** Of tags and lengths, which are small. */
  private varint(): number {
    let value = 0;
    let factor = 1;
    for (let byte = 0; byte < VARINT_BYTES_MAX; byte++) {
      const part = this.byte();
      value += (part & 0x7f) * factor;
      if (part < 0x80) return value;
      factor *= 0x80;
    }
    throw new Error(`a number of more than ${VARINT_BYTES_MAX} bytes`);
  }

  private byte(): number {
    if (this.at >= this.end) throw new Error('an answer of KurrentDB ends in the middle of a field');
    return this.bytes[this.at++] as number; // below the end
  }
}
