// What a machine lacks, fetched once: Debian packages, and the jars of Kafka into a cache folder. One process at a time does it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { INSTALL_MS_MAX, LOG_LINES_SHOWN } from './limits.js';
import { KAFKA_VERSION, cacheFolder, kafkaJars } from './machine.js';
import { pause } from './running-server.js';

const POLICY_FILE = '/usr/sbin/policy-rc.d';
const POLICY = '#!/bin/sh\n# Trellis installs a package and starts its server itself.\nexit 101\n';
const LOCK_LOOK_MS = 100;
const OUTPUT_BYTES_MAX = 8_388_608;
const SQLITE_BUSY = 5;

/** A broker, and a logger that writes to standard error without a configuration of its own. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>trellis</groupId>
  <artifactId>kafka-jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;
const COPY_DEPENDENCIES = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

/** Installs Debian packages without letting them start their servers. */
export async function installPackages(packages: readonly string[], isThere: () => Promise<boolean>): Promise<void> {
  if (packages.length === 0) return;
  await alone(async () => {
    if (await isThere()) return;
    process.stderr.write(`Installing ${packages.join(' and ')} with apt-get ...\n`);
    await withoutDaemons(async () => {
      await run('apt-get', ['update', '-q']);
      await run('apt-get', ['install', '-q', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...packages]);
    });
  });
}

/** The folder of the jars. It is whole or absent: it gets its name when everything is in it. */
export async function fetchKafkaJars(): Promise<string> {
  const folder = kafkaJars();
  if (existsSync(folder)) return folder;
  await alone(async () => {
    if (existsSync(folder)) return;
    process.stderr.write(`Fetching the jars of Kafka ${KAFKA_VERSION} with Maven ...\n`);
    const unfinished = await mkdtemp(`${folder}-`);
    try {
      const pom = join(unfinished, 'pom.xml');
      await writeFile(pom, POM);
      await run('mvn', ['-q', '-B', '-f', pom, COPY_DEPENDENCIES, `-DoutputDirectory=${unfinished}`, '-DincludeScope=runtime']);
      await rename(unfinished, folder);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
  });
  return folder;
}

/** A package's server starts with it unless this file says no. One that was there before comes back. */
async function withoutDaemons(work: () => Promise<void>): Promise<void> {
  const before = existsSync(POLICY_FILE) ? await readFile(POLICY_FILE, 'utf8') : null;
  await writeFile(POLICY_FILE, POLICY, { mode: 0o755 });
  try {
    await work();
  } finally {
    // Ours: an earlier run was killed in the middle.
    if (before === null || before === POLICY) await rm(POLICY_FILE, { force: true });
    else await writeFile(POLICY_FILE, before);
  }
}

/** The kernel drops the lock with the process, however that ends. */
async function alone(work: () => Promise<void>): Promise<void> {
  const path = join(cacheFolder(), 'installing.lock');
  await mkdir(dirname(path), { recursive: true });
  const lock = new DatabaseSync(path);
  try {
    for (const limit = Date.now() + INSTALL_MS_MAX; !taken(lock); await pause(LOCK_LOOK_MS)) {
      if (Date.now() > limit) throw new Error(`${path}: another process has been installing for ${INSTALL_MS_MAX} ms`);
    }
    await work();
  } finally {
    lock.close();
  }
}

function taken(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}

export function run(program: string, args: readonly string[], limitMs = INSTALL_MS_MAX): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: limitMs, env, maxBuffer: OUTPUT_BYTES_MAX }, (error, out, err) => {
      if (error === null) return resolve();
      const said = `${out}\n${err}`.trim().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
      const how = error.killed === true ? `was ended after ${limitMs} ms` : `failed (${error.code ?? error.signal})`;
      reject(new Error(`${program} ${args.join(' ')} ${how}:\n${said}`, { cause: error }));
    });
  });
}
