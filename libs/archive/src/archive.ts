// An archive that is read: its footer, its vocabularies, and batches of the columns that somebody wants.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Schema } from 'apache-arrow';
import { Footer, type FileBlock } from 'apache-arrow/ipc/metadata/file';
import { Message, type DictionaryBatch, type RecordBatch } from 'apache-arrow/ipc/metadata/message';
import { hasVocabulary, metaOf, PLACES, strangeColumn } from './arrow-schema.js';
import { MAGIC } from './arrow-writer.js';
import { COLUMNS, FORMAT, type ArchiveMeta, type ColumnName } from './columns.js';
import { ArchiveError } from './errors.js';
import { ANSWER_SCHEMA } from './event-rows.js';

/** The size of the footer, then the magic word. */
const TAIL_BYTES = 4 + MAGIC.length;
const FOOTER_BYTES_MAX = 64 * 1024 * 1024;
const HEAD_PREFIX_BYTES = 8;

export interface BatchPlace {
  readonly rows: number;
  /** Where its buffers begin in the file, and how much they take. */
  readonly body: number;
  readonly bodyBytes: number;
  readonly batch: Pick<RecordBatch, 'nodes' | 'buffers'>;
}

export class Archive {
  readonly events: number;
  /** Of the newest event in it; null where there is none. */
  readonly position: string | null;
  readonly meta: ArchiveMeta;
  readonly batches: readonly BatchPlace[];
  private readonly vocabularies = new Map<ColumnName, readonly string[]>();

  private constructor(
    readonly path: string,
    private readonly file: number,
    private readonly bytes: number,
  ) {
    const footer = this.footer();
    this.meta = this.metaOf(footer.schema);
    this.position = this.meta.position === '' ? null : this.meta.position;
    this.batches = [...footer.recordBatches()].map((block) => this.place(block));
    this.events = this.batches.reduce((sum, { rows }) => sum + rows, 0);
    if (String(this.events) !== this.meta.events) throw this.damaged(`it has ${this.events} events and should have ${this.meta.events}`);
    const blocks = [...footer.dictionaryBatches()];
    for (const { column, dictionary } of PLACES.values()) if (hasVocabulary(column)) this.vocabularies.set(column.name, this.wordsOf(blocks, dictionary));
  }

  /** Throws an `ArchiveError` that names the file and says what is wrong with it. */
  static open(path: string): Archive {
    const file = openSync(path, 'r');
    try {
      return new Archive(path, file, fstatSync(file).size);
    } catch (error) {
      closeSync(file);
      if (error instanceof ArchiveError) throw error;
      throw new ArchiveError(`${path} is damaged: what it says of itself cannot be read`, error);
    }
  }

  /** What the numbers of a column of words mean. */
  words(name: ColumnName): readonly string[] {
    return this.vocabularies.get(name) ?? [];
  }

  /** Fills the buffer from a place of the file. */
  fill(into: Uint8Array, from: number): void {
    for (let filled = 0; filled < into.length; ) {
      const read = readSync(this.file, into, filled, into.length - filled, from + filled);
      if (read === 0) throw this.damaged('it breaks off before its end');
      filled += read;
    }
  }

  damaged(why: string): ArchiveError {
    return new ArchiveError(`${this.path} is damaged: ${why}`);
  }

  close(): void {
    closeSync(this.file);
  }

  private bytesAt(from: number, length: number): Uint8Array {
    if (from < 0 || length < 0 || from + length > this.bytes) throw this.damaged(`it has ${this.bytes} bytes, and ${length} are missed at ${from}`);
    const bytes = new Uint8Array(length);
    this.fill(bytes, from);
    return bytes;
  }

  private footer(): Footer {
    const head = this.bytes < MAGIC.length ? MAGIC.subarray(0, 0) : this.bytesAt(0, MAGIC.length);
    if (!MAGIC.equals(head)) throw new ArchiveError(`${this.path} is no Arrow file: it does not begin with ${MAGIC.toString()}`);
    const tail = this.bytes < MAGIC.length + TAIL_BYTES ? MAGIC.subarray(0, 0) : this.bytesAt(this.bytes - TAIL_BYTES, TAIL_BYTES);
    if (!MAGIC.equals(tail.subarray(4))) throw new ArchiveError(`${this.path} is cut off: it does not end as an Arrow file does`);
    const length = Buffer.from(tail).readInt32LE(0);
    if (length <= 0 || length > FOOTER_BYTES_MAX) throw this.damaged(`its footer cannot have ${length} bytes`);
    return Footer.decode(this.bytesAt(this.bytes - TAIL_BYTES - length, length));
  }

  private metaOf(schema: Schema): ArchiveMeta {
    const { format, position, events, streams, answerSchema } = metaOf(schema);
    if (format === undefined) throw new ArchiveError(`${this.path} is an Arrow file, but no archive of Trellis`);
    if (format !== FORMAT) throw new ArchiveError(`${this.path} is an archive of format ${format}, and this program reads format ${FORMAT}: export it again`);
    if (answerSchema !== String(ANSWER_SCHEMA)) throw new ArchiveError(`${this.path} has answers of schema ${answerSchema}, and this program reads schema ${ANSWER_SCHEMA}: export it again`);
    const strange = strangeColumn(schema);
    if (strange !== null) throw new ArchiveError(`${this.path} is no archive of format ${FORMAT}: its column ${strange} is not as it should be`);
    if (position === undefined || events === undefined || streams === undefined) throw this.damaged('it does not say what is in it');
    return { format, position, events, streams, answerSchema };
  }

  private head({ offset, metaDataLength }: FileBlock): Message {
    // The length in front of it includes what it is padded with.
    return Message.decode(this.bytesAt(offset, metaDataLength).subarray(HEAD_PREFIX_BYTES));
  }

  private place(block: FileBlock): BatchPlace {
    const head = this.head(block);
    if (!head.isRecordBatch()) throw this.damaged(`at ${block.offset} there is no batch of rows`);
    const batch = head.header();
    const body = block.offset + block.metaDataLength;
    if (body + block.bodyLength > this.bytes) throw this.damaged(`a batch ends at ${body + block.bodyLength}, behind its end`);
    return { rows: batch.length, body, bodyBytes: block.bodyLength, batch };
  }

  private wordsOf(blocks: readonly FileBlock[], dictionary: number): readonly string[] {
    for (const block of blocks) {
      const head = this.head(block);
      if (!head.isDictionaryBatch()) throw this.damaged(`at ${block.offset} there is no vocabulary`);
      const batch: DictionaryBatch = head.header();
      if (batch.id === dictionary) return this.texts(batch, block.offset + block.metaDataLength);
    }
    throw this.damaged(`the column ${COLUMNS[dictionary]?.name ?? dictionary} has no vocabulary`);
  }

  private texts({ length, buffers }: DictionaryBatch, body: number): readonly string[] {
    const [, endsAt, valuesAt] = buffers;
    if (endsAt === undefined || valuesAt === undefined || endsAt.length < 4 * (length + 1)) throw this.damaged('a vocabulary is not whole');
    const ends = new Int32Array(this.bytesAt(body + endsAt.offset, endsAt.length).buffer);
    const values = Buffer.from(this.bytesAt(body + valuesAt.offset, valuesAt.length).buffer);
    return Array.from({ length }, (_, n) => values.toString('utf8', ends[n], ends[n + 1]));
  }
}
