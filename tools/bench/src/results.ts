// Where outcomes are kept: one file of JSON for each run, and the tables in BENCHMARKS.md.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Outcome } from './benchmark.js';
import { circumstancesText, type Circumstances } from './circumstances.js';
import { tableOf } from './report.js';

export interface Results extends Circumstances {
  readonly rounds: number;
  readonly seconds: number;
  readonly outcomes: readonly Outcome[];
}

const FOLDER = new URL('../results/', import.meta.url);
const DOCUMENT = new URL('../../../BENCHMARKS.md', import.meta.url);

/** Answers the name of the file. */
export async function keep(results: Results): Promise<string> {
  const name = `${results.date}-${results.commit}.json`;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(new URL(name, FOLDER), `${JSON.stringify(results, null, 2)}\n`);
  await writeFile(DOCUMENT, withTables(await readFile(DOCUMENT, 'utf8'), results));
  return name;
}

/** The document with each benchmark's table in its place; what lies outside the marks stays as it is. */
export function withTables(document: string, results: Results): string {
  let text = document;
  for (const outcome of results.outcomes) {
    const [begin, end] = [`<!-- bench: ${outcome.name} -->`, `<!-- /bench: ${outcome.name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`BENCHMARKS.md has no place for ${outcome.name}: it needs the lines ${begin} and ${end}`);
    text = `${text.slice(0, from)}${begin}\n${section(outcome, results)}\n${text.slice(to)}`;
  }
  return text;
}

function section(outcome: Outcome, where: Results): string {
  const rounds = Math.max(...outcome.rows.map(({ rounds: { figure } }) => figure.length));
  const notes = outcome.notes.map((note) => `- ${note}`).join('\n');
  return `\n${tableOf(outcome)}\n\n${notes}\n- ${rounds} round${rounds === 1 ? '' : 's'}. ${circumstancesText(where)}\n`;
}
