// Ids that are computed, not drawn: the same name always gives the same id, so a repeat is recognised wherever it arrives.

import { hash, randomUUID } from 'node:crypto';
import type { EventId } from '@trellis/event-sourcing';

/** The namespace of every id that Trellis computes. Never change it: stored event ids depend on it. */
export const TRELLIS_NAMESPACE = '53f9e058-6461-441b-9926-5d18f301110b';

const NAME_BYTES_SCRATCH = 4096;

/** A lower-case UUIDv5 (RFC 9562) of a name; names of several parts need a separator that no part can hold. */
export const uuidV5 = uuidV5Under(TRELLIS_NAMESPACE);

/** UUIDv5 under any namespace. Hashing one reused buffer costs a third of `createHash().update().update()`. */
export function uuidV5Under(namespace: string): (name: string) => EventId {
  const scratch = Buffer.alloc(16 + NAME_BYTES_SCRATCH);
  scratch.write(namespace.replaceAll('-', ''), 'hex');

  return (name) => {
    // A UTF-16 unit becomes at most three bytes of UTF-8; a name that might not fit gets a buffer of its own.
    const buffer = name.length * 3 <= NAME_BYTES_SCRATCH ? scratch : Buffer.alloc(16 + name.length * 3);
    if (buffer !== scratch) scratch.copy(buffer, 0, 0, 16);
    const length = buffer.write(name, 16);
    const hex = hash('sha1', buffer.subarray(0, 16 + length), 'hex');
    // The two bits of the variant are fixed; the other two of its digit come from the hash.
    const variant = VARIANT.charAt(parseInt(hex.charAt(16), 16) & 3);
    const [start, end] = [`${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}`, hex.slice(20, 32)];
    // The cast: this is one of the makers of an EventId.
    return `${start}-${variant}${hex.slice(17, 20)}-${end}` as EventId;
  };
}

/** The first 16 hex digits of a text's SHA-256: tells a repeat from a contradiction. */
export function digest16(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

/** An id that nothing else has, for what no source names. */
export function randomId(): EventId {
  // The cast: `randomUUID` gives lower-case UUIDs.
  return randomUUID() as EventId;
}

const VARIANT = '89ab';
