// Where `--report` goes. Whether it can go there is found out before the work, not after it.
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Failure, whyNotRead } from './failure.js';
import type { Io } from './io.js';

export function reportPath(report: string, { cwd }: Pick<Io, 'cwd'>): string {
  const path = resolve(cwd, report);
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw whyNotRead(dirname(path), error);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new Failure(`--report: ${path} is a folder; name a file`);
  return path;
}

export function writeReport(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw whyNotRead(path, error);
  }
}
