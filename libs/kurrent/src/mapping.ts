// Our records as KurrentDB keeps them: bytes as data, type and id as they are, the rest as metadata.
import { binaryEvent, type BinaryEventData, type RecordedEvent } from '@kurrent/kurrentdb-client';
import { EVENT_BYTES_MAX, type EventId, type Instant, type Outgoing, type Recorded } from '@trellis/event-sourcing';
import { KurrentError } from './errors.js';
import { positionOf, type Place } from './place.js';
import type { StreamNames } from './stream-names.js';

// Appends to many streams take metadata only as JSON with texts as values, so that is what every append gets.
const DIGEST = 'trellis-digest';
const TAG = 'trellis-append';
const RECORDED_AT = 'trellis-recorded-at';
const MS_PER_SECOND = 1_000;
/** What an event takes beside its own bytes, roughly: id, metadata, frame. */
const OVERHEAD_BYTES = 256;

export interface Writing {
  /** Says which call wrote an event: KurrentDB answers a repeat of the same ids as if it had been written just now. */
  readonly tag: string;
  /** For events that were recorded elsewhere before. */
  readonly recordedAt?: Instant;
}

/** A record of ours with what only this adapter needs. */
export interface Found {
  readonly record: Recorded;
  readonly place: Place;
  readonly tag: string;
}

export function eventData({ id, type, digest, bytes }: Outgoing, { tag, recordedAt }: Writing): BinaryEventData {
  const metadata = { [DIGEST]: digest, [TAG]: tag, ...(recordedAt === undefined ? {} : { [RECORDED_AT]: String(recordedAt) }) };
  return binaryEvent({ id, type, data: bytes, metadata });
}

/** Null for an event that this store did not write. */
export function foundIn(event: RecordedEvent | undefined, names: StreamNames): Found | null {
  const stream = event === undefined ? null : names.outside(event.streamId);
  const metadata: unknown = event?.metadata;
  if (event === undefined || stream === null || !isOurs(metadata) || event.isJson || event.position === undefined) return null;
  const at = metadata[RECORDED_AT];
  const place = { commit: event.position.commit, prepare: event.position.prepare };
  return {
    place,
    tag: metadata[TAG],
    record: {
      // Written by `eventData` from an id of ours.
      id: event.id as EventId,
      type: event.type,
      digest: metadata[DIGEST],
      bytes: event.data,
      stream,
      revision: Number(event.revision),
      position: positionOf(place),
      recordedAt: at === undefined ? wholeSeconds(event.created) : Number(at),
    },
  };
}

export function refuseTooLarge({ id, type, bytes }: Outgoing): void {
  if (bytes.length > EVENT_BYTES_MAX) throw new KurrentError(`${type} ${id} takes ${bytes.length} bytes; an event may have ${EVENT_BYTES_MAX}`, false);
}

/** About what an event adds to an append. */
export function bytesOf({ bytes, type }: Outgoing): number {
  return bytes.length + type.length + OVERHEAD_BYTES;
}

/** Reads of the client know the second only, subscriptions the millisecond: one event must have one time. */
function wholeSeconds(created: Date): Instant {
  return Math.floor(created.getTime() / MS_PER_SECOND) * MS_PER_SECOND;
}

function isOurs(metadata: unknown): metadata is { readonly [DIGEST]: string; readonly [TAG]: string; readonly [RECORDED_AT]?: string } {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const fields = new Map<string, unknown>(Object.entries(metadata));
  const at = fields.get(RECORDED_AT);
  return typeof fields.get(DIGEST) === 'string' && typeof fields.get(TAG) === 'string' && (at === undefined || (typeof at === 'string' && /^\d+$/.test(at)));
}
