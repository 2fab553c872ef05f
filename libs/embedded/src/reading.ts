// A data folder for those who only read its history, beside whoever writes it, now or later.
import { join } from 'node:path';
import { CLEAN_FILE, HEAD_FILE, readMarkFile } from './durable-mark.js';
import { DamageError, DataFolderError, DataHeldError } from './errors.js';
import { NODE_PORTS, openEmbedded, type Embedded, type EmbeddedPorts } from './open-embedded.js';

/**
 * Read-only, up to the published head. What a crash left behind that is made durable first, as any opening does, because nothing
 * may be shown that could be gone tomorrow. Where that is not possible, the history ends with what is known to be durable.
 */
export async function openForReading(directory: string, options: { readonly ports?: Partial<EmbeddedPorts> } = {}): Promise<Embedded> {
  const ports = { ...NODE_PORTS, ...options.ports };
  if ((await ports.disk.list(join(directory, 'log'))).length === 0) throw new DataFolderError(directory, 'it holds no log yet');
  if (!(await isSettled(directory, ports))) await settle(directory, ports);
  return openEmbedded(directory, { readOnly: true, ports });
}

/** The last stop was a clean one, and its head is published. */
async function isSettled(directory: string, { disk }: EmbeddedPorts): Promise<boolean> {
  const [clean, head] = await Promise.all([CLEAN_FILE, HEAD_FILE].map((name) => readMarkFile(disk, join(directory, 'log'), name)));
  return clean !== null && clean?.position === head?.position;
}

async function settle(directory: string, ports: EmbeddedPorts): Promise<void> {
  try {
    await (await openEmbedded(directory, { ports })).close();
  } catch (error) {
    // Held: whoever holds it has done it. Damaged or read-only: what is known to be durable can be read all the same.
    if (!(error instanceof DataHeldError || error instanceof DamageError || error instanceof DataFolderError)) throw error;
  }
}
