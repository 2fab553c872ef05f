// From a row of a file to an event as `POST /v1/events` takes it.
import type { Rejection } from '@trellis/ingest';
import { shown, shownValue } from '@trellis/service';
import { numberOf, skillsOf, timeOf, truthOf, type TimeUnit } from './cells.js';
import { Failure, messageOf, wrongUsage } from './failure.js';
import type { Format, Row, Table } from './rows.js';

/** Our field -> the file's column. */
export type FieldMap = ReadonlyMap<Field, string>;

export type RowFlaw = Omit<Rejection, 'index'>;
export type RowEvent = { readonly event: object } | { readonly flaw: RowFlaw };

export interface MappingOptions {
  readonly format: Format;
  readonly fields: FieldMap;
  /** The source of every event that names none of its own. */
  readonly source: string;
  /** The course of every row without one. */
  readonly course?: string;
  readonly timeUnit?: TimeUnit;
}

/** Where each field goes and how its cell is read. */
const FIELDS = {
  learner: { read: asText, at: 'event' },
  item: { read: asText, at: 'data' },
  correct: { read: truthOf, at: 'data' },
  score: { read: numberOf, at: 'data' },
  time: { read: asText, at: 'event' },
  id: { read: asText, at: 'event' },
  skills: { read: skillsOf, at: 'data' },
  course: { read: asText, at: 'data' },
  response: { read: asText, at: 'data' },
  attempt: { read: numberOf, at: 'data' },
  hints: { read: numberOf, at: 'data' },
  durationMs: { read: numberOf, at: 'data' },
  confidence: { read: numberOf, at: 'data' },
  session: { read: asText, at: 'data' },
  recommendation: { read: asText, at: 'data' },
} as const satisfies Record<string, { readonly read: (cell: string) => unknown; readonly at: 'event' | 'data' }>;

export type Field = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[]; // the table's own keys

/** `learner=user_id,item=item_id`, several times if need be. */
export function fieldMapOf(texts: readonly string[]): FieldMap {
  const fields = new Map<Field, string>();
  for (const pair of texts.flatMap((text) => text.split(','))) {
    const at = pair.indexOf('=');
    const name = FIELD_NAMES.find((field) => field === pair.slice(0, at).trim());
    const column = pair.slice(at + 1).trim();
    if (at < 0 || column === '') throw wrongUsage(`--map has ${shown(pair)}; each part is field=column, such as learner=user_id`);
    if (name === undefined) throw wrongUsage(`--map has the field ${shown(pair.slice(0, at).trim())}; there are ${FIELD_NAMES.join(', ')}`);
    if (fields.has(name)) throw wrongUsage(`--map names the field ${name} twice`);
    fields.set(name, column);
  }
  return fields;
}

export function mapperOf(table: Pick<Table, 'columns'>, path: string, options: MappingOptions): (row: Row) => RowEvent {
  if (options.format !== 'jsonl') return tableMapper(table.columns, path, options);
  const { fields } = options;
  return fields.size === 0 ? eventMapper(options) : memberMapper(options);
}

function tableMapper(columns: readonly string[], path: string, options: MappingOptions): (row: Row) => RowEvent {
  // Without a map the columns have our names.
  const fields = options.fields.size > 0 ? options.fields : new Map(FIELD_NAMES.filter((name) => columns.includes(name)).map((name) => [name, name]));
  const places = [...fields].map(([field, column]) => ({ field, at: placeOf(column, columns, path) }));
  needed(fields, columns, path);
  return ({ line, cells }) => {
    if (cells.length !== columns.length) return { flaw: raggedFlaw(cells.length, columns.length) };
    return { event: eventOf(places, (at) => cells[at] ?? '', line, options) };
  };
}

function placeOf(column: string, columns: readonly string[], path: string): number {
  const at = columns.indexOf(column);
  if (at < 0) throw new Failure(`${path} has no column ${shown(column)}; its columns are ${columns.map((name) => shown(name)).join(', ')}`);
  if (columns.lastIndexOf(column) !== at) throw new Failure(`${path} has the column ${shown(column)} twice; a mapped column must be there once`);
  return at;
}

function needed(fields: FieldMap, columns: readonly string[], path: string): void {
  const missing = (['learner', 'item'] as const).filter((field) => !fields.has(field));
  if (missing.length === 0) return;
  throw new Failure(`${path}: nothing says which column is ${missing.join(' and ')}; add --map ${missing.map((field) => `${field}=<column>`).join(',')}, the columns are ${columns.map((name) => shown(name)).join(', ')}`);
}

/** JSON lines whose members are named by the map. */
function memberMapper(options: MappingOptions): (row: Row) => RowEvent {
  const places = [...options.fields].map(([field, at]) => ({ field, at }));
  return ({ line, cells: [text = ''] }) => {
    const members = parsed(text);
    if ('flaw' in members) return members;
    return { event: eventOf(places, (name) => cellOf(members.value[name]), line, options) };
  };
}

/** JSON lines that hold whole events. What a table gets from its place in the file, they get where they do not say. */
function eventMapper({ source, course }: MappingOptions): (row: Row) => RowEvent {
  return ({ line, cells: [text = ''] }) => {
    const event = parsed(text);
    if ('flaw' in event) return event;
    const { data } = event.value;
    const withCourse = course !== undefined && isObject(data) ? { data: { course, ...data } } : {};
    return { event: { id: String(line), source, sequence: line, ...event.value, ...withCourse } };
  };
}

function eventOf<Place>(
  places: readonly { readonly field: Field; readonly at: Place }[],
  cell: (at: Place) => string,
  line: number,
  { source, course, timeUnit }: MappingOptions,
): object {
  const data: Record<string, unknown> = course === undefined ? {} : { course };
  const event: Record<string, unknown> = { id: String(line), source, type: 'AnswerGiven', sequence: line, data };
  for (const { field, at } of places) {
    const text = cell(at);
    // An empty cell says nothing.
    if (text === '') continue;
    const { read, at: place } = FIELDS[field];
    if (field === 'time') {
      const time = timeOf(text, timeUnit);
      if (time !== undefined) event['occurredAt'] = time;
    } else if (place === 'data') data[field] = read(text);
    else event[field] = read(text);
  }
  return event;
}

function parsed(text: string): { readonly value: Readonly<Record<string, unknown>> } | { readonly flaw: RowFlaw } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { flaw: { field: 'row', value: shownValue(text), code: 'malformed-json', message: `the line is not valid JSON: ${messageOf(error)}` } };
  }
  if (isObject(value)) return { value };
  return { flaw: { field: 'row', value: shownValue(value), code: 'wrong-type', message: `the line is ${shown(value)}; it must be a JSON object` } };
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join(';');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function raggedFlaw(cells: number, columns: number): RowFlaw {
  const code = cells < columns ? 'missing-field' : 'unknown-field';
  return { field: 'row', value: cells, code, message: `the row has ${cells} ${cells === 1 ? 'cell' : 'cells'}; the header has ${columns}` };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asText(cell: string): string {
  return cell;
}
