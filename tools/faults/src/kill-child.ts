// The process that is killed: opens the store of a folder and works on it until its end. Says everything that it is told by
// the store only once it was told, and everything that it sends before it sends it.
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEmbedded } from '@trellis/embedded';
import { textOfLine, type Line, type Orders } from './kill-lines.js';
import { KILL_STORE } from './kill-store.js';
import { begin } from './kill-work.js';

const STDOUT = 1;
/** A full pipe is tried again after a moment. */
const PIPE_FULL = 'EAGAIN';

/** Straight into the pipe: nothing of it waits in this process. */
function say(line: Line): void {
  const bytes = Buffer.from(textOfLine(line));
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(STDOUT, bytes, at);
    } catch (error) {
      if (!(error instanceof Error) || (error as NodeJS.ErrnoException).code !== PIPE_FULL) throw error;
    }
  }
}

async function live(orders: Orders): Promise<void> {
  say({ kind: 'opening' });
  const embedded = await openEmbedded(orders.folder, KILL_STORE);
  say({ kind: 'open', position: embedded.report?.position ?? -1, torn: (embedded.report?.torn ?? null) !== null });
  const [writing, reading] = [new AbortController(), new AbortController()];
  const { writers, readers } = begin({ orders, embedded, say }, { writers: writing.signal, readers: reading.signal });
  // They are waited for below; until then a fault must not go unheard.
  writers.catch(fail);
  readers.catch(fail);
  if (orders.closeAfterMs === null) return;
  await sleep(orders.closeAfterMs);
  reading.abort();
  await readers;
  say({ kind: 'closing' });
  // What is on its way when it begins to close is answered, what comes later refused.
  const closed = embedded.close();
  writing.abort();
  await closed;
  await writers;
  say({ kind: 'closed' });
  process.exit(0);
}

function fail(error: unknown): never {
  say({ kind: 'fault', text: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  process.exit(1);
}

say({ kind: 'ready' });
for await (const text of createInterface({ input: process.stdin })) {
  live(JSON.parse(text) as Orders).catch(fail); // written by kill-process.ts
  break;
}
