// A KurrentDB: the real one that is given, else the double of its protocol, in memory, as a process of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { READY_MS_MAX, STOP_MS_MAX } from './limits.js';
import { thisMachine } from './machine.js';
import { onPort } from './on-port.js';
import { ServerError, givenServer, happens, type RunningServer } from './running-server.js';
import { KURRENT_VARIABLE } from './sources.js';

export interface KurrentOptions {
  /** A double of one's own even where a server is given: to be killed, cut and slowed down. */
  readonly own?: boolean;
  readonly port?: number;
}

export interface RunningKurrent extends RunningServer {
  /** True: in memory, gone when it stops or is killed. */
  readonly isDouble: boolean;
  /** Before each append and each page of events it waits so long. Only the double can. */
  slow(ms: number): Promise<void>;
  fast(): Promise<void>;
  /** Breaks every connection; new ones are taken. Only the double can. */
  cut(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../dist/kurrent-main.js', import.meta.url));
const ERRORS_CHARACTERS_MAX = 4_000;

/** Its address is a connection string. */
export async function startKurrent({ own = false, port }: KurrentOptions = {}): Promise<RunningKurrent> {
  const given = own || port !== undefined ? null : thisMachine.variable(KURRENT_VARIABLE);
  if (given === null) return onPort(port, startDouble);
  const refuse = (): Promise<never> => Promise.reject(new Error(`KurrentDB at ${given} is a real server: only the double can be slowed down and cut off. Ask for one of one's own.`));
  return { ...givenServer('KurrentDB', given, KURRENT_VARIABLE), isDouble: false, slow: refuse, fast: refuse, cut: refuse };
}

async function startDouble(port: number): Promise<RunningKurrent> {
  let running: DoubleProcess | null = null;
  const start = async (): Promise<string> => {
    if (running?.isOver === false) return running.address ?? '';
    const started = new DoubleProcess(port);
    if (!(await happens(() => started.isOver || started.address !== null, READY_MS_MAX))) started.kill();
    if (started.isOver || started.address === null) throw new ServerError(`the double of KurrentDB at port ${port} did not start.`, started.errors);
    running = started;
    return started.address;
  };
  const end = async (): Promise<void> => {
    const ending = running;
    running = null;
    ending?.kill();
    if (ending !== null && !(await happens(() => ending.isOver, STOP_MS_MAX))) throw new ServerError(`the double of KurrentDB at port ${port} could not be killed within ${STOP_MS_MAX} ms.`, ending.errors);
  };
  const order = async (line: string): Promise<void> => {
    if (running === null) throw new Error(`the double of KurrentDB at port ${port} does not run: it cannot take "${line}"`);
    await running.order(line);
  };
  return {
    address: await start(),
    isDouble: true,
    get pid() {
      return running?.pid ?? null;
    },
    // It has nothing that could be put in order.
    stop: end,
    kill: end,
    start: async () => void (await start()),
    slow: (ms) => order(`slow ${ms}`),
    fast: () => order('fast'),
    cut: () => order('cut'),
  };
}

class DoubleProcess {
  address: string | null = null;
  errors = '';
  isOver = false;
  private readonly replies: string[] = [];
  private readonly child: ChildProcess & { readonly stdin: Socket };
  private asked = 0;

  constructor(port: number) {
    // A session of its own, so that Ctrl-C reaches only whoever started it; it ends with the pipe.
    const child = spawn(process.execPath, [MAIN, '--port', String(port)], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    const pipes = [child.stdin, child.stdout, child.stderr] as unknown as Socket[]; // pipes of a child are sockets
    this.child = child as typeof this.child;
    child.on('exit', () => (this.isOver = true));
    child.on('error', (error) => {
      this.isOver = true;
      this.errors = error.message;
    });
    // Orders to a process that is gone are lost with it.
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => (this.errors = (this.errors + chunk.toString()).slice(-ERRORS_CHARACTERS_MAX)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (this.address === null) this.address = line;
      else this.replies.push(line);
    });
    child.unref();
    for (const pipe of pipes) pipe.unref();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when it has been carried out; orders are answered in turn. */
  async order(line: string): Promise<void> {
    const index = this.asked++;
    this.child.stdin.write(`${line}\n`);
    if (!(await happens(() => this.isOver || this.replies.length > index, STOP_MS_MAX))) throw new ServerError(`the double of KurrentDB did not answer "${line}" within ${STOP_MS_MAX} ms.`, this.errors);
    const reply = this.replies[index];
    if (reply === undefined) throw new ServerError(`the double of KurrentDB ended before it answered "${line}".`, this.errors);
    if (reply !== `done ${line}`) throw new Error(`the double of KurrentDB ${reply}`);
  }
}
