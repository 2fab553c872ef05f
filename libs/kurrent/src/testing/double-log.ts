// What a KurrentDB keeps, in memory: streams with revisions, one log with byte positions, and the rules of an append. Knows no wire.

/** The stream must not exist, must be at a revision, or may be anywhere. */
export type DoubleExpected = bigint | 'no-stream' | 'any';

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StoredEvent extends Proposed {
  readonly stream: string;
  readonly revision: bigint;
  /** Commit and prepare position are the same number for everything that is written through gRPC. */
  readonly position: bigint;
  /** Units of 100 ns since 1970, as the server counts. */
  readonly created: bigint;
}

/** One stream's part of an append; several are all or nothing together. */
export interface StreamAppend {
  readonly stream: string;
  readonly expected: DoubleExpected;
  readonly events: readonly Proposed[];
}

interface Places {
  /** Of the last event of each stream's part. */
  readonly revisions: readonly bigint[];
  readonly position: bigint;
}

/** An event with the stream that it goes to. */
export interface Placed {
  readonly stream: string;
  readonly event: Proposed;
}

export type AppendDecision =
  | ({ readonly kind: 'written' } & Places)
  | ({ readonly kind: 'idempotent' } & Places)
  | { readonly kind: 'wrong-version'; readonly stream: string; readonly expected: DoubleExpected; readonly actual: bigint | null }
  | { readonly kind: 'too-large'; readonly bytes: number };

export interface DoubleLogOptions {
  /** Beyond what a JavaScript number holds exactly, so that a position which passes through one is seen. */
  readonly firstPosition?: bigint;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** What one append may carry; the default is the server's. */
  readonly appendBytesMax?: number;
}

const FRAME_BYTES = 97n;
const TICKS_PER_MS = 10_000n;
const NO_METADATA = new Uint8Array();

export class DoubleLog {
  readonly events: StoredEvent[] = [];
  readonly appendBytesMax: number;
  private readonly streams = new Map<string, StoredEvent[]>();
  /** By stream, the last event of each id. */
  private readonly ids = new Map<string, Map<string, StoredEvent>>();
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;
  private end: bigint;
  private lastCreated = 0n;

  constructor({ firstPosition = 2n ** 53n + 1n, now = Date.now, appendBytesMax = 1024 * 1024 }: DoubleLogOptions = {}) {
    this.now = now;
    this.end = firstPosition;
    this.appendBytesMax = appendBytesMax;
    // A server's log is never empty: it begins with what the server itself writes.
    this.write('$settings', { id: '00000000-0000-4000-8000-000000000000', type: '$UpdateSettings', contentType: 'application/json', data: new TextEncoder().encode('{}'), metadata: NO_METADATA });
  }

  stream(name: string): readonly StoredEvent[] {
    return this.streams.get(name) ?? [];
  }

  /** The position behind the last event: where the next one will be. */
  get endPosition(): bigint {
    return this.end;
  }

  /** How many events lie before the position. */
  countBefore(position: bigint): number {
    let low = 0;
    for (let high = this.events.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.events[middle] as StoredEvent).position < position) low = middle + 1; // `middle` is below the length
      else high = middle;
    }
    return low;
  }

  /** All or nothing. The log has the events stream by stream, or in the order that is given. */
  append(appends: readonly StreamAppend[], order: readonly Placed[] = inTurn(appends)): AppendDecision {
    const bytes = appends.flatMap(({ events }) => events).reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + type.length, 0);
    if (bytes > this.appendBytesMax) return { kind: 'too-large', bytes };
    const checks = appends.map((append) => this.check(append));
    const wrong = checks.find((check) => check.kind === 'wrong-version');
    if (wrong !== undefined) return wrong;
    const repeats = checks.filter((check) => check.kind === 'idempotent');
    const last = repeats.at(-1);
    if (last !== undefined) {
      if (repeats.length === checks.length) return { kind: 'idempotent', revisions: repeats.flatMap(({ revisions }) => revisions), position: last.position };
      // A part of the append is there and a part is not: it is not the same append.
      const index = checks.findIndex(({ kind }) => kind === 'idempotent');
      const { stream, expected } = appends[index] as StreamAppend; // findIndex found it: `last` is one
      return { kind: 'wrong-version', stream, expected, actual: this.head(stream) };
    }
    let position = 0n;
    for (const { stream, event } of order) position = this.write(stream, event).position;
    for (const notify of this.listeners) notify();
    return { kind: 'written', revisions: appends.map(({ stream }) => this.head(stream) ?? -1n), position };
  }

  /** Calls `notify` after every append, until the returned function is called. */
  listen(notify: () => void): () => void {
    this.listeners.add(notify);
    return () => this.listeners.delete(notify);
  }

  private head(stream: string): bigint | null {
    return this.stream(stream).at(-1)?.revision ?? null;
  }

  private check({ stream, expected, events }: StreamAppend): AppendDecision {
    const actual = this.head(stream);
    const fits: AppendDecision = { kind: 'written', revisions: [], position: 0n };
    const wrong: AppendDecision = { kind: 'wrong-version', stream, expected, actual };
    const held = this.stream(stream);
    if (expected === 'any') {
      const found = events.map(({ id }) => this.ids.get(stream)?.get(id));
      if (found[0] === undefined) return fits;
      return found.includes(undefined) ? wrong : repeatOf(found.at(-1));
    }
    const at = expected === 'no-stream' ? -1n : expected;
    const current = actual ?? -1n;
    if (at === current) return fits;
    if (at > current) return wrong;
    const same = events.every(({ id }, index) => held[Number(at) + 1 + index]?.id === id);
    return same ? repeatOf(held[Number(at) + events.length]) : wrong;
  }

  private write(stream: string, proposed: Proposed): StoredEvent {
    const held = this.streams.get(stream) ?? [];
    const created = BigInt(Math.floor(this.now())) * TICKS_PER_MS;
    this.lastCreated = created > this.lastCreated ? created : this.lastCreated;
    const event: StoredEvent = { ...proposed, stream, revision: BigInt(held.length), position: this.end, created: this.lastCreated };
    this.end += FRAME_BYTES + BigInt(proposed.data.length + proposed.metadata.length + stream.length + proposed.type.length);
    held.push(event);
    this.streams.set(stream, held);
    const ids = this.ids.get(stream) ?? new Map<string, StoredEvent>();
    this.ids.set(stream, ids.set(event.id, event));
    this.events.push(event);
    return event;
  }
}

function inTurn(appends: readonly StreamAppend[]): Placed[] {
  return appends.flatMap(({ stream, events }) => events.map((event) => ({ stream, event })));
}

function repeatOf(last: StoredEvent | undefined): AppendDecision {
  if (last === undefined) throw new Error('a repeat of nothing');
  return { kind: 'idempotent', revisions: [last.revision], position: last.position };
}
