// Records of a stream as bytes: as objects they would take several times as much, and keep whole pages of the log in memory.
import type { EventId, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import { PIECE_BYTES, type Pieces } from './pieces.js';

/** Time (8), revision (4), type (2), length of the id (2), length of the event (4). */
const HEAD_BYTES = 20;
/** What the objects around the bytes take: of a history, and of a piece. */
const OBJECT_BYTES = 256;
const PIECE_OBJECT_BYTES = 96;

/** One record at a time on its way into pieces; as long as the longest so far. */
let scratch = Buffer.alloc(0);

export class PackedRecords {
  /** All full but the last. */
  private readonly filled: Buffer[] = [];
  private end = PIECE_BYTES;

  constructor(private readonly pieces: Pieces) {}

  /** Bytes that it takes. */
  get size(): number {
    return OBJECT_BYTES + this.filled.length * (PIECE_BYTES + PIECE_OBJECT_BYTES);
  }

  /** `type`: a number that stands for the record's own. */
  add({ id, bytes, revision, recordedAt }: Recorded, type: number): void {
    const idBytes = Buffer.byteLength(id);
    const length = HEAD_BYTES + idBytes + bytes.length;
    if (scratch.length < length) scratch = Buffer.alloc(2 * length);
    let at = scratch.writeDoubleLE(recordedAt);
    at = scratch.writeUInt32LE(revision, at);
    at = scratch.writeUInt16LE(type, at);
    at = scratch.writeUInt16LE(idBytes, at);
    at = scratch.writeUInt32LE(bytes.length, at);
    at += scratch.write(id, at);
    scratch.set(bytes, at);
    for (let from = 0; from < length; ) {
      if (this.end === PIECE_BYTES) {
        this.filled.push(this.pieces.take());
        this.end = 0;
      }
      const to = Math.min(length, from + PIECE_BYTES - this.end);
      scratch.copy(this.filled.at(-1) as Buffer, this.end, from, to);
      this.end += to - from;
      from = to;
    }
  }

  /** Without digest and position. */
  unpack(stream: StreamName, types: readonly string[]): readonly Recorded[] {
    const records: Recorded[] = [];
    const all = Buffer.concat(this.filled);
    const end = all.length - PIECE_BYTES + this.end;
    for (let at = 0; at < end; ) {
      const idEnd = at + HEAD_BYTES + all.readUInt16LE(at + 14);
      const recordEnd = idEnd + all.readUInt32LE(at + 16);
      records.push({
        // It was one, and is one again.
        id: all.toString('utf8', at + HEAD_BYTES, idEnd) as EventId,
        type: types[all.readUInt16LE(at + 12)] ?? '',
        digest: '',
        bytes: all.subarray(idEnd, recordEnd),
        stream,
        revision: all.readUInt32LE(at + 8),
        position: '' as Position,
        recordedAt: all.readDoubleLE(at),
      });
      at = recordEnd;
    }
    return records;
  }

  /** From now on the memory is that of others. */
  free(): void {
    this.pieces.giveBack(this.filled.splice(0));
    this.end = PIECE_BYTES;
  }
}
