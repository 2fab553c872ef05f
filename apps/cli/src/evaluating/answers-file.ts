// A table of answers, one row each: CSV or TSV, gzip or not. A row that cannot be read ends it, named by line, column and value.
import { shown } from '@trellis/service';
import { skillsOf, timeOf, truthOf, type TimeUnit } from '../cells.js';
import { Failure, wrongUsage } from '../failure.js';
import type { InputFile } from '../input-file.js';
import { formatOf, openTable } from '../rows.js';
import type { AnswerRows, Part } from './answer-rows.js';
import type { SkillLinks } from './skill-links.js';
import type { Subgroups } from './subgroups.js';
import type { Numbers, VocabularyBuilder } from './vocabulary-builder.js';
import type { Where } from './where.js';

/** Field -> the names that its column may have if nothing is mapped. */
const FIELDS = {
  learner: ['learner', 'user_id'],
  item: ['item', 'item_id'],
  correct: ['correct'],
  score: ['score'],
  skills: ['skills', 'skill_id'],
  time: ['time', 'timestamp'],
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof FIELDS;
const FIELD_NAMES = Object.keys(FIELDS) as readonly Field[]; // the table's own keys

/** From this score on an answer counts as right. */
const RIGHT_FROM = 0.5;
const NUMBER = /^-?\d{1,15}(\.\d+)?$/;
/** As seconds the year 5138, as milliseconds 1973. */
const SECONDS_BELOW = 100_000_000_000;
const ID_CHARS_MAX = 256;

export interface Reading {
  readonly rows: AnswerRows;
  readonly vocabulary: VocabularyBuilder;
  /** Null: the column of skills says. */
  readonly links: SkillLinks | null;
  readonly subgroups: Subgroups | null;
  /** What rows name as skills. */
  readonly named: Numbers;
  readonly map: ReadonlyMap<Field, string>;
  readonly timeUnit?: TimeUnit;
  readonly signal: AbortSignal;
  /** Hears how many bytes of the file have been read. */
  readonly onRead: (bytes: number) => void;
}

export function fieldMapOf(texts: readonly string[]): ReadonlyMap<Field, string> {
  const fields = new Map<Field, string>();
  for (const pair of texts.flatMap((text) => text.split(','))) {
    const [name = '', column = ''] = pair.split('=', 2).map((part) => part.trim());
    const field = FIELD_NAMES.find((one) => one === name);
    if (field === undefined || column === '') throw wrongUsage(`--map has ${shown(pair)}; each part is field=column, and the fields are ${FIELD_NAMES.join(', ')}`);
    if (fields.has(field)) throw wrongUsage(`--map names the field ${field} twice`);
    fields.set(field, column);
  }
  return fields;
}

export async function readAnswers(file: InputFile, part: Part, reading: Reading): Promise<void> {
  const { rows, vocabulary, links, subgroups, map, signal } = reading;
  const format = formatOf(file);
  if (format === 'jsonl') throw new Failure(`${file.path} holds JSON lines; evaluate reads tables, CSV or TSV`);
  const table = await openTable(file, format, reading.onRead);
  const at = placesOf(table.columns, map, file.path);
  const { learner, item } = { learner: needed('learner', at, table.columns, file.path), item: at.get('item') };
  if (links !== null) needed('item', at, table.columns, file.path);
  const skills = links === null ? needed('skills', at, table.columns, file.path) : at.get('skills');
  const result = resultOf(at, table.columns, file.path);
  const group = subgroups === null ? -1 : placeOf(subgroups.column, table.columns, file.path, '--subgroup');
  const combinationOf = memoized((text) => vocabulary.combination(skillsOf(text)));
  for await (const { line, cells } of table.rows) {
    if (signal.aborted) return;
    const where = { path: file.path, line, columns: table.columns };
    if (cells.length !== table.columns.length) throw new Failure(`${file.path}, line ${line} has ${cells.length} cells; the header has ${table.columns.length}`);
    const itemId = item === undefined ? null : idOf(cells, item, where);
    const named = skills === undefined || (links !== null && cells[skills] === '') ? null : idOf(cells, skills, where);
    rows.add({
      learner: idOf(cells, learner, where),
      part,
      item: itemId === null ? -1 : vocabulary.item(itemId),
      combination: links === null || itemId === null ? combinationOf(named ?? '') : links.combinationOf(itemId, where),
      right: result(cells, where),
      at: momentOf(cells, at.get('time'), where, reading.timeUnit),
      sequence: 0,
      group: subgroups === null ? -1 : subgroups.numberOf(cells[group] ?? '', where),
      named: named === null ? -1 : reading.named.numberOf(named),
    });
  }
}

function placesOf(columns: readonly string[], map: ReadonlyMap<Field, string>, path: string): ReadonlyMap<Field, number> {
  const places = new Map<Field, number>();
  for (const field of FIELD_NAMES) {
    const mapped = map.get(field);
    if (mapped !== undefined) places.set(field, placeOf(mapped, columns, path, `--map ${field}`));
    else {
      const named = FIELDS[field].find((name) => columns.includes(name));
      if (named !== undefined) places.set(field, placeOf(named, columns, path, field));
    }
  }
  return places;
}

function placeOf(column: string, columns: readonly string[], path: string, what: string): number {
  const at = columns.indexOf(column);
  if (at < 0) throw new Failure(`${path} has no column ${shown(column)} (${what}); its columns are ${listed(columns)}`);
  if (columns.lastIndexOf(column) !== at) throw new Failure(`${path} has the column ${shown(column)} twice; it must be there once`);
  return at;
}

function needed(field: Field, places: ReadonlyMap<Field, number>, columns: readonly string[], path: string): number {
  const at = places.get(field);
  if (at !== undefined) return at;
  const instead = field === 'skills' ? ', or name the links from items to skills with --q-matrix' : '';
  throw new Failure(`${path}: no column says the ${field}; add --map ${field}=<column>${instead}. Its columns are ${listed(columns)}`);
}

function resultOf(places: ReadonlyMap<Field, number>, columns: readonly string[], path: string): (cells: readonly string[], where: Where) => boolean {
  const score = places.get('score');
  if (places.get('correct') === undefined && score !== undefined) {
    return (cells, where) => {
      const text = cells[score] ?? '';
      const value = NUMBER.test(text) ? Number(text) : NaN;
      if (value >= 0 && value <= 1) return value >= RIGHT_FROM;
      throw wrong(where, score, text, 'a number from 0 to 1');
    };
  }
  const correct = needed('correct', places, columns, path);
  return (cells, where) => {
    const text = cells[correct] ?? '';
    const value = truthOf(text);
    if (typeof value === 'boolean') return value;
    throw wrong(where, correct, text, '0, 1, true or false');
  };
}

function idOf(cells: readonly string[], at: number, where: Where): string {
  const text = cells[at]?.trim() ?? '';
  if (text === '' || text.length > ID_CHARS_MAX) throw wrong(where, at, text, `1 to ${ID_CHARS_MAX} characters`);
  return text;
}

/** NaN where the row says none. */
function momentOf(cells: readonly string[], at: number | undefined, where: Where, unit: TimeUnit | undefined): number {
  const text = at === undefined ? '' : (cells[at] ?? '');
  if (at === undefined || text === '') return NaN;
  if (NUMBER.test(text)) {
    const value = Number(text);
    return unit === 's' || (unit === undefined && Math.abs(value) < SECONDS_BELOW) ? value * 1000 : value;
  }
  const moment = Date.parse(timeOf(text) ?? '');
  if (Number.isNaN(moment)) throw wrong(where, at, text, 'a time as RFC 3339, or a number of seconds or milliseconds');
  return moment;
}

function wrong({ path, line, columns }: Where, at: number, text: string, must: string): Failure {
  return new Failure(`${path}, line ${line}: ${columns[at] ?? 'a cell'} is ${shown(text)}; it must be ${must}`);
}

function listed(names: readonly string[]): string {
  return names.map((name) => shown(name)).join(', ');
}

function memoized(of: (text: string) => number): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) known.set(text, (value = of(text)));
    return value;
  };
}
