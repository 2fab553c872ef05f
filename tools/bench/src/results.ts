// Where outcomes are kept: one file of JSON for each run, the tables in BENCHMARKS.md, and charts of what grows in docs.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Outcome } from './benchmark.js';
import { curvesChart } from './chart.js';
import { circumstancesText, type Circumstances, type Curves, type Results } from './circumstances.js';
import { EVALUATED, evaluationName, numbersTable, type Evaluation, type Sources } from './numbers.js';
import { tableOf } from './report.js';

const FOLDER = new URL('../results/', import.meta.url);
const DOCUMENT = new URL('../../../BENCHMARKS.md', import.meta.url);
const CHARTS = new URL('../../../docs/', import.meta.url);

/** Answers the name of the file. */
export async function keep(results: Results): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  const name = freeName(`${results.date}-${results.commit}`, (taken) => existsSync(new URL(taken, FOLDER)));
  await writeFile(new URL(name, FOLDER), `${JSON.stringify(results, null, 2)}\n`);
  for (const { name: of, title, curves } of results.outcomes) if (curves !== undefined) await keepCurves(of, { ...whereOf(results), title, curves });
  await writeFile(DOCUMENT, withTables(await readFile(DOCUMENT, 'utf8'), results));
  await renew();
  return name;
}

/** The numbers to reach and the charts once more, from what is kept. */
export async function renew(): Promise<void> {
  const sources = await kept();
  await writeFile(DOCUMENT, withNumbers(await readFile(DOCUMENT, 'utf8'), sources));
  for (const [name, curves] of sources.curves) await writeFile(new URL(`${name}.svg`, CHARTS), curvesChart(curves));
}

async function keepCurves(name: string, curves: Curves): Promise<void> {
  await writeFile(new URL(`${name}.json`, FOLDER), `${JSON.stringify(curves, null, 2)}\n`);
}

function whereOf({ rounds: _rounds, seconds: _seconds, outcomes: _outcomes, ...where }: Results): Circumstances {
  return where;
}

/** Every run stays, also the second one of a commit and a day. */
export function freeName(base: string, isTaken: (name: string) => boolean): string {
  let name = `${base}.json`;
  for (let n = 2; isTaken(name); n++) name = `${base}-${n}.json`;
  return name;
}

/** The document with each benchmark's table in its place; what lies outside the marks stays as it is. */
export function withTables(document: string, results: Results): string {
  return results.outcomes.reduce((text, outcome) => withPart(text, `bench: ${outcome.name}`, section(outcome, results)), document);
}

export function withNumbers(document: string, sources: Sources): string {
  return withPart(document, 'bench: numbers', `\n${numbersTable(sources)}\n`);
}

/** What stands between `<!-- name -->` and `<!-- /name -->` anew. */
export function withPart(text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`BENCHMARKS.md has no place for ${name}: it needs the lines ${begin} and ${end}`);
  return `${text.slice(0, from)}${begin}\n${part}\n${text.slice(to)}`;
}

function section(outcome: Outcome, where: Results): string {
  const rounds = Math.max(...outcome.rows.map(({ rounds: { figure } }) => figure.length));
  const notes = outcome.notes.map((note) => `- ${note}`).join('\n');
  const chart = outcome.curves === undefined ? '' : `![${outcome.title}](docs/${outcome.name}.svg)\n\n`;
  return `\n${chart}${tableOf(outcome)}\n\n${notes}\n- ${rounds} round${rounds === 1 ? '' : 's'}. ${circumstancesText(where)}\n`;
}

interface Kept extends Sources {
  readonly curves: ReadonlyMap<string, Curves>;
}

/** Everything that runs have kept, oldest first. */
async function kept(): Promise<Kept> {
  const results: Results[] = [];
  const curves = new Map<string, Curves>();
  for (const name of (await namesIn(FOLDER)).filter((each) => each.endsWith('.json')).sort()) {
    const read = JSON.parse(await readFile(new URL(name, FOLDER), 'utf8')) as Partial<Results> & Partial<Curves>; // what we wrote, or of another kind
    if (read.curves !== undefined) curves.set(basename(name, '.json'), read as Curves);
    if (read.outcomes !== undefined && read.date !== undefined) results.push(read as Results);
  }
  const evaluations = new Map<string, Evaluation>();
  for (const data of EVALUATED) {
    const file = new URL(evaluationName(data), FOLDER);
    if (existsSync(file)) evaluations.set(data, JSON.parse(await readFile(file, 'utf8')) as Evaluation); // written by `trellis evaluate --json`
  }
  return { results: results.sort((a, b) => compared(a.at ?? a.date, b.at ?? b.date)), evaluations, curves };
}

function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function namesIn(folder: URL): Promise<readonly string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}
