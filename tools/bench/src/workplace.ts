// Where a bench works, and what must not outlive it: child processes, each ended by its own id, and temporary folders.
import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Asked to stop, a child has this long before it is killed. */
const STOP_MS_MAX = 10_000;
const START_MS_MAX = 60_000;
const TAIL_CHARACTERS = 4_000;

export interface ChildOptions {
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArgs?: readonly string[];
}

/** A child that says what it found, one line of JSON for each thing. */
export interface Worker {
  readonly pid: number;
  /** The next line, or null once it has ended well; throws with what it wrote to its standard error if it did not. */
  line(): Promise<string | null>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

export interface Child {
  /** Where it listens, as it said itself. */
  readonly url: URL;
  readonly pid: number;
  /** Ends it; resolves once it is gone. */
  stop(): Promise<void>;
}

export class Workplace {
  private readonly children = new Map<ChildProcess, Promise<void>>();
  private readonly folders: string[] = [];
  private closing: Promise<void> | null = null;

  /** `profiles`: a folder for what `--cpu-prof` of Node writes about children that are `profiled`, or null. */
  constructor(readonly profiles: string | null = null) {}

  folder(): string {
    const made = mkdtempSync(join(tmpdir(), 'trellis-bench-'));
    this.folders.push(made);
    return made;
  }

  /** Starts a Node script that prints the address it listens on. */
  async start(options: ChildOptions): Promise<Child> {
    const { child, ended } = this.spawn(options);
    const url = await said(child, /http:\/\/127\.0\.0\.1:\d+/);
    return { url: new URL(url), pid: child.pid ?? 0, stop: () => stop(child, ended) };
  }

  /** Starts a Node script that does its work and ends. */
  work(options: ChildOptions): Worker {
    const { child, ended } = this.spawn(options);
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString()).slice(-TAIL_CHARACTERS);
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      pid: child.pid ?? 0,
      line: async () => {
        const { done, value } = await lines.next();
        if (done !== true) return value;
        await ended;
        if (child.exitCode === 0 || child.signalCode === 'SIGKILL') return null;
        throw new Error(`${options.script} ${(options.args ?? []).join(' ')} ended with ${child.exitCode ?? child.signalCode}: ${errors}`);
      },
      kill: async () => {
        child.kill('SIGKILL');
        await ended;
      },
    };
  }

  private spawn({ script, args = [], env = {}, nodeArgs = [] }: ChildOptions): { readonly child: ChildProcessByStdio<null, Readable, Readable>; readonly ended: Promise<void> } {
    if (this.closing !== null) throw new Error('the bench is stopping');
    const child = spawn(process.execPath, [...nodeArgs, script, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<void>((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    this.children.set(child, ended);
    void ended.then(() => this.children.delete(child));
    return { child, ended };
  }

  /** Safe to call more than once, and at any time. */
  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    await Promise.all([...this.children].map(([child, ended]) => stop(child, ended)));
    for (const folder of this.folders) rmSync(folder, { recursive: true, force: true });
  }
}

/** The first match in what a child prints. Afterwards its output is read and thrown away, or the pipe would fill up. */
function said(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string): void => reject(new Error(`${child.spawnargs.at(-1)} ${why}: ${text.slice(-TAIL_CHARACTERS)}`));
    const timer = setTimeout(() => fail('did not say where it listens'), START_MS_MAX);
    const hear = (chunk: Buffer): void => {
      text = (text + chunk.toString()).slice(-TAIL_CHARACTERS);
      const found = pattern.exec(text)?.[0];
      if (found === undefined) return;
      settle();
      resolve(found);
    };
    const end = (): void => {
      settle();
      fail('ended');
    };
    const settle = (): void => {
      clearTimeout(timer);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', hear).resume();
      child.off('close', end);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', hear);
    child.once('close', end);
    child.once('error', (error) => {
      settle();
      reject(error);
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return ended;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}
