// An Arrow IPC file (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format), written from front to end. The vocabularies
// come behind the rows, where their words are known: the footer says where, and each is there once, which every reader takes.
import type { FileHandle } from 'node:fs/promises';
import type { Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';
import { BufferRegion, DictionaryBatch, FieldNode, Message, RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { columnBuilder, wordsOf, type Built, type ColumnBuilder } from './arrow-columns.js';
import { arrowSchema } from './arrow-schema.js';
import { COLUMNS, type ArchiveMeta, type ArchiveRow } from './columns.js';
import type { RowSink } from './row-sink.js';

export const MAGIC = Buffer.from('ARROW1');
/** So that readers that map a file into memory find every buffer where processors like it. */
const ALIGNMENT_BYTES = 64;
const PADDING = new Uint8Array(ALIGNMENT_BYTES);
const PREFIX_BYTES = 8;

export class ArrowSink implements RowSink {
  private readonly builders: readonly ColumnBuilder[] = COLUMNS.map(columnBuilder);
  private readonly batches: FileBlock[] = [];
  private position = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly schema: Schema,
  ) {}

  static async open(file: FileHandle, meta: ArchiveMeta): Promise<ArrowSink> {
    const sink = new ArrowSink(file, arrowSchema(meta));
    await sink.write([MAGIC, PADDING.subarray(0, ALIGNMENT_BYTES - MAGIC.length)]);
    await sink.message(Message.from(sink.schema), []);
    return sink;
  }

  add(row: ArchiveRow): number {
    let bytes = 0;
    for (let n = 0; n < this.builders.length; n++) bytes += (this.builders[n] as ColumnBuilder).add(row);
    return bytes;
  }

  async flush(rows: number): Promise<void> {
    const body = bodyOf(this.builders.map((builder) => builder.take()));
    this.batches.push(await this.message(Message.from(batchOf(rows, body), body.bytes), body.buffers));
  }

  async end(): Promise<void> {
    const dictionaries: FileBlock[] = [];
    for (const [number, { vocabulary }] of this.builders.entries()) {
      if (vocabulary === undefined) continue;
      const body = bodyOf([wordsOf(vocabulary.texts)]);
      const batch = new DictionaryBatch(batchOf(vocabulary.texts.length, body), number);
      dictionaries.push(await this.message(Message.from(batch, body.bytes), body.buffers));
    }
    const footer = Footer.encode(new Footer(this.schema, undefined, this.batches, dictionaries));
    await this.write([bytesOf(Int32Array.of(-1, 0)), footer, bytesOf(Int32Array.of(footer.length)), MAGIC]);
  }

  private async message(message: Message, buffers: readonly Uint8Array[]): Promise<FileBlock> {
    const head = Message.encode(message);
    const padding = -(PREFIX_BYTES + head.length) & (ALIGNMENT_BYTES - 1);
    const block = new FileBlock(PREFIX_BYTES + head.length + padding, message.bodyLength, this.position);
    await this.write([bytesOf(Int32Array.of(-1, head.length + padding)), head, PADDING.subarray(0, padding), ...buffers]);
    return block;
  }

  private async write(parts: readonly Uint8Array[]): Promise<void> {
    const filled = parts.filter(({ length }) => length > 0);
    const bytes = filled.reduce((sum, { length }) => sum + length, 0);
    for (let rest = filled; rest.length > 0; ) {
      const { bytesWritten } = await this.file.writev(rest);
      rest = behind(rest, bytesWritten);
    }
    this.position += bytes;
  }
}

interface Body {
  readonly nodes: FieldNode[];
  readonly regions: BufferRegion[];
  /** With what lies between them. */
  readonly buffers: readonly Uint8Array[];
  readonly bytes: number;
}

function bodyOf(columns: readonly Built[]): Body {
  const regions: BufferRegion[] = [];
  const buffers: Uint8Array[] = [];
  let bytes = 0;
  for (const buffer of columns.flatMap((column) => column.buffers)) {
    const padding = -buffer.length & (ALIGNMENT_BYTES - 1);
    regions.push(new BufferRegion(bytes, buffer.length));
    buffers.push(buffer, PADDING.subarray(0, padding));
    bytes += buffer.length + padding;
  }
  return { nodes: columns.flatMap(({ nodes }) => nodes.map(({ length, nulls }) => new FieldNode(length, nulls))), regions, buffers, bytes };
}

function batchOf(rows: number, { nodes, regions }: Body): RecordBatch {
  return new RecordBatch(rows, nodes, regions, null);
}

function bytesOf(numbers: Int32Array): Uint8Array {
  return new Uint8Array(numbers.buffer);
}

/** What is left of the parts once so many bytes of them are written: a disk may take fewer than it was given. */
function behind(parts: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let left = bytes;
  const rest: Uint8Array[] = [];
  for (const part of parts) {
    const taken = Math.min(left, part.length);
    left -= taken;
    if (taken < part.length) rest.push(part.subarray(taken));
  }
  return rest;
}
