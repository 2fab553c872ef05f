// A row as one Redis value. The guard in scripts.ts reads the head too.
//
//   format u8 = 1, revision + 1 u48, length of the version u16, version, bytes       (big-endian)
import type { Row } from '@trellis/event-sourcing';
import { RedisError } from './errors.js';
import { ROW_BYTES_MAX, VERSION_BYTES_MAX } from './limits.js';

const FORMAT = 1;
const HEAD_BYTES = 9;

export function rowValue(key: string, { revision, version, bytes }: Row): Buffer {
  const name = Buffer.from(version);
  if (name.length > VERSION_BYTES_MAX) throw new RedisError(`row ${key}: its version has ${name.length} bytes; it may have ${VERSION_BYTES_MAX}`, false);
  if (bytes.length > ROW_BYTES_MAX) throw new RedisError(`row ${key}: it has ${bytes.length} bytes; it may have ${ROW_BYTES_MAX}`, false);
  const value = Buffer.allocUnsafe(HEAD_BYTES + name.length + bytes.length);
  value[0] = FORMAT;
  // Revisions count from 0; a row of an empty stream has -1.
  value.writeUIntBE(revision + 1, 1, 6);
  value.writeUInt16BE(name.length, 7);
  value.set(name, HEAD_BYTES);
  value.set(bytes, HEAD_BYTES + name.length);
  return value;
}

/** Null for what this version cannot read: it is as good as none, for the log has everything. */
export function readRow(value: Buffer): Row | null {
  if (value.length < HEAD_BYTES || value[0] !== FORMAT) return null;
  const end = HEAD_BYTES + value.readUInt16BE(7);
  if (value.length < end) return null;
  // A copy: the client lends a piece of what came from the socket, which would stay in memory with it.
  return { revision: value.readUIntBE(1, 6) - 1, version: value.toString('utf8', HEAD_BYTES, end), bytes: new Uint8Array(value.subarray(end)) };
}
