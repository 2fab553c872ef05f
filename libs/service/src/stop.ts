// The end of a process: on the first signal everything begun is finished, on the second nothing is.

import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from './logging.js';

/** Requests that are not answered by then are cut. Below the 10 s that container runtimes wait before they kill. */
export const DRAIN_SECONDS_MAX = 8;
/** A connection that has not said a word within this time after the stop is not going to. */
const SILENCE_MS_MAX = 100;
const INTERRUPTED = 130;
/** One Ctrl-C comes from the terminal and again from a runner such as npm that hands it on: that is not a second one. */
const ECHO_MS = 500;

export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP', listener: (signal: string) => void): unknown;
  exit(code: number): void;
}

export interface StopOptions {
  readonly stop: () => Promise<void>;
  readonly log: Log;
  /** Milliseconds of any clock that does not jump. */
  readonly now?: () => number;
}

/** Stops on SIGINT, SIGTERM or a closed terminal and leaves with 0; a second signal leaves at once with 130. */
export function stopOnSignals(source: SignalSource, { stop, log, now = () => performance.now() }: StopOptions): void {
  let stoppingSince: number | undefined;
  const onSignal = (signal: string): void => {
    if (stoppingSince !== undefined) {
      if (now() - stoppingSince >= ECHO_MS) source.exit(INTERRUPTED);
      return;
    }
    stoppingSince = now();
    log.info({ signal }, 'stopping');
    stop().then(
      () => source.exit(0),
      (err: unknown) => {
        log.fatal({ err }, 'could not stop cleanly');
        source.exit(1);
      },
    );
  };
  source.on('SIGINT', onSignal);
  source.on('SIGTERM', onSignal);
  source.on('SIGHUP', onSignal);
}

/** Ends connections that would keep a server from closing although nobody is served on them. */
export class Drain {
  private readonly silent = new Set<Socket>();

  constructor(private readonly server: Server) {
    // A connection without any request so far is not "idle" to Node, and would hold up the close.
    server.on('connection', (socket: Socket) => {
      this.silent.add(socket);
      socket.once('close', () => this.silent.delete(socket));
    });
    server.on('request', (request: IncomingMessage) => this.silent.delete(request.socket));
  }

  /** Closes with `close`, which waits for requests in flight, for at most the seconds above. */
  async run(close: () => Promise<void>, secondsMax = DRAIN_SECONDS_MAX): Promise<'drained' | 'cut'> {
    let outcome: 'drained' | 'cut' = 'drained';
    const silence = setTimeout(() => this.silent.forEach((socket) => socket.destroy()), SILENCE_MS_MAX);
    const limit = setTimeout(() => {
      outcome = 'cut';
      this.server.closeAllConnections();
    }, secondsMax * 1000);
    await close();
    clearTimeout(silence);
    clearTimeout(limit);
    return outcome;
  }
}
