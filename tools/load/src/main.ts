// `npm run load`: starts what a suite needs, runs it with k6, says what came of it, stops what was started.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { k6, runK6 } from './k6.js';
import { HELP, optionsOf, UsageError, type Options } from './options.js';
import { figures, type Summary } from './figures.js';
import { startEmbedded, usageOf, type Target } from './target.js';
import { sampleWorld, seed } from './world.js';

const FOLDER = new URL('../', import.meta.url).pathname;
const SAMPLE_EVERY_MS = 1_000;
/** Samples of a run of a day. */
const SAMPLES_MAX = 100_000;

async function main(): Promise<number> {
  const options = optionsOf(process.argv.slice(2));
  if (options === 'help') {
    console.log(HELP);
    return 0;
  }
  const abort = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => abort.abort());
  const binary = k6();
  const work = mkdtempSync(join(tmpdir(), 'trellis-load-run-'));
  const target = options.target === 'embedded' ? await startEmbedded() : runningAt(options.target);
  try {
    return await loaded(options, { target, binary, work, signal: abort.signal });
  } finally {
    await target.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

function runningAt(url: URL): Target {
  return { url, pid: null, stop: () => Promise.resolve() };
}

async function loaded(options: Options, { target, binary, work, signal }: { readonly target: Target; readonly binary: string; readonly work: string; readonly signal: AbortSignal }): Promise<number> {
  const { suite } = options;
  const world = sampleWorld(options.learners);
  const { content: _, ...asked } = world;
  say(`${suite}: ${options.learners} learners get their histories`);
  const history = await seed(target.url, world);
  if (signal.aborted) return 130;
  const files = { world: join(work, 'world.json'), summary: join(work, 'summary.json') };
  writeFileSync(files.world, JSON.stringify(asked));
  say(`${suite}: ${options.warmupSeconds} s of warm-up, then ${options.seconds} s`);
  const samples: object[] = [];
  const start = performance.now();
  const sampling = setInterval(() => {
    if (target.pid !== null && samples.length < SAMPLES_MAX) samples.push({ second: Math.round((performance.now() - start) / 1_000), ...usageOf(target.pid) });
  }, SAMPLE_EVERY_MS);
  const url = target.url.origin;
  const code = await runK6(binary, join(FOLDER, 'k6', `${suite}.js`), {
    TRELLIS_INGEST_URL: url,
    TRELLIS_RECOMMENDER_URL: url,
    TRELLIS_WORLD: files.world,
    TRELLIS_SUMMARY: files.summary,
    TRELLIS_SEED: String(options.seed),
    TRELLIS_RUN: String(Date.now()),
    TRELLIS_RATE: String(options.rate),
    TRELLIS_SECONDS: String(options.seconds),
    TRELLIS_WARMUP_SECONDS: String(options.warmupSeconds),
    TRELLIS_SHORT: options.isShort ? '1' : '0',
  }, signal).finally(() => clearInterval(sampling));
  if (signal.aborted) return 130;
  const summary = JSON.parse(readFileSync(files.summary, 'utf8')) as Summary; // the script has just written it
  const result = { suite, options: { ...options, target: String(options.target) }, ...circumstances(binary), history, samples, ...summary };
  if (!options.isShort) {
    mkdirSync(join(FOLDER, 'results'), { recursive: true });
    writeFileSync(join(FOLDER, 'results', `${suite}-${options.target === 'embedded' ? 'embedded' : 'elsewhere'}.json`), `${JSON.stringify(result, null, 1)}\n`);
  }
  console.log(options.json ? JSON.stringify(result) : figures(summary));
  return code;
}

function circumstances(binary: string): object {
  const git = (...args: readonly string[]): string => execFileSync('git', [...args], { cwd: FOLDER, encoding: 'utf8' }).trim();
  const commit = ((): string => {
    try {
      return git('rev-parse', '--short', 'HEAD');
    } catch {
      // A copy without its history.
      return 'unknown';
    }
  })();
  const k6Version = execFileSync(binary, ['version'], { encoding: 'utf8' }).split(' ')[1];
  return { at: new Date().toISOString(), commit, node: process.version, k6: k6Version, processor: cpus()[0]?.model, cores: cpus().length };
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
