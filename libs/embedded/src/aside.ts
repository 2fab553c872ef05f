// Keeps a copy of a damaged file beside it. A rename would be cheaper, and a crash right behind it would leave no file of the name.
import { basename, dirname, join } from 'node:path';
import type { Disk, DiskFile } from './disk.js';
import { PAGE_BYTES } from './limits.js';

/** Durable when this resolves. A copy that is there already, with the same bytes, is not made again. */
export async function keepAside(disk: Disk, path: string): Promise<string> {
  const directory = dirname(path);
  const names = await disk.list(directory);
  let name = `${basename(path)}.damaged`;
  for (let n = 2; names.includes(name); n++) {
    if (await isSame(disk, path, join(directory, name))) return join(directory, name);
    name = `${basename(path)}.${n}.damaged`;
  }
  const made = join(directory, `${name}.new`);
  await disk.remove(made);
  await withFiles(disk, path, [made, 'create'], async (from, to) => {
    await eachPage(from, (bytes, at) => to.write(bytes, at));
    await to.sync();
  });
  await disk.rename(made, join(directory, name));
  await disk.syncDirectory(directory);
  return join(directory, name);
}

async function isSame(disk: Disk, path: string, other: string): Promise<boolean> {
  let same = true;
  await withFiles(disk, path, [other, 'read'], async (one, two) => {
    same = (await one.size()) === (await two.size());
    if (!same) return;
    await eachPage(one, async (bytes, at) => {
      const others = new Uint8Array(bytes.length);
      await two.read(others, at);
      if (Buffer.compare(bytes, others) !== 0) same = false;
    });
  });
  return same;
}

async function withFiles(disk: Disk, from: string, [to, mode]: readonly [string, 'read' | 'create'], work: (from: DiskFile, to: DiskFile) => Promise<void>): Promise<void> {
  const one = await disk.open(from, 'read');
  try {
    const two = await disk.open(to, mode);
    try {
      await work(one, two);
    } finally {
      await two.close();
    }
  } finally {
    await one.close();
  }
}

async function eachPage(file: DiskFile, visit: (bytes: Uint8Array, at: number) => Promise<void>): Promise<void> {
  const bytes = new Uint8Array(PAGE_BYTES);
  for (let at = 0; ; at += PAGE_BYTES) {
    const count = await file.read(bytes, at);
    if (count > 0) await visit(bytes.subarray(0, count), at);
    if (count < PAGE_BYTES) return;
  }
}
