// Copies the log of a data folder into KurrentDB and writes down which position became which. What the database has already is
// compared and not written again, so every run holds the whole copy against the log, whether it had to copy anything or not.
import { join } from 'node:path';
import { copySource, lockDirectory, nodeDisk, openEmbedded } from '@trellis/embedded';
import type { EventStore, Position } from '@trellis/event-sourcing';
import type { Kurrent } from '@trellis/kurrent';
import { DEFAULT_NAMESPACE, kurrentNamespace } from './distributed-engine.js';
import { PositionFile } from './position-file.js';

export interface LogCopyOptions {
  /** The data folder, whether an engine has it open or not. */
  readonly data: string;
  readonly connectionString: string;
  /** Of the installation that will use the copy; without it, streams are named as in the log. */
  readonly namespace?: string;
  /** Ends it; the next run goes on. */
  readonly signal?: AbortSignal;
  /** Hears how many events are in the copy and equal, of how many. */
  readonly watch?: (done: number, of: number) => void;
}

export interface LogCopied {
  /** In the log at the call. */
  readonly events: number;
  readonly copied: number;
  /** In the database before. */
  readonly already: number;
  /** Read again from the database and equal to what is in the log. */
  readonly verified: number;
  /** Of the newest event, in the log and in the database. */
  readonly position: { readonly from: Position | null; readonly to: Position | null };
  /** The database has further events of ours behind the copy. */
  readonly goesOn: boolean;
  /** The connection string without its secrets. */
  readonly target: string;
  /** The file that says which position became which. */
  readonly positions: string;
}

/** The copy cannot go on. Nothing that was copied is lost by it. */
export class LogCopyError extends Error {
  override readonly name = 'LogCopyError';

  constructor(what: string, readonly retriable = false, cause?: unknown) {
    super(what, { cause });
  }
}

/** Throws `CopyDiffersError` of the adapter, with the position, where the database holds something else than the log. */
export async function copyLog(options: LogCopyOptions): Promise<LogCopied> {
  const { data, connectionString, namespace = DEFAULT_NAMESPACE } = options;
  const prefix = kurrentNamespace(namespace);
  const closing: (() => unknown)[] = [];
  try {
    // Loaded only when it is needed: its client would take every other program a quarter of a second and 15 MiB to start.
    const { openKurrent } = await import('@trellis/kurrent');
    const kurrent = openKurrent(connectionString, { namespace: prefix });
    closing.push(() => kurrent.close());
    const { position } = await copySource(data);
    const embedded = await openEmbedded(data, { readOnly: true });
    closing.push(() => embedded.close());
    const head = Number((await embedded.store.head()) ?? 0);
    if (head < position) throw new LogCopyError(`the log in ${data} ends at ${position}, and can be read up to ${head} only; start an engine on it once`);
    const folder = join(data, 'copies');
    const lock = lockDirectory(folder);
    closing.push(() => lock.release());
    const path = join(folder, `${fileName(kurrent.shown, namespace)}.positions`);
    const positions = await PositionFile.open(nodeDisk, path);
    closing.push(() => positions.close());
    return { ...(await copyFrom(embedded.store, { ...options, kurrent, positions, path })), target: kurrent.shown, positions: path };
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

interface Target extends LogCopyOptions {
  readonly kurrent: Kurrent;
  readonly positions: PositionFile;
  readonly path: string;
}

async function copyFrom(log: EventStore, { kurrent, positions, path, signal, watch }: Target): Promise<Omit<LogCopied, 'target' | 'positions'>> {
  const events = Number((await log.head()) ?? 0);
  const endBefore = await reached(kurrent);
  const { count, last } = positions;
  // Before anything is written: a file of another log or database would only be found out on the way.
  if (count > events || (last !== null && (endBefore === null || isLater(last, endBefore)))) {
    throw new LogCopyError(`${path} says that ${count} events up to ${last} were copied, and the log has ${events} and the database ends at ${endBefore}: it is about others; remove it to begin anew`);
  }
  const written = positions.all();
  let verified = 0;
  let already = 0;
  let newest: Position | null = null;
  for await (const page of kurrent.copyIn(log.readAll())) {
    signal?.throwIfAborted();
    const added: Position[] = [];
    for (const { position } of page) {
      verified++;
      if (endBefore !== null && !isLater(position, endBefore)) already++;
      newest = position;
      if (verified > count) added.push(position);
      else if ((await written.next()).value !== position) throw new LogCopyError(`${path} has another position than ${position} for the event at ${verified}: it is about another copy; remove it to begin anew`);
    }
    // Only now: whatever is written down is in the database. What a crash keeps from being written down is found there again.
    await positions.append(added);
    watch?.(verified, Math.max(events, verified));
  }
  const end = await kurrent.store.head();
  return {
    events: verified,
    copied: verified - already,
    already,
    verified,
    position: { from: verified === 0 ? null : (String(verified) as Position), to: newest }, // positions of the log count from 1
    goesOn: end !== newest,
  };
}

/** Where the database ends now. */
async function reached({ store }: Kurrent): Promise<Position | null> {
  try {
    return await store.head();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LogCopyError(`${why}: check that the server runs there and can be reached from here, and that tls and the user are what it expects`, true, error);
  }
}

/** Whether it lies further on. Positions of KurrentDB's events are whole numbers of up to 20 digits. */
function isLater(one: Position, other: Position): boolean {
  return BigInt(one) > BigInt(other);
}

/** Of the database, from the connection string without its secrets: `kurrent-db.example.org-2113`, with the namespace if it has one. */
function fileName(shown: string, namespace: string): string {
  const hosts = shown.replace(/^[^/]*\/\//, '').replace(/^[^@?]*@/, '').replace(/[?/].*$/, '');
  return `kurrent-${hosts.replace(/[^A-Za-z0-9.-]+/g, '-')}${namespace === DEFAULT_NAMESPACE ? '' : `-${namespace}`}`;
}
