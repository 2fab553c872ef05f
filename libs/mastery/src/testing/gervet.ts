// Public logs for specs: tab-separated answers and item-to-skill links, from the folder of data beside the repository.
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { AnswerLog, Vocabulary } from '../answer-log.js';

export interface GervetSet {
  readonly train: AnswerLog;
  readonly test: AnswerLog;
}

/** Beside the repository, or where TRELLIS_TEST_DATA says; null and a warning where it is absent. */
export function gervetFolder(name: string): URL | null {
  const named = process.env['TRELLIS_TEST_DATA'];
  const data = named === undefined ? new URL('../../../../../shared/data/', import.meta.url) : pathToFileURL(`${named}/`);
  const folder = new URL(`${name}/`, data);
  if (existsSync(folder)) return folder;
  console.warn(`Skipped: ${folder.pathname} is absent. TRELLIS_TEST_DATA names the folder that holds ${name}.`);
  return null;
}

/** Both parts share one vocabulary, numbered by ascending ids over both. */
export function readGervet(folder: URL): GervetSet {
  const [train, test, links] = ['train', 'test', 'q_matrix'].map((part) => rowsOf(new URL(`${part}.tsv.gz`, folder)));
  if (train === undefined || test === undefined || links === undefined) throw new Error(`${folder.pathname}: a part is missing`);
  const both = [...train, ...test];
  const items = numbered(both.map((row) => row[1] ?? ''));
  const combinations = numbered(both.map((row) => row[4] ?? ''));
  const skills = numbered(links.map((row) => row[1] ?? ''));
  const byItem = Map.groupBy(links, (row) => row[0] ?? '');
  const sets: Int32Array[] = Array.from(combinations, () => new Int32Array(0));
  for (const [, item = '', , , combination = ''] of both) {
    const number = combinations.get(combination) ?? -1;
    if (sets[number]?.length === 0) sets[number] = Int32Array.from((byItem.get(item) ?? []).map((row) => skills.get(row[1] ?? '') ?? -1)).sort();
  }
  const vocabulary = { items: [...items.keys()], skills: [...skills.keys()], combinations: sets };
  const log = (rows: readonly (readonly string[])[]) => logOf(vocabulary, rows, items, combinations);
  return { train: log(train), test: log(test) };
}

function logOf(vocabulary: Vocabulary, rows: readonly (readonly string[])[], items: ReadonlyMap<string, number>, combinations: ReadonlyMap<string, number>): AnswerLog {
  const learners: string[] = [];
  const starts: number[] = [];
  for (const [row, [learner = '']] of rows.entries()) {
    if (learner === learners.at(-1)) continue;
    learners.push(learner);
    starts.push(row);
  }
  return {
    vocabulary,
    learners,
    starts: Int32Array.from([...starts, rows.length]),
    item: Int32Array.from(rows, (row) => items.get(row[1] ?? '') ?? -1),
    combination: Int32Array.from(rows, (row) => combinations.get(row[4] ?? '') ?? -1),
    right: Uint8Array.from(rows, (row) => Number(row[3])),
    at: null,
  };
}

function rowsOf(file: URL): readonly (readonly string[])[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  return lines.slice(1).map((line) => line.split('\t'));
}

function numbered(ids: readonly string[]): ReadonlyMap<string, number> {
  const distinct = [...new Set(ids)].sort((a, b) => Number(a) - Number(b));
  return new Map(distinct.map((id, number) => [id, number]));
}
