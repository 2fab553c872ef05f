// What the journeys need: a course to learn, services in this process and in others, folders that go away.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Engine } from '@trellis/engine';
import { IngestModule } from '@trellis/ingest';
import { RecommenderModule } from '@trellis/recommender';
import { createService, type Clock, type Service } from '@trellis/service';
import { LogLines, testConfig } from '@trellis/service/testing';

export const SKILLS = 5;
export const ITEMS_EACH = 6;

/** A chain of skills with items `s1-1`, `s1-2` and so on; the last item of each has no key. */
export function chain(changes: object = {}): object {
  const skills = Array.from({ length: SKILLS }, (_, at) => ({
    id: `s${at + 1}`, title: `Skill ${at + 1}`, prerequisites: at === 0 ? [] : [{ skill: `s${at}`, strength: at % 2 === 1 ? 'soft' : 'hard' }],
  }));
  const items = skills.flatMap(({ id }) => Array.from({ length: ITEMS_EACH }, (_, at) => ({
    id: `${id}-${at + 1}`, skills: [id], kind: 'practice', difficulty: at / 4 - 0.5, minutes: 1 + at, ...(at + 1 < ITEMS_EACH ? { key: { type: 'number', values: [String(at)] } } : {}),
  })));
  return { title: 'Chain', language: 'en', skills, items, objectives: [{ id: 'middle', title: 'Middle', skills: ['s3'] }], ...changes };
}

/** Ingest and recommender without anything that keeps rows current. */
@Module({})
class WithoutProjector {}

export function withoutProjector(ingest: Engine, recommender: Engine = ingest): DynamicModule {
  return { module: WithoutProjector, imports: [IngestModule.over(ingest), RecommenderModule.over(recommender)] };
}

export interface Running extends Service {
  readonly url: string;
}

/** On a port of the system's choice. Closes nothing that it was given. */
export async function listening(module: DynamicModule, clock?: Clock): Promise<Running> {
  const service = await createService(module, { name: 'e2e', config: testConfig(), logTo: new LogLines(), ...(clock === undefined ? {} : { clock }) });
  return { ...service, url: await service.listen() };
}

export interface Reply<Body> {
  readonly status: number;
  readonly text: string;
  readonly body: Body;
}

/** JSON over real HTTP; `Body` is the spec's own claim of what comes back. */
export async function call<Body = Readonly<Record<string, unknown>>>(method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown): Promise<Reply<Body>> {
  const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const answer = await fetch(url, { method, ...sent });
  const text = await answer.text();
  return { status: answer.status, text, body: JSON.parse(text) as Body };
}

const folders: string[] = [];

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'trellis-e2e-'));
  folders.push(made);
  return made;
}

export function removeFolders(): void {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
}

/** Asks until it is so; fails after a while rather than hang. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, secondsMax = 15): Promise<void> {
  for (const end = performance.now() + secondsMax * 1_000; performance.now() < end; ) {
    if (await isSo()) return;
    await pause(5);
  }
  throw new Error(`still not so after ${secondsMax} s: ${what}`);
}

export interface Process {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  /** Once it is ready. Throws if it ends before. */
  readonly url: () => Promise<string>;
  readonly exited: Promise<number | null>;
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const running = new Set<ChildProcess>();

/** `npm start` without npm. The environment is only what is given. */
export function startProcess(env: Readonly<Record<string, string>>, ...args: string[]): Process {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { TRELLIS_PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code))).finally(() => running.delete(child));
  const address = (): string | undefined => /open {2,}(http:\S+)\/docs/.exec(said.out)?.[1];
  return {
    child,
    exited,
    output: () => said.out,
    errors: () => said.err,
    url: async () => {
      await until('the service is ready', () => address() !== undefined || child.exitCode !== null);
      const url = address();
      if (url === undefined) throw new Error(`it ended with ${child.exitCode}: ${said.err}`);
      return url;
    },
    stop: (signal = 'SIGINT') => {
      child.kill(signal);
      return exited;
    },
  };
}

/** For a test that failed half way. */
export function endProcesses(): void {
  for (const child of running) child.kill('SIGKILL');
}
