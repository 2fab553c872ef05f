// A record of the log as a message of the events topic and back: a CloudEvent in binary mode (CloudEvents 1.0, Kafka protocol
// binding), whose value is the event as the log keeps it.
import type { EventId, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import type { Message } from '@trellis/kafka';

const CONTENT_TYPE = 'application/vnd.trellis.event';
const TYPE_PREFIX = 'trellis.';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function eventMessage(record: Recorded): Message {
  return {
    key: encoder.encode(record.stream),
    value: record.bytes,
    headers: {
      ce_specversion: '1.0',
      ce_id: record.id,
      ce_source: '/trellis',
      ce_type: `${TYPE_PREFIX}${record.type}`,
      ce_subject: record.stream,
      ce_time: new Date(record.recordedAt).toISOString(),
      ce_digest: record.digest,
      ce_revision: String(record.revision),
      ce_position: record.position,
      'content-type': CONTENT_TYPE,
    },
  };
}

/** Null for a message that is none of ours. */
export function eventRecord({ key, value, headers }: Message): Recorded | null {
  const { ce_id: id, ce_type: type, ce_time: time = '', ce_digest: digest, ce_revision: revision = '', ce_position: position } = headers;
  const recordedAt = Date.parse(time);
  if (key === null || headers['content-type'] !== CONTENT_TYPE) return null;
  if (id === undefined || type?.startsWith(TYPE_PREFIX) !== true || digest === undefined || position === undefined) return null;
  if (!/^\d{1,15}$/.test(revision) || Number.isNaN(recordedAt)) return null;
  // The relay wrote what it read from the log; the casts name it again.
  return {
    id: id as EventId,
    type: type.slice(TYPE_PREFIX.length),
    digest,
    bytes: value ?? new Uint8Array(),
    stream: decoder.decode(key) as StreamName,
    revision: Number(revision),
    position: position as Position,
    recordedAt,
  };
}
