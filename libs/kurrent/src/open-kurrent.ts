// Puts the parts of the store together.
import type { EventStore, Recorded } from '@trellis/event-sourcing';
import { Connection } from './connection.js';
import { connectionStringOf } from './connection-string.js';
import { copied, type Copied } from './copy-in.js';
import { KurrentStore } from './kurrent-store.js';
import { Lanes } from './lanes.js';
import { CALL_MS_MAX, SUBSCRIBE_TRIES_MAX, WAITING_APPENDS_MAX } from './limits.js';
import { Pages } from './pages.js';
import { streamNames } from './stream-names.js';
import { Tails } from './tails.js';
import { Writes } from './writes.js';

export interface KurrentOptions {
  /** Stands in front of every stream name in the database: several installations share one without seeing each other. */
  readonly namespace?: string;
  /** How long one call may take. */
  readonly callMsMax?: number;
  /** How often in a row a follower may fail to subscribe. */
  readonly subscribeTriesMax?: number;
}

export interface Kurrent {
  readonly store: EventStore;
  /** Copies the log of another store; see `copied`. */
  copyIn(source: AsyncIterable<readonly Recorded[]>): AsyncGenerator<readonly Copied[]>;
  /** A sentence about why KurrentDB cannot be used now, or null; takes a second at most. */
  whyNot(): Promise<string | null>;
  /** The connection string without its secrets. */
  readonly shown: string;
  close(): Promise<void>;
}

/** `kurrentdb://user:password@host:2113?tls=true&tlsCAFile=...`, or with several hosts, or `kurrentdb+discover://`. */
export function openKurrent(connectionString: string, { namespace = '', callMsMax = CALL_MS_MAX, subscribeTriesMax = SUBSCRIBE_TRIES_MAX }: KurrentOptions = {}): Kurrent {
  const string = connectionStringOf(connectionString);
  const names = streamNames(namespace);
  const connection = new Connection(string, callMsMax);
  const pages = new Pages(connection, names);
  const writers = {
    lanes: new Lanes(WAITING_APPENDS_MAX),
    pages,
    tails: new Tails(pages),
    writes: new Writes(connection, names),
    closed: connection.closed,
  };
  return {
    store: new KurrentStore(connection, writers, subscribeTriesMax),
    copyIn: (source) => copied(writers, source),
    whyNot: () => connection.whyNot(),
    shown: string.shown,
    close: () => connection.close(),
  };
}
