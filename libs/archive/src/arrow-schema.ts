// The columns as Arrow sees them, and where each has its buffers in a record batch.
import { Binary, Dictionary, Field, Float64, Int32, Int64, List, Schema, Timestamp, TimeUnit, Utf8, type DataType } from 'apache-arrow';
import { COLUMNS, META_PREFIX, type ArchiveMeta, type Column, type ColumnName } from './columns.js';

export interface Place {
  readonly column: Column;
  /** Of its first node, and of its first buffer. */
  readonly node: number;
  readonly buffer: number;
  /** Of its vocabulary, where it has one. */
  readonly dictionary: number;
}

const NODES: Readonly<Partial<Record<Column['kind'], number>>> = { words: 2 };
const BUFFERS: Readonly<Partial<Record<Column['kind'], number>>> = { words: 4, text: 3, bytes: 3 };

export const PLACES: ReadonlyMap<ColumnName, Place> = placesOf(COLUMNS);

export function hasVocabulary({ kind }: Column): boolean {
  return kind === 'word' || kind === 'words';
}

function placesOf(columns: readonly Column[]): ReadonlyMap<ColumnName, Place> {
  const places = new Map<ColumnName, Place>();
  let [node, buffer] = [0, 0];
  columns.forEach((column, dictionary) => {
    places.set(column.name, { column, node, buffer, dictionary });
    node += NODES[column.kind] ?? 1;
    buffer += BUFFERS[column.kind] ?? 2;
  });
  return places;
}

export function arrowSchema(meta: ArchiveMeta): Schema {
  const fields = COLUMNS.map((column, number) => new Field(column.name, typeOf(column, number), column.isOptional));
  return new Schema(fields, new Map(Object.entries(meta).map(([name, value]) => [`${META_PREFIX}${name}`, String(value)])));
}

function typeOf({ kind }: Column, dictionary: number): DataType {
  switch (kind) {
    case 'word':
      return new Dictionary(new Utf8(), new Int32(), dictionary);
    case 'words':
      return new List(new Field('item', new Dictionary(new Utf8(), new Int32(), dictionary), true));
    case 'text':
      return new Utf8();
    case 'bytes':
      return new Binary();
    case 'int':
      return new Int32();
    case 'long':
      return new Int64();
    case 'double':
      return new Float64();
    case 'time':
      return new Timestamp(TimeUnit.MILLISECOND, 'UTC');
  }
}

/** What is in the file beside the rows, as far as it is there. */
export function metaOf({ metadata }: Schema): Partial<Record<keyof ArchiveMeta, string>> {
  return Object.fromEntries([...metadata].flatMap(([name, value]) => (name.startsWith(META_PREFIX) ? [[name.slice(META_PREFIX.length), value]] : [])));
}

/** The first column that is not as it should be. */
export function strangeColumn({ fields }: Schema): string | null {
  const expected = arrowSchema({ format: '', position: '', events: '', streams: '', answerSchema: '' }).fields;
  for (let n = 0; n < Math.max(fields.length, expected.length); n++) {
    const [is, should] = [fields[n], expected[n]];
    if (is?.name !== should?.name || String(is?.type) !== String(should?.type)) return should?.name ?? is?.name ?? '';
  }
  return null;
}
