// A real disk of a few megabytes that a test can fill: a tmpfs of its own, where the machine lets this process mount one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const canMount = ((): boolean => {
  try {
    unmount(mount('1m'));
    return true;
  } catch {
    // Not permitted, or there is no tmpfs here.
    return false;
  }
})();

export async function withSmallDisk<Answer>(size: string, use: (directory: string) => Promise<Answer>): Promise<Answer> {
  const directory = mount(size);
  try {
    return await use(directory);
  } finally {
    unmount(directory);
  }
}

function mount(size: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'trellis-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch (error) {
    rmSync(directory, { recursive: true });
    throw error;
  }
  return directory;
}

function unmount(directory: string): void {
  // Lazily: what a failed test has left open must not keep the folder.
  execFileSync('umount', ['--lazy', directory], { stdio: 'ignore' });
  rmSync(directory, { recursive: true });
}
