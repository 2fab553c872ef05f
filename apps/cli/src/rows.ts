// Rows of a text file, each with the line it begins on. Memory is bounded by the longest row, not by the file.
import { parse } from 'csv-parse';
import { codeOf, Failure } from './failure.js';
import { bytesOf, type InputFile } from './input-file.js';

export const FORMATS = ['csv', 'tsv', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

export interface Row {
  /** From 1, the header included. */
  readonly line: number;
  /** One for each column; of JSON lines the text alone. */
  readonly cells: readonly string[];
}

export interface Table {
  /** Names from the header; `['row']` for JSON lines. */
  readonly columns: readonly string[];
  /** To be consumed once. */
  readonly rows: AsyncIterable<Row>;
}

/** A longer row is most likely a quote that nobody closed. */
const ROW_CHARS_MAX = 1024 * 1024;

/** By the file's name, else by its first line. */
export function formatOf({ path, head }: Pick<InputFile, 'path' | 'head'>): Format {
  const ending = /\.([a-z]+)$/.exec(path.toLowerCase().replace(/\.gz$/, ''))?.[1] ?? '';
  const known = ENDINGS[ending];
  if (known !== undefined) return known;
  const first = head.trimStart().split('\n', 1)[0] ?? '';
  return first.startsWith('{') ? 'jsonl' : first.includes('\t') ? 'tsv' : 'csv';
}

const ENDINGS: Readonly<Record<string, Format>> = { csv: 'csv', tsv: 'tsv', tab: 'tsv', jsonl: 'jsonl', ndjson: 'jsonl' };

export async function openTable(file: InputFile, format: Format, onRead?: (bytes: number) => void): Promise<Table> {
  if (format === 'jsonl') return { columns: ['row'], rows: linesOf(file, onRead) };
  const rows = recordsOf(file, format === 'tsv' ? '\t' : ',', onRead);
  const header = await rows.next();
  if (header.done === true) throw new Failure(`${file.path} has no header line`);
  return { columns: header.value.cells.map((name) => name.trim()), rows };
}

async function* recordsOf(file: InputFile, delimiter: string, onRead?: (bytes: number) => void): AsyncGenerator<Row, undefined> {
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    // Checked row by row, so that a bad row loses no good one.
    relax_column_count: true,
    // A quote inside a field is a character of it.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: ROW_CHARS_MAX,
  });
  const bytes = bytesOf(file, onRead);
  bytes.on('error', (error) => parser.destroy(error));
  let line = 0;
  let emptyBefore = 0;
  try {
    // csv-parse gives this shape with `info`. Its own line numbers count a CRLF inside quotes twice.
    for await (const { record, info } of bytes.pipe(parser) as AsyncIterable<{ record: string[]; info: { empty_lines: number } }>) {
      line += 1 + info.empty_lines - emptyBefore;
      emptyBefore = info.empty_lines;
      yield { line, cells: record };
      line += breaksIn(record);
    }
  } catch (error) {
    throw badTable(file.path, line + 1, error);
  } finally {
    bytes.destroy();
  }
}

function breaksIn(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) breaks++;
  return breaks;
}

function badTable(path: string, line: number, error: unknown): unknown {
  switch (codeOf(error)) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new Failure(`${path}, line ${line}: a quote is opened and never closed`);
    case 'CSV_MAX_RECORD_SIZE':
      return new Failure(`${path}, line ${line}: the row is longer than ${ROW_CHARS_MAX} characters; most likely a quote is never closed`);
    default:
      return error;
  }
}

async function* linesOf(file: InputFile, onRead?: (bytes: number) => void): AsyncGenerator<Row, undefined> {
  const decoder = new TextDecoder();
  let line = 0;
  let rest = '';
  const bytes = bytesOf(file, onRead);
  try {
    for await (const chunk of bytes) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > ROW_CHARS_MAX) throw new Failure(`${file.path}, line ${line + lines.length + 1}: the line is longer than ${ROW_CHARS_MAX} characters`);
      for (const text of lines) {
        line++;
        if (text.trim() !== '') yield { line, cells: [text.trimEnd()] };
      }
    }
    if (rest.trim() !== '') yield { line: line + 1, cells: [rest.trimEnd()] };
  } finally {
    bytes.destroy();
  }
}
