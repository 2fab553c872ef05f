// One event of the log as one line of JSON.
import type { EventCodec, Meta, Recorded } from '@trellis/event-sourcing';

/**
 * With `meta` and `data` where this program knows the event. Otherwise with its `bytes` in base64, and why: `erased`, where its
 * payload is gone for good, or `unreadable`, where it should be known and is not what was written.
 */
export function eventLine(codec: EventCodec, record: Recorded): string {
  const { position, recordedAt, stream, revision, id, type } = record;
  const line = { position, recordedAt: timeText(recordedAt), stream, revision, id, type };
  return `${JSON.stringify({ ...line, ...contentOf(codec, record) })}\n`;
}

function contentOf(codec: EventCodec, record: Recorded): object {
  try {
    const event = codec.decode(record);
    if (event !== null) return { meta: metaOf(event.meta), data: event.data };
  } catch {
    // Its bytes may still tell somebody something.
    return { bytes: base64(record.bytes), unreadable: true };
  }
  return record.bytes.length === 0 ? { bytes: '', erased: true } : { bytes: base64(record.bytes) };
}

function metaOf({ occurredAt, claimedAt, ...meta }: Meta): object {
  return { ...meta, occurredAt: timeText(occurredAt), ...(claimedAt === undefined ? {} : { claimedAt: timeText(claimedAt) }) };
}

/** RFC 3339 with milliseconds. */
function timeText(instant: number): string {
  return new Date(instant).toISOString();
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}
