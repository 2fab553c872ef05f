// Data folders for tests, removed when the test is over.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'trellis-embedded-'));
}

export async function withFolder<Answer>(use: (directory: string) => Promise<Answer>): Promise<Answer> {
  const directory = await temporaryFolder();
  try {
    return await use(directory);
  } finally {
    await removeFolder(directory);
  }
}

export function removeFolder(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}
