// What every suite found when it last ran, as the table of BENCHMARKS.md.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { markdownTable, withPart } from '@trellis/bench';
import { SUITES } from './options.js';
import { batchOf, decimal, judgementsOf, NONE, partName, type Judgement } from './page-words.js';
import type { Result } from './result.js';

const DOCUMENT = new URL('../../../BENCHMARKS.md', import.meta.url);
const HEAD = ['suite', 'target', 'load', 'found', 'held', 'when'];
/** What holds without saying anything about speed. */
const PLAIN = ['http_reqs', 'http_req_failed', 'checks', 'dropped_iterations'];

/** Of the results that lie in a folder. */
export async function renewTable(folder: URL): Promise<void> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const results = await Promise.all(files.map(async (name) => JSON.parse(await readFile(new URL(name, folder), 'utf8')) as Result)); // what `write` wrote
  await writeFile(DOCUMENT, withPart(await readFile(DOCUMENT, 'utf8'), 'load: results', `\n${tableOf(results)}\n`));
}

export function tableOf(results: readonly Result[]): string {
  const place = ({ suite, target }: Result): string => `${SUITES.indexOf(suite)} ${target === 'embedded' ? 0 : target}`;
  const sorted = results.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  return markdownTable([HEAD, ...sorted.map(cellsOf)]);
}

function cellsOf(result: Result): readonly string[] {
  const { suite, target, isKurrentDouble, rate, seconds, learners, at, commit } = result;
  const judged = judgementsOf(result);
  const broken = judged.filter(({ ok }) => !ok);
  return [
    `[${suite}](tools/load/results/${suite}-${target}.html)`,
    isKurrentDouble ? `${target}, KurrentDB as a protocol double` : target,
    `${decimal(rate)}/s, ${decimal(seconds)} s, ${decimal(learners)} learners`,
    foundIn(result, judged).join('; '),
    judged.length === 0 ? NONE : broken.length === 0 ? `all ${judged.length}` : `missed: ${broken.map(({ what, limit, value }) => `${what} ${value}, not ${limit}`).join('; ')}`,
    `${at.slice(0, 10)}, ${commit}`,
  ];
}

function foundIn({ figures, parts }: Result, judged: readonly Judgement[]): readonly string[] {
  const said = judged.filter(({ ok, metric }) => ok && !PLAIN.some((name) => metric.startsWith(name))).map(({ what, limit, value }) => `${what}: ${value} (${limit})`);
  const batches = parts.filter((part) => batchOf(part.name) !== null).map((part) => `${partName(part)}: ${decimal(part.eventsPerSecond)} events/s, p99 ${decimal(part.p99Ms, 1)} ms`);
  // What was judged is said by its judgement.
  const others = figures.filter(({ name }) => !judged.some(({ what }) => what.startsWith(name))).map(({ name, value, unit }) => `${name}: ${decimal(value, 3)} ${unit}`.trimEnd());
  return [...said, ...batches, ...others];
}
