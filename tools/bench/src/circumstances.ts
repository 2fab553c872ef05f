// What a figure is worth nothing without: when, where, and of which state of the code.
import { execFile } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { promisify } from 'node:util';
import type { Curve, Outcome } from './benchmark.js';

export interface Circumstances {
  /** Of the day, UTC. */
  readonly date: string;
  /** The moment, UTC, which puts runs of a day in order. Absent in the oldest. */
  readonly at?: string;
  readonly commit: string;
  /** True: files differed from the commit. */
  readonly changed: boolean;
  readonly command: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly os: string;
  /** Of the minute before: above 0.5 something else had the machine too. */
  readonly loadBefore: number;
}

/** One run. */
export interface Results extends Circumstances {
  readonly rounds: number;
  readonly seconds: number;
  readonly outcomes: readonly Outcome[];
}

/** What grows, as a chart is drawn from it. */
export interface Curves extends Circumstances {
  readonly title: string;
  readonly curves: readonly Curve[];
}

export async function circumstances(args: readonly string[], now: Date): Promise<Circumstances> {
  const [processor] = cpus();
  const status = await git(['status', '--porcelain']);
  return {
    date: now.toISOString().slice(0, 10),
    at: now.toISOString(),
    commit: (await git(['rev-parse', '--short=8', 'HEAD'])) ?? 'unknown',
    changed: status !== '',
    command: ['npm run bench', ...(args.length === 0 ? [] : ['--', ...args])].join(' '),
    processor: processor?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    os: `${type()} ${release().split('-')[0]}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** One line for people. */
export function circumstancesText({ date, commit, changed, command, processor, cores, memoryGiB, node, os, loadBefore }: Circumstances): string {
  return `${date}, commit ${commit}${changed ? ' with changes' : ''}; ${processor}, ${cores} cores, ${memoryGiB} GiB; Node ${node}, ${os}; load ${loadBefore} before; \`${command}\``;
}

/** Null outside a repository, or without git. */
async function git(args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', [...args], { cwd: new URL('.', import.meta.url) });
    return stdout.trim();
  } catch {
    return null;
  }
}
