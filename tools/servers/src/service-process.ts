// One service of the distributed system as a process: started until it is ready, started again when it dies, stopped in its own time.
import { GuardedProcess } from './guarded-process.js';
import { SERVICE_PAUSE_MS, SERVICE_READY_MS_MAX, SERVICE_STARTS_MAX, SERVICE_STOP_MS_MAX } from './limits.js';
import { ServerError, endOfLog, happens, pause } from './running-server.js';

/**
 * What Node is given with every service. The young generation has two halves of 16 MiB: with V8's own choice, twice or more of that, each collection of it
 * takes 3 to 6 ms of a service that answers in 2, several times a second; so it takes a third of that, and the process 100 MiB less.
 */
export const SERVICE_NODE_ARGS: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=16'];

export interface ServiceOptions {
  readonly name: string;
  /** The path of its main file, which reads `TRELLIS_HOST` and `TRELLIS_PORT`. */
  readonly main: string;
  readonly port: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: string;
  /** Removed with its guardian, even when everything is killed. */
  readonly temporaryFolder?: string | null;
  /** Is told when it died, and what is done about it. */
  readonly say: (sentence: string) => void;
}

const READY_LOOK_MS = 100;
const READY_ANSWER_MS_MAX = 5_000;

export class ServiceProcess {
  readonly name: string;
  readonly url: string;
  private readonly guarded: GuardedProcess;
  private readonly options: ServiceOptions;
  private starts = 0;
  /** Whether it should be running: whoever kills it on purpose says so by `kill` or `stop`. */
  private isWanted = false;
  private watch: NodeJS.Timeout | null = null;

  constructor(options: ServiceOptions) {
    const { name, main, port, variables, log, temporaryFolder = null } = options;
    this.options = options;
    this.name = name;
    this.url = `http://127.0.0.1:${port}`;
    const all = { ...variables, TRELLIS_HOST: '127.0.0.1', TRELLIS_PORT: String(port) };
    this.guarded = new GuardedProcess({ command: process.execPath, args: [...SERVICE_NODE_ARGS, main], log, temporaryFolder, variables: all });
  }

  get pid(): number | null {
    return this.guarded.pid;
  }

  /** How its last run ended; null while there was none or it goes on. */
  get end(): string | null {
    return this.guarded.end;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    this.isWanted = true;
    this.starts = 1;
    this.guarded.start();
    const limit = Date.now() + SERVICE_READY_MS_MAX;
    while (!(await this.isReady())) {
      if (this.guarded.end !== null) {
        this.isWanted = false;
        throw this.fault(`ended before it was ready (${this.guarded.end})`);
      }
      if (Date.now() > limit) throw this.fault(`was not ready within ${SERVICE_READY_MS_MAX} ms`);
      await pause(READY_LOOK_MS);
    }
    this.watch ??= setInterval(() => this.look(), SERVICE_PAUSE_MS);
  }

  async isReady(): Promise<boolean> {
    try {
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(READY_ANSWER_MS_MAX) });
      // To its end, so that the connection is free again.
      await answer.arrayBuffer();
      return answer.ok && this.guarded.isRunning;
    } catch {
      // Nobody is there yet, or it is too busy to say.
      return false;
    }
  }

  /** SIGTERM, and SIGKILL to one that does not end for it. */
  async stop(): Promise<void> {
    this.isWanted = false;
    if (!this.guarded.isRunning) return;
    this.guarded.stop();
    if (await happens(() => !this.guarded.isRunning, SERVICE_STOP_MS_MAX)) return;
    this.options.say(`${this.name} did not stop within ${SERVICE_STOP_MS_MAX} ms and is killed; its log: ${this.options.log}`);
    await this.kill();
  }

  /** SIGKILL, on purpose: it stays down until it is started. */
  async kill(): Promise<void> {
    this.isWanted = false;
    this.guarded.kill();
    if (!(await happens(() => !this.guarded.isRunning, SERVICE_STOP_MS_MAX))) throw this.fault(`could not be killed within ${SERVICE_STOP_MS_MAX} ms`);
  }

  /** Stops it for good, and its guardian with it. */
  async close(): Promise<void> {
    if (this.watch !== null) clearInterval(this.watch);
    this.watch = null;
    await this.stop();
    this.guarded.release();
    await happens(() => this.guarded.isGone, SERVICE_STOP_MS_MAX);
  }

  private look(): void {
    if (!this.isWanted || this.guarded.isRunning) return;
    const { name, log, say } = this.options;
    const died = `${name} died (${this.guarded.end}); its log: ${log}`;
    if (this.starts >= SERVICE_STARTS_MAX) {
      this.isWanted = false;
      return say(`${died}. It was started ${this.starts} times and stays down.`);
    }
    this.starts++;
    say(`${died}. It is started again (${this.starts} of ${SERVICE_STARTS_MAX}).`);
    this.guarded.start();
  }

  private fault(what: string): ServerError {
    return new ServerError(`the service ${this.name} at ${this.url} ${what}.`, endOfLog(this.options.log));
  }
}

