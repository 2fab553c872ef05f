// What the specs of this app need: the real commands in this process, folders that go away, a running engine.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openEngine, type Engine } from '@trellis/engine';
import { IngestModule } from '@trellis/ingest';
import { ProjectorModule } from '@trellis/projector';
import { RecommenderModule } from '@trellis/recommender';
import { createService, type Config, type Service } from '@trellis/service';
import { LogLines, testConfig } from '@trellis/service/testing';
import type { Io } from './io.js';
import { run } from './run.js';

const folders: string[] = [];

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'trellis-cli-'));
  folders.push(made);
  return made;
}

export function removeFolders(): void {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
}

export async function all<Element>(source: AsyncIterable<Element>): Promise<Element[]> {
  const elements: Element[] = [];
  for await (const element of source) elements.push(element);
  return elements;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What stands on standard output, which is one JSON object. `Body` is the spec's own claim of what it holds. */
  json<Body = Readonly<Record<string, unknown>>>(): Body;
}

export interface Place {
  readonly cwd: string;
  /** Runs a command in the folder. Its data lie in `.trellis` unless the command says otherwise. */
  trellis(words: readonly string[], changes?: Partial<Io>): Promise<Ran>;
  /** Writes a file and answers its path; packed if it is to be. */
  file(name: string, text: string | Uint8Array, packing?: 'gzip'): string;
  /** The engine on the folder's data, for as long as the spec looks. */
  look<Result>(at: (engine: Engine) => Promise<Result>): Promise<Result>;
  /** Resolves when other processes see everything that the engine has acknowledged, which takes some milliseconds. */
  published(engine: Engine): Promise<void>;
}

export function place(): Place {
  const cwd = folder();
  return {
    cwd,
    async trellis(words, changes = {}) {
      const written = { out: '', err: '' };
      const io: Io = {
        stdout: { write: (text) => (written.out += text) },
        stderr: { write: (text) => (written.err += text) },
        env: {},
        cwd,
        now: Date.now,
        signal: new AbortController().signal,
        ...changes,
      };
      const code = await run(words, io);
      return { code, ...written, json: <Body>() => JSON.parse(written.out) as Body };
    },
    file(name, text, packing) {
      const path = join(cwd, name);
      writeFileSync(path, packing === 'gzip' ? gzipSync(text) : text);
      return path;
    },
    async published({ sources }) {
      for (const acknowledged = await sources.store.lag(null); ; ) {
        const reader = await openEngine(join(cwd, '.trellis'), { now: Date.now, readOnly: true });
        const seen = await reader.sources.store.lag(null);
        await reader.close();
        if (seen >= acknowledged) return;
      }
    },
    async look(at) {
      const engine = await openEngine(join(cwd, '.trellis'), { now: Date.now });
      try {
        return await at(engine);
      } finally {
        await engine.close();
      }
    },
  };
}

/** A course with the items q1 to q4. */
export const ALGEBRA = {
  title: 'Algebra',
  language: 'en',
  skills: [
    { id: 'sums', title: 'Sums', prerequisites: [] },
    { id: 'products', title: 'Products', prerequisites: [{ skill: 'sums', strength: 'hard' }] },
  ],
  items: [
    { id: 'q1', skills: ['sums'], kind: 'practice' },
    { id: 'q2', skills: ['sums'], kind: 'practice' },
    { id: 'q3', skills: ['products'], kind: 'practice' },
    { id: 'q4', skills: ['sums', 'products'], kind: 'practice' },
  ],
  objectives: [],
};

/** The folder with the course published. */
export async function algebra(): Promise<Place> {
  const made = place();
  const ran = await made.trellis(['course', 'publish', made.file('algebra.json', JSON.stringify(ALGEBRA))]);
  if (ran.code !== 0) throw new Error(ran.err);
  return made;
}

class Services {}

/** The three services over a data folder, on a port of the system's choice. */
export async function serving(data: string, config: Partial<Config> = {}): Promise<Service & { readonly url: string; readonly engine: Engine }> {
  const engine = await openEngine(data, { now: Date.now });
  const modules = { module: Services, imports: [IngestModule.over(engine), ProjectorModule.over(engine), RecommenderModule.over(engine)] };
  const service = await createService(modules, { name: 'cli-spec', config: testConfig(config), logTo: new LogLines(), close: () => engine.close() });
  return { ...service, engine, url: await service.listen() };
}
