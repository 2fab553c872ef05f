// Our records as KurrentDB keeps them: bytes as data, type and id as they are, the rest as metadata.
import { binaryEvent, type BinaryEventData } from '@kurrent/kurrentdb-client';
import { EVENT_BYTES_MAX, type EventId, type Instant, type Outgoing, type Recorded } from '@trellis/event-sourcing';
import type { KeptEvent } from './answers.js';
import { KurrentError } from './errors.js';
import { positionOf, type Place } from './place.js';
import type { StreamNames } from './stream-names.js';

// Appends to many streams take metadata only as JSON with texts as values, so that is what every append gets.
const DIGEST = 'trellis-digest';
const TAG = 'trellis-append';
const RECORDED_AT = 'trellis-recorded-at';
const TEXT = new TextDecoder();
const BINARY = 'application/octet-stream';
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
export function foundIn(event: KeptEvent, names: StreamNames): Found | null {
  const stream = event.contentType === BINARY ? names.outside(event.stream) : null;
  const own = stream === null ? null : ownMetadata(event.metadata);
  if (stream === null || own === null) return null;
  const { place } = event;
  return {
    place,
    tag: own[TAG],
    record: {
      // Written by `eventData` from an id of ours.
      id: event.id as EventId,
      type: event.type,
      digest: own[DIGEST],
      bytes: event.data,
      stream,
      revision: Number(event.revision),
      position: positionOf(place),
      recordedAt: own[RECORDED_AT] === undefined ? event.created : Number(own[RECORDED_AT]),
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

interface OwnMetadata {
  readonly [DIGEST]: string;
  readonly [TAG]: string;
  readonly [RECORDED_AT]?: string;
}

function ownMetadata(bytes: Uint8Array): OwnMetadata | null {
  let metadata: unknown;
  try {
    metadata = JSON.parse(TEXT.decode(bytes));
  } catch {
    // Whoever wrote it keeps something else there.
    return null;
  }
  return isOwn(metadata) ? metadata : null;
}

function isOwn(metadata: unknown): metadata is OwnMetadata {
  if (typeof metadata !== 'object' || metadata === null) return false;
  const { [DIGEST]: digest, [TAG]: tag, [RECORDED_AT]: at } = metadata as Readonly<Record<string, unknown>>; // any object can be looked at so
  return typeof digest === 'string' && typeof tag === 'string' && (at === undefined || (typeof at === 'string' && /^\d+$/.test(at)));
}
