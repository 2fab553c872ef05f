// The guardian of one server: starts, stops and kills it as its standard input says, and when that closes - the process at the other
// end stopped, crashed or was killed - kills the server and removes what was temporary.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { GuardedCommand } from './guarded-process.js';

const COMMAND_MS_MAX = 30_000;
const REMOVE_TRIES_MAX = 10;

const { command, args, log, temporaryFolder, killWith, endWith }: GuardedCommand = JSON.parse(process.argv[2] ?? '');
let server: ChildProcess | null = null;
let isEnding = false;

function start(): void {
  if (server !== null) return;
  const out = openSync(log, 'a');
  const child = spawn(command, args, { stdio: ['ignore', out, out] });
  closeSync(out);
  server = child;
  child.on('spawn', () => say(`started ${child.pid}`));
  child.on('error', (error) => ended(child, `${command}: ${error.message}`));
  child.on('exit', (code, signal) => ended(child, signal ?? `exit code ${code}`));
}

function ended(child: ChildProcess, how: string): void {
  if (server !== child) return;
  server = null;
  say(`ended ${how}`);
  if (isEnding) finish();
}

function kill(): void {
  if (server === null) return;
  if (killWith !== undefined) run(killWith);
  else server.kill('SIGKILL');
}

function end(): void {
  if (isEnding) return;
  isEnding = true;
  if (server === null) finish();
  else kill();
}

function finish(): never {
  if (endWith !== undefined) run(endWith);
  if (temporaryFolder !== null) rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: REMOVE_TRIES_MAX });
  process.exit(0);
}

function run([program = '', ...rest]: readonly string[]): void {
  spawnSync(program, rest, { stdio: 'ignore', timeout: COMMAND_MS_MAX });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Whoever listened may be gone; the closed input says so too.
process.stdout.on('error', () => undefined);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line === 'start') start();
    if (line === 'stop') server?.kill('SIGTERM');
    if (line === 'kill') kill();
  })
  .on('close', end);
