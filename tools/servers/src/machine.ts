// What a machine offers for running servers: variables, programs, Docker, Java, and the right to install packages.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { LOOK_UP_MS_MAX } from './limits.js';

export interface Machine {
  /** The value of a variable; null if it is absent or empty. */
  variable(name: string): string | null;
  /** The path of a program; null if there is none. */
  program(name: string): string | null;
  readonly isRoot: boolean;
  /** Whether a Docker engine answers, not merely its client. */
  hasDocker(): Promise<boolean>;
  /** The major version of `java`; null if there is none. */
  javaVersion(): Promise<number | null>;
  /** Whether the jars of Kafka are in the cache already. */
  hasKafkaJars(): boolean;
}

export const KAFKA_VERSION = '4.1.0';

export const thisMachine: Machine = {
  variable: (name) => process.env[name] || null,
  program: (name) => {
    const paths = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
    // Debian keeps servers there, and the PATH of an ordinary user leaves it out.
    return [...paths, '/usr/sbin'].map((folder) => join(folder, name)).find(isExecutable) ?? null;
  },
  isRoot: process.getuid?.() === 0,
  hasDocker: async () => thisMachine.program('docker') !== null && (await output('docker', ['version', '--format', '{{.Server.Version}}'])) !== null,
  javaVersion: async () => {
    if (thisMachine.program('java') === null) return null;
    const version = /version "(?:1\.)?(\d+)/.exec((await output('java', ['-version'])) ?? '');
    return version === null ? null : Number(version[1]);
  },
  hasKafkaJars: () => existsSync(kafkaJars()),
};

export function cacheFolder(): string {
  return join(thisMachine.variable('XDG_CACHE_HOME') ?? join(homedir(), '.cache'), 'trellis');
}

export function kafkaJars(): string {
  return join(cacheFolder(), `kafka-${KAFKA_VERSION}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there, or not a program for this user.
    return false;
  }
}

/** What it printed, on either stream; null when it failed. */
function output(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: LOOK_UP_MS_MAX }, (error, out, err) => resolve(error === null ? out + err : null));
  });
}
