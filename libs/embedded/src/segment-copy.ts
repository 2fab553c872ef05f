// History of a log as bytes, segment by segment and every batch verified: what backup, restore and their check have in common.
import { createHash, type Hash } from 'node:crypto';
import type { DiskFile } from './disk.js';
import { DamageError } from './errors.js';
import { SEGMENT_HEADER_BYTES } from './log-format.js';
import { SegmentScan } from './segment-scan.js';
import type { Segments } from './segments.js';

/** What of a segment was read: without what lies behind its history in the file. */
export interface CopiedSegment {
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
  readonly sha256: string;
  /** The hash of its first `prefix` bytes, or null where it is shorter or none were asked for. */
  readonly prefixSha256: string | null;
  /** When its last event was recorded, in milliseconds since 1970. */
  readonly recordedAt: number;
}

export interface SegmentTarget {
  /** Where the bytes go; null where they are only read and verified. Closed, and synced, by whoever copies. */
  readonly file: DiskFile | null;
  /** So many bytes from its beginning are hashed by themselves too. */
  readonly prefix: number;
}

export interface SegmentCopying {
  readonly segments: Segments;
  /** The first position of a segment. */
  readonly from: number;
  /** The last position that is copied, which ends a batch. */
  readonly to: number;
  readonly begin: (first: number) => Promise<SegmentTarget>;
  readonly done?: (segment: CopiedSegment) => Promise<void>;
  /** Ends it with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of so many bytes more. */
  readonly copied?: ((bytes: number) => void) | undefined;
}

/** Answers the newest segment, or null where there is nothing to copy. Throws `DamageError` where the history is not what was written. */
export async function copySegments({ segments, from, to, begin, done, signal, copied }: SegmentCopying): Promise<CopiedSegment | null> {
  if (to < from) return null;
  let open: SegmentCopy | null = null;
  const end = async (): Promise<CopiedSegment | null> => {
    const segment = (await open?.seal()) ?? null;
    if (segment !== null) await done?.(segment);
    return segment;
  };
  try {
    for await (const piece of history(segments, from, to)) {
      signal?.throwIfAborted();
      if (open?.first !== piece.base) {
        await end();
        open = new SegmentCopy(piece.base, await begin(piece.base));
      }
      await open.take(piece);
      copied?.(piece.bytes.length);
    }
    return await end();
  } finally {
    await open?.close();
  }
}

/** Bytes that follow each other in one segment: its header, or whole batches. */
interface Piece {
  readonly base: number;
  bytes: Uint8Array;
  last: number;
  recordedAt: number;
}

async function* history(segments: Segments, from: number, to: number): AsyncGenerator<Piece> {
  const scan = new SegmentScan(segments, { base: from, offset: SEGMENT_HEADER_BYTES }, from);
  let piece = await header(segments, from);
  /** Where the piece comes from, and where it ends there. */
  let source: Uint8Array | null = null;
  let end = 0;
  while (scan.position <= to) {
    const found = await scan.next();
    if (found === 'end' || 'fault' in found) {
      throw new DamageError(String(scan.position), segments.pathOf(scan.place.base), found === 'end' ? 'the log ends before it' : found.fault);
    }
    const { bytes, at, header: batch, place } = found;
    if (bytes !== source) {
      yield piece;
      if (place.base !== piece.base) yield await header(segments, place.base);
      piece = { base: place.base, bytes: bytes.subarray(at, at), last: 0, recordedAt: 0 };
      source = bytes;
      end = at;
    }
    // Batches that were read together are handed on together.
    end += batch.length;
    piece.bytes = bytes.subarray(end - piece.bytes.length - batch.length, end);
    piece.last = batch.firstPosition + batch.count - 1;
    piece.recordedAt = batch.recordedAt;
  }
  yield piece;
}

async function header(segments: Segments, base: number): Promise<Piece> {
  await segments.checkHeader(base);
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  await segments.read(base, bytes, 0);
  return { base, bytes, last: base - 1, recordedAt: 0 };
}

/** One segment on its way. */
class SegmentCopy {
  private readonly hash = createHash('sha256');
  private bytes = 0;
  private last = 0;
  private recordedAt = 0;
  private prefixSha256: string | null = null;
  private isOpen = true;

  constructor(
    readonly first: number,
    private readonly target: SegmentTarget,
  ) {}

  async take({ bytes, last, recordedAt }: Piece): Promise<void> {
    const split = this.target.prefix - this.bytes;
    if (split > 0 && split <= bytes.length) {
      this.hash.update(bytes.subarray(0, split));
      this.prefixSha256 = soFar(this.hash);
      this.hash.update(bytes.subarray(split));
    } else {
      this.hash.update(bytes);
    }
    await this.target.file?.write(bytes, this.bytes);
    this.bytes += bytes.length;
    this.last = last;
    this.recordedAt = recordedAt;
  }

  async seal(): Promise<CopiedSegment> {
    await this.target.file?.sync();
    await this.close();
    const { first, last, bytes, prefixSha256, recordedAt } = this;
    return { first, last, bytes, sha256: soFar(this.hash), prefixSha256, recordedAt };
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.target.file?.close();
  }
}

function soFar(hash: Hash): string {
  return hash.copy().digest('hex');
}
