// A server in a container of Docker: how it is run in the foreground, killed, and cleared away.
import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run } from './installing.js';
import { LOOK_UP_MS_MAX } from './limits.js';
import type { GuardedCommand } from './guarded-process.js';

export interface ContainerOptions {
  readonly kind: string;
  /** With its tag. */
  readonly image: string;
  /** The same inside and outside, on the loopback address only. */
  readonly port: number;
  /** Where the image keeps data. */
  readonly data: string;
  /** A folder of this machine for it; undefined: a volume that goes with the server. */
  readonly folder: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
}

const WRITABLE_BY_ALL = 0o777;

export async function fetchImage(image: string): Promise<void> {
  if (!(await isFetched(image))) await run('docker', ['pull', '-q', image]);
}

/** Of an image that has been fetched. */
export async function container(options: ContainerOptions): Promise<Pick<GuardedCommand, 'command' | 'args' | 'killWith' | 'endWith'>> {
  const { folder } = options;
  // Images run as users of their own.
  if (folder !== undefined) await chmod(folder, WRITABLE_BY_ALL);
  return containerCommand(`trellis-${options.kind}-${randomUUID()}`, options);
}

/** `docker run` passes a polite end on to the server; a kill has to go to the container itself. */
export function containerCommand(name: string, { image, port, data, folder, env, args }: ContainerOptions): Pick<GuardedCommand, 'command' | 'args' | 'killWith' | 'endWith'> {
  const volume = folder === undefined ? name : resolve(folder);
  return {
    command: 'docker',
    args: [
      ...['run', '--rm', '--name', name, '-p', `127.0.0.1:${port}:${port}`, '-v', `${volume}:${data}`],
      ...Object.entries(env).flatMap(([variable, value]) => ['-e', `${variable}=${value}`]),
      ...[image, ...args],
    ],
    killWith: ['docker', 'rm', '-f', name],
    ...(folder === undefined ? { endWith: ['docker', 'volume', 'rm', '-f', name] } : {}),
  };
}

function isFetched(image: string): Promise<boolean> {
  return new Promise((answer) => {
    execFile('docker', ['image', 'inspect', image], { timeout: LOOK_UP_MS_MAX }, (error) => answer(error === null));
  });
}
