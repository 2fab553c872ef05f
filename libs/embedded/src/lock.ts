// One writer: an exclusive transaction of SQLite on an empty file. The kernel holds its lock and drops it with the
// process, however that ends; SQLite also keeps two openings in one process apart, which a plain fcntl lock does not.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataFolderError, DataHeldError } from './errors.js';

export interface Lock {
  release(): void;
}

const LOCK_FILE = 'lock.sqlite';
const HOLDER_FILE = 'holder.pid';
const SQLITE_BUSY = 5;

/** Makes the folder if needed. Throws `DataHeldError` or `DataFolderError`. */
export function lockDirectory(directory: string): Lock {
  try {
    makeFolder(resolve(directory));
  } catch (error) {
    throw new DataFolderError(directory, reason(error), error);
  }
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(join(directory, LOCK_FILE));
    database.exec('BEGIN EXCLUSIVE');
    // For the message of whoever comes second; the lock itself does not depend on it.
    writeFileSync(join(directory, HOLDER_FILE), `${process.pid}\n`);
  } catch (error) {
    database?.close();
    if (isBusy(error)) throw new DataHeldError(directory, holder(directory));
    throw new DataFolderError(directory, reason(error), error);
  }
  const held = database;
  return { release: () => held.close() };
}

/** With its parents, each durable in its own. Node's own recursive way never ends where a file system says that a folder's parent is missing though it is there, as /proc does. */
function makeFolder(path: string): void {
  try {
    makeOne(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code === 'EEXIST') throw new Error('it is a file and no folder', { cause: error });
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    makeFolder(parent);
    makeOne(path);
  }
}

function makeOne(path: string): void {
  mkdirSync(path);
  const parent = openSync(dirname(path), 'r');
  try {
    fsyncSync(parent);
  } finally {
    closeSync(parent);
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function holder(directory: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(join(directory, HOLDER_FILE), 'utf8'), 10);
    return Number.isSafeInteger(pid) ? pid : null;
  } catch {
    // The holder has not come to write it yet; the message does without.
    return null;
  }
}

function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function reason(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
