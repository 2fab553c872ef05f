// Up to where a log may be copied: everything durable that its writer tells of or, where nobody writes, everything that recovery keeps.
import { join } from 'node:path';
import { CLEAN_FILE, HEAD_FILE, readMarkFile, type DurableMark } from './durable-mark.js';
import { DataFolderError, DataHeldError } from './errors.js';
import { POLL_MS } from './limits.js';
import { NODE_PORTS, openEmbedded, type EmbeddedPorts } from './open-embedded.js';
import type { Torn } from './report.js';

export interface CopySource {
  /** The newest durable position, 0 for an empty log. */
  readonly position: number;
  /** What a crash had left, if this found it. */
  readonly torn: Torn | null;
}

/** The head is being written while it is read, perhaps: it is looked for so many times. */
const HEAD_TRIES_MAX = 100;

/**
 * The mark of a clean close stands only while nobody writes. Without it either somebody does, and publishes how far the log is
 * durable, or the last writer crashed: then the store is opened once, so that what is copied is what the next start goes on with.
 */
export async function copySource(directory: string, ports: EmbeddedPorts = NODE_PORTS): Promise<CopySource> {
  const { disk } = ports;
  const log = join(directory, 'log');
  if ((await disk.list(log)).length === 0) throw new DataFolderError(directory, 'it holds no log yet');
  const clean = await readMarkFile(disk, log, CLEAN_FILE);
  if (clean !== null) return { position: clean.position, torn: null };
  try {
    const { report, close } = await openEmbedded(directory, { ports });
    await close();
    if (report !== null) return { position: report.position, torn: report.torn };
  } catch (error) {
    if (!(error instanceof DataHeldError)) throw error;
  }
  return { position: (await publishedHead(directory, ports)).position, torn: null };
}

async function publishedHead(directory: string, { disk, scheduler }: EmbeddedPorts): Promise<DurableMark> {
  for (let tried = 1; tried <= HEAD_TRIES_MAX; tried++) {
    const head = await readMarkFile(disk, join(directory, 'log'), HEAD_FILE);
    if (head !== null) return head;
    await new Promise<void>((resolve) => void scheduler.later(POLL_MS, resolve));
  }
  throw new DataFolderError(directory, `a process has it open, but does not say up to where the log is durable: ${HEAD_FILE} cannot be read`);
}
