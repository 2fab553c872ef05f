// `npm run load`: starts what a suite needs, runs it with k6, says what came of it, stops what was started.
import { mkdir, writeFile } from 'node:fs/promises';
import { startDistributedTarget } from './distributed.js';
import { figures } from './figures.js';
import { k6 } from './k6.js';
import { HELP, optionsOf, UsageError, type Options } from './options.js';
import { pageOf } from './page.js';
import type { Result } from './result.js';
import { run } from './run.js';
import { renewTable } from './table.js';
import { runningAt, startEmbedded, type Target } from './target.js';

const RESULTS = new URL('../results/', import.meta.url);
/** As shells say it of a command that was interrupted. */
const INTERRUPTED = 130;

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
  const binary = k6();
  const target = await targetOf(options.target);
  try {
    const outcome = await run(options, { target, binary, signal: abort.signal, say });
    if (outcome === null) return INTERRUPTED;
    if (!options.isShort) await write(outcome.result);
    console.log(options.json ? JSON.stringify(outcome.result) : figures(outcome.result));
    return outcome.code;
  } finally {
    await target.stop();
  }
}

function targetOf(target: Options['target']): Promise<Target> | Target {
  if (target === 'embedded') return startEmbedded();
  return target === 'distributed' ? startDistributedTarget() : runningAt(target);
}

async function write(result: Result): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const file = new URL(`${result.suite}-${result.target}`, RESULTS);
  await writeFile(`${file.pathname}.json`, `${JSON.stringify(result, null, 1)}\n`);
  await writeFile(`${file.pathname}.html`, pageOf(result));
  // What runs elsewhere is of somebody else's machine.
  if (result.target !== 'elsewhere') await renewTable(RESULTS);
  say(`written: ${file.pathname}.json and .html, and its line in BENCHMARKS.md`);
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`load: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
