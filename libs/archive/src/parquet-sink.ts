// A Parquet file (https://parquet.apache.org/docs/file-format/): for people and their tools. Nothing is replayed from it, so it has no
// column for the bytes of events.
import type { FileHandle } from 'node:fs/promises';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { COLUMNS, META_PREFIX, type ArchiveMeta, type ArchiveRow, type Column } from './columns.js';
import type { RowSink } from './row-sink.js';

const WRITTEN: readonly Column[] = COLUMNS.filter(({ kind }) => kind !== 'bytes');
const TEXT_BYTES = 2;

export class ParquetSink implements RowSink {
  private readonly bytes = new ByteWriter();
  private readonly writer: ParquetWriter;
  private values: unknown[][] = WRITTEN.map(() => []);

  constructor(
    private readonly file: FileHandle,
    meta: ArchiveMeta,
  ) {
    const kvMetadata = Object.entries(meta).map(([name, value]) => ({ key: `${META_PREFIX}${name}`, value: String(value) }));
    this.writer = new ParquetWriter({ writer: this.bytes, schema: schema(), kvMetadata, createdBy: 'trellis' });
  }

  add(row: ArchiveRow): number {
    for (let n = 0; n < WRITTEN.length; n++) {
      const { name, kind } = WRITTEN[n] as Column;
      const value = row[name];
      (this.values[n] as unknown[]).push((kind === 'long' || kind === 'time') && value !== null ? BigInt(value as number) : value);
    }
    return TEXT_BYTES * (row.data?.length ?? 0) + TEXT_BYTES * (row.response?.length ?? 0);
  }

  async flush(rows: number): Promise<void> {
    const columnData = WRITTEN.map(({ name }, n) => ({ name, data: this.values[n] as unknown[] }));
    this.values = WRITTEN.map(() => []);
    await this.writer.write({ columnData, rowGroupSize: rows });
    await this.drain();
  }

  async end(): Promise<void> {
    await this.writer.finish();
    await this.drain();
  }

  private async drain(): Promise<void> {
    await this.file.appendFile(this.bytes.getBytes());
    this.bytes.index = 0;
  }
}

function schema(): SchemaElement[] {
  return [{ name: 'events', num_children: WRITTEN.length }, ...WRITTEN.flatMap(elementsOf)];
}

function elementsOf({ name, kind, isOptional }: Column): readonly SchemaElement[] {
  const element = { name, repetition_type: isOptional ? 'OPTIONAL' : 'REQUIRED' } as const;
  switch (kind) {
    case 'word':
    case 'text':
      return [{ ...element, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
    case 'words':
      return [
        { ...element, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
      ];
    case 'bytes':
      return [{ ...element, type: 'BYTE_ARRAY' }];
    case 'int':
      return [{ ...element, type: 'INT32' }];
    case 'long':
      return [{ ...element, type: 'INT64' }];
    case 'double':
      return [{ ...element, type: 'DOUBLE' }];
    case 'time':
      return [{ ...element, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } }];
  }
}
