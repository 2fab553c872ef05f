// What a command works on: a data folder, or a running engine.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataHeldError, openConfigured, openEngine, type Engine } from '@trellis/engine';
import { keepHeapSmall, readConfig } from '@trellis/service';
import { Failure, wrongUsage } from './failure.js';
import type { Io } from './io.js';
import { ServiceClient } from './service-client.js';

export interface TargetOptions {
  readonly data?: string;
  readonly url?: string;
  readonly key?: string;
}

export const DATA_FOLDER = './.trellis';

/** The running engine that was named, or null where a data folder is meant. */
export function clientOf({ data, url, key }: TargetOptions, { env, signal }: Io): ServiceClient | null {
  const secret = key ?? env['TRELLIS_KEY'];
  if (url !== undefined && data !== undefined) throw wrongUsage('--data and --url exclude each other: name the folder or the running engine');
  if (url === undefined && key !== undefined) throw wrongUsage('--key goes with --url: a data folder has no keys');
  return url === undefined ? null : new ServiceClient({ url, signal, ...(secret === undefined || secret === '' ? {} : { key: secret }) });
}

export function dataFolder({ data }: TargetOptions, { env, cwd }: Io): string {
  return resolve(cwd, data ?? (env['TRELLIS_DATA'] || DATA_FOLDER));
}

export type Opening =
  /** As the one writer; the folder is made if it is not there. */
  | 'make'
  /** As the one writer of a folder that is there. */
  | 'write'
  /** As the one writer, or beside it. */
  | 'read';

/** Opens the engine of the folder, or of the servers that TRELLIS_STORE names, for as long as `work` takes. */
export async function onEngine<Result>(options: TargetOptions, io: Io, opening: Opening, work: (engine: Engine) => Promise<Result>): Promise<Result> {
  keepHeapSmall();
  if (options.data === undefined && io.env['TRELLIS_STORE'] === 'kurrent') return onServers(io, work);
  const folder = dataFolder(options, io);
  if (opening !== 'make' && !existsSync(folder)) throw new Failure(`there is no data in ${folder}: import something, or name another folder with --data`);
  const engine = await openFolder(folder, io, opening);
  const torn = engine.opened?.torn ?? null;
  if (torn !== null) io.stderr.write(`trellis: a crash had left ${torn.bytes} unfinished bytes at the end of the log; they were never acknowledged and are kept in ${torn.file}\n`);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

/** On KurrentDB and Redis, as one process among those that run there. */
async function onServers<Result>({ env, now }: Io, work: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await openConfigured(readConfig(env), { now });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

async function openFolder(folder: string, { now }: Io, opening: Opening): Promise<Engine> {
  try {
    return await openEngine(folder, { now });
  } catch (error) {
    if (!(error instanceof DataHeldError)) throw error;
    if (opening === 'read') return openEngine(folder, { now, readOnly: true });
    const holder = error.pid === null ? 'another process' : `process ${error.pid}`;
    throw new Failure(`${folder} is held by ${holder}, and only one may write: send it there with --url http://127.0.0.1:7077, or stop that process`);
  }
}
