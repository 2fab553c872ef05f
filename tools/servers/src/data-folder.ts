// Where a server keeps its data: the folder that is given, or a temporary one.
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface DataFolder {
  readonly path: string;
  readonly isTemporary: boolean;
}

export async function dataFolder(server: string, given: string | undefined): Promise<DataFolder> {
  if (given === undefined) return { path: await mkdtemp(join(tmpdir(), `trellis-${server}-`)), isTemporary: true };
  await mkdir(given, { recursive: true });
  return { path: resolve(given), isTemporary: false };
}
