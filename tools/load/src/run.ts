// One suite against one target: learners get their histories, k6 loads, samples are taken, the result is judged.
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { isAnswer, missingOf } from './acknowledged.js';
import { judged } from './judging.js';
import { runK6, THRESHOLD_BROKEN } from './k6.js';
import type { Options } from './options.js';
import type { Circumstances, Result, Sample, Summary } from './result.js';
import { sampling, type TimedSample } from './sampling.js';
import type { Target } from './target.js';
import { sampleWorld, seed } from './world.js';

export interface Means {
  readonly target: Target;
  /** Of k6. */
  readonly binary: string;
  readonly signal: AbortSignal;
  readonly say: (sentence: string) => void;
}

interface Told extends Summary {
  /** When the load began, in milliseconds since 1970. */
  readonly begunAt: number;
}

interface Outcome {
  readonly result: Result;
  /** 0, or 99 where a threshold did not hold. */
  readonly code: number;
}

const TOLD_MAX = 5;
const SYNC_MS_MAX = 120_000;
const FOLDER = new URL('../', import.meta.url).pathname;

/** Null if it was aborted. */
export async function run(options: Options, { target, binary, signal, say }: Means): Promise<Outcome | null> {
  const { suite, learners, rate, seconds, warmupSeconds, isShort } = options;
  const work = mkdtempSync(join(tmpdir(), 'trellis-load-run-'));
  try {
    const world = sampleWorld(learners);
    say(`${suite}: ${learners} learners get their histories`);
    const history = await seed(target, world);
    if (signal.aborted) return null;
    // Or the disk would still be writing the histories while it is asked to make answers durable.
    if (target.pids.length > 0) execFileSync('sync', { timeout: SYNC_MS_MAX });
    const { content: _, ...asked } = world;
    const files = { world: join(work, 'world.json'), summary: join(work, 'summary.json'), lines: join(work, 'lines.txt'), errors: join(work, 'errors.txt') };
    writeFileSync(files.world, JSON.stringify(asked));
    for (const file of [files.lines, files.errors]) writeFileSync(file, '');
    say(`${suite}: ${warmupSeconds} s of warm-up, then ${seconds} s`);
    const samples = sampling(target);
    const env = environment(options, target, files);
    const k6Code = await runK6(binary, join(FOLDER, 'k6', `${suite}.js`), { env, lines: files.lines, errors: files.errors, signal }).finally(() => samples.end());
    if (signal.aborted) return null;
    for (const file of [files.errors, files.lines]) await tell(linesOf(file), say);
    if (k6Code !== 0 && k6Code !== THRESHOLD_BROKEN) throw new Error(`k6 ended with exit code ${k6Code}`);
    const { begunAt, ...summary } = JSON.parse(readFileSync(files.summary, 'utf8')) as Told; // the script has just written it
    const since = sinceBegin(await samples.end(), begunAt);
    const found = suite === 'overload' ? await missingOf(await addressAfter(target, say), linesOf(files.lines)) : null;
    const more = judged(summary, { samples: since, found, isEmbedded: target.label === 'embedded' });
    // Times, and memory with them, say nothing in seconds on a machine that does other things too.
    const late = more.thresholds.filter(({ threshold }) => !isShort || threshold === 'count==0');
    const code = late.every(({ ok }) => ok) ? k6Code : THRESHOLD_BROKEN;
    const result: Result = {
      ...summary,
      ...circumstancesOf(binary),
      command: commandOf(options),
      target: target.label,
      isKurrentDouble: target.isKurrentDouble,
      rate,
      seconds,
      warmupSeconds,
      learners,
      seed: options.seed,
      isShort,
      history,
      parts: more.parts,
      figures: [...summary.figures, ...more.figures],
      thresholds: [...summary.thresholds, ...late],
      samples: since,
    };
    return { result, code };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The first things that went wrong. */
async function tell(lines: Interface, say: Means['say']): Promise<void> {
  let told = 0;
  for await (const line of lines) {
    if (!isAnswer(line) && ++told <= TOLD_MAX) say(line);
  }
}

function linesOf(file: string): Interface {
  return createInterface({ input: createReadStream(file) });
}

/** What is acknowledged must outlive the process, where that can be tried. */
async function addressAfter({ url, crash }: Target, say: Means['say']): Promise<URL> {
  if (crash === undefined) return url;
  say('overload: the service is killed and started again; every acknowledged answer is looked for');
  return crash();
}

function environment({ suite, rate, seconds, warmupSeconds, seed: seeded, isShort }: Options, { url, direct, label }: Target, files: { readonly world: string; readonly summary: string }): Readonly<Record<string, string>> {
  return {
    TRELLIS_INGEST_URL: (direct?.ingest ?? url).origin,
    TRELLIS_RECOMMENDER_URL: (direct?.recommender ?? url).origin,
    TRELLIS_WORLD: files.world,
    TRELLIS_SUMMARY: files.summary,
    TRELLIS_SEED: String(seeded),
    TRELLIS_RUN: `${suite}-${Date.now().toString(36)}`,
    TRELLIS_TARGET: label,
    TRELLIS_RATE: String(rate),
    TRELLIS_SECONDS: String(seconds),
    TRELLIS_WARMUP_SECONDS: String(warmupSeconds),
    TRELLIS_SHORT: isShort ? '1' : '0',
  };
}

function sinceBegin(samples: readonly TimedSample[], begunAt: number): readonly Sample[] {
  // k6 reads its scripts first.
  return samples.map(({ atMs, ...sample }) => ({ second: Math.round((atMs - begunAt) / 1_000), ...sample })).filter(({ second }) => second >= 0);
}

function commandOf({ suite, target, rate, seconds, learners, seed: seeded, isShort }: Options): string {
  return `npm run load -- ${suite} --target ${typeof target === 'string' ? target : '<address>'} --rate ${rate} --seconds ${seconds} --learners ${learners} --seed ${seeded}${isShort ? ' --short' : ''}`;
}

function circumstancesOf(binary: string): Circumstances {
  const [{ model } = { model: 'unknown' }] = cpus();
  const k6 = execFileSync(binary, ['version'], { encoding: 'utf8' }).split(' ')[1] ?? 'unknown';
  return { at: new Date().toISOString(), commit: commit(), node: process.version, k6, processor: model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30) };
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: FOLDER, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    // A copy without its history.
    return 'unknown';
  }
}
