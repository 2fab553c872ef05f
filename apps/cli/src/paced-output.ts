// Writes no faster than the reader takes it.
import { EventEmitter, once } from 'node:events';
import type { Output } from './io.js';

/** Resolves when there is room for more, or at the signal. */
export async function writePaced(output: Output, text: string, signal: AbortSignal): Promise<void> {
  if (output.write(text) !== false || !(output instanceof EventEmitter) || signal.aborted) return;
  await once(output, 'drain', { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
