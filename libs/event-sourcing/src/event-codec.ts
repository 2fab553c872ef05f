// The one place where events become bytes and bytes become events. Per-learner encryption will sit here, as another format:
// its first byte is told apart, and whoever cannot read it passes over the event as over any that it does not know.
import type { DomainEvent } from './decider.js';
import { Packer, Unpacker, type Members, type Packable } from './pack.js';
import { EVENT_BYTES_MAX, type EventId, type Instant, type Outgoing, type Recorded } from './records.js';

export interface Meta {
  /** Who sent it: `api`, the hash of an imported file, `recommender`. */
  readonly source: string;
  readonly occurredAt: Instant;
  /** Present when the source gave no usable time and the edge that first saw the event gave its own. */
  readonly timeBasis?: 'received';
  /** The time that the source claimed and that lay too far ahead. */
  readonly claimedAt?: Instant;
  /** Order among events of the same time; an importer's line number. */
  readonly sequence?: number;
  /** The version of the shape of `data`. */
  readonly schema: number;
  readonly correlationId?: string;
}

/** An event as folds see it: what happened, and where and when the log took it. */
export interface Envelope<Event extends DomainEvent = DomainEvent> extends Recorded {
  readonly type: Event['type'];
  readonly data: Event['data'];
  readonly meta: Meta;
}

/** Turns the data of one schema version into that of the next. */
export type Upcast = (data: { readonly [key: string]: unknown }) => { readonly [key: string]: unknown };

export interface EventCodec {
  encode(id: EventId, digest: string, event: DomainEvent, meta: Meta): Outgoing;
  /**
   * Null for an event that this program does not know: of a type or a schema of a later one, in another format, or erased. It is
   * kept and passed over; a program that knows it folds it. Throws for bytes that should be readable and are not.
   * Where `reads` has its type, `data` holds those members alone.
   */
  decode(record: Recorded, reads?: Reads): Envelope | null;
}

/** By type: the members of an event's data that somebody reads, where these are few. */
export interface Reads {
  readonly [type: string]: Members | undefined;
}

export interface CodecOptions {
  /** Map keys that travel as one byte. Append only: a key's place in the list is its meaning for ever. */
  readonly dictionary: readonly string[];
  /** Every type that is known, with what brings old data to today's schema: the element at n lifts schema n + 1 to n + 2. */
  readonly types: { readonly [type: string]: readonly Upcast[] };
}

/** The first byte of every event, so that another shape of the whole can follow one day. */
const FORMAT = 1;

export function eventCodec({ dictionary, types }: CodecOptions): EventCodec {
  const packer = new Packer(dictionary);
  const unpacker = new Unpacker(dictionary);
  return {
    encode(id, digest, event, meta) {
      // Domain events are plain data: everything in them is packable, which their interfaces cannot express.
      const bytes = packer.pack(FORMAT, meta as unknown as Packable, event.data as Packable);
      if (bytes.length > EVENT_BYTES_MAX) {
        throw new Error(`${event.type} ${id} takes ${bytes.length} bytes; an event may have ${EVENT_BYTES_MAX}`);
      }
      return { id, type: event.type, digest, bytes };
    },
    decode(record, reads) {
      try {
        return decode(unpacker, types, record, reads?.[record.type]);
      } catch (cause) {
        throw new Error(`${record.stream}@${record.revision}: ${record.type} cannot be decoded`, { cause });
      }
    },
  };
}

function decode(unpacker: Unpacker, types: CodecOptions['types'], record: Recorded, members: Members | undefined): Envelope | null {
  const upcasts = Object.hasOwn(types, record.type) ? types[record.type] : undefined;
  // An erased event has no bytes at all.
  if (upcasts === undefined || record.bytes[0] !== FORMAT) return null;
  unpacker.open(record.bytes, 1);
  const meta = unpacker.next() as unknown as Meta;
  if (meta.schema > upcasts.length + 1) return null;
  // What lifts old data may need all of it.
  const isPicked = members !== undefined && meta.schema > upcasts.length;
  let data = (isPicked ? unpacker.pick(members) : unpacker.next()) as { readonly [key: string]: unknown };
  for (let schema = meta.schema; schema <= upcasts.length; schema++) data = upcasts[schema - 1]?.(data) ?? data;
  return {
    id: record.id,
    type: record.type,
    digest: record.digest,
    bytes: record.bytes,
    stream: record.stream,
    revision: record.revision,
    position: record.position,
    recordedAt: record.recordedAt,
    meta,
    data,
  };
}
