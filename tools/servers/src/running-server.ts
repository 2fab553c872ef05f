// A server that runs, and the process of it that can be stopped, killed and started again.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { GuardedProcess, type GuardedCommand } from './guarded-process.js';
import { LOG_BYTES_READ_MAX, LOG_LINES_SHOWN, LOOK_MS, READY_MS_MAX, STOP_MS_MAX } from './limits.js';

export interface RunningServer {
  readonly address: string;
  /** Null where the process is not one of this machine's that was started here: a given server, or a container. */
  readonly pid: number | null;
  /** Ends it in its own time. A temporary folder goes with it. */
  stop(): Promise<void>;
  /** SIGKILL. Its data stays for the next start. */
  kill(): Promise<void>;
  /** Again, on the same port and with the same data (none, if the folder was temporary and the server was stopped). */
  start(): Promise<void>;
}

/** A server did not start or did not stop; the message ends with the last lines of its log. */
export class ServerError extends Error {
  constructor(message: string, readonly log: string) {
    super(log === '' ? message : `${message} Its log ends:\n${log}`);
    this.name = 'ServerError';
  }
}

export interface ServerPlan extends GuardedCommand {
  readonly name: string;
  readonly address: string;
  /** What must be there before each start, such as a formatted folder. */
  prepare(): Promise<void>;
  /** Whether the server does its work now; throws nothing. */
  answers(): Promise<boolean>;
  readonly isContainer?: boolean;
}

export async function runServer(plan: ServerPlan): Promise<RunningServer> {
  let guarded: GuardedProcess | null = null;
  const fault = (what: string): ServerError => new ServerError(`${plan.name} at ${plan.address} ${what}.`, endOfLog(plan.log));

  const start = async (): Promise<void> => {
    if (guarded?.isRunning === true) return;
    await plan.prepare();
    guarded ??= new GuardedProcess(plan);
    guarded.start();
    const limit = Date.now() + READY_MS_MAX;
    while (!(guarded.hasStarted && (await plan.answers()))) {
      if (guarded.end !== null) throw fault(`ended before it answered (${guarded.end})`);
      if (Date.now() > limit) {
        await end(guarded, 'kill');
        throw fault(`did not answer within ${READY_MS_MAX} ms`);
      }
      await pause(LOOK_MS);
    }
  };

  const end = async (running: GuardedProcess, how: 'stop' | 'kill'): Promise<void> => {
    running[how]();
    if (!(await happens(() => !running.isRunning, STOP_MS_MAX)) && how === 'stop') running.kill();
    if (!(await happens(() => !running.isRunning, STOP_MS_MAX))) throw fault(`could not be killed within ${STOP_MS_MAX} ms`);
  };

  const close = async (): Promise<void> => {
    const closing = guarded;
    guarded = null;
    if (closing === null) return;
    if (closing.isRunning) await end(closing, 'stop');
    closing.release();
    if (!(await happens(() => closing.isGone, STOP_MS_MAX))) throw fault(`is stopped, but its guardian did not end within ${STOP_MS_MAX} ms`);
  };

  try {
    await start();
  } catch (error) {
    await close();
    // Without a guardian nobody else removes it.
    if (plan.temporaryFolder !== null) await rm(plan.temporaryFolder, { recursive: true, force: true });
    throw error;
  }
  return {
    address: plan.address,
    get pid() {
      return plan.isContainer === true ? null : (guarded?.pid ?? null);
    },
    stop: close,
    kill: async () => {
      if (guarded?.isRunning === true) await end(guarded, 'kill');
    },
    start,
  };
}

/** A server that somebody else runs: it can be used, and it is left alone. */
export function givenServer(name: string, address: string, variable: string): RunningServer {
  const refuse = (what: string) => (): Promise<never> => Promise.reject(new Error(`${name} at ${address} is the one that ${variable} names; it is not ours to ${what}. Ask for a server of one's own.`));
  // Whoever ends its work with it may go on.
  return { address, pid: null, stop: () => Promise.resolve(), kill: refuse('kill'), start: refuse('start') };
}

export async function happens(condition: () => boolean, limitMs: number): Promise<boolean> {
  for (const limit = Date.now() + limitMs; !condition(); await pause(LOOK_MS)) {
    if (Date.now() > limit) return false;
  }
  return true;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What an error shows of it; empty if there is none. */
export function endOfLog(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // It never came to write one.
    return '';
  }
  try {
    const bytes = Buffer.alloc(LOG_BYTES_READ_MAX);
    const from = Math.max(0, fstatSync(file).size - bytes.length);
    const read = readSync(file, bytes, 0, bytes.length, from);
    return bytes.toString('utf8', 0, read).trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
  } finally {
    closeSync(file);
  }
}
