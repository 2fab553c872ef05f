// The near side of a guardian: a small process that runs a server and ends it when the process that wanted it is gone, however that went.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

export interface GuardedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly log: string;
  /** Removed when the guardian ends; null: the data is somebody's. */
  readonly temporaryFolder: string | null;
  /** Beside those of this process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How to kill what a signal to the command would not reach, such as a container. */
  readonly killWith?: readonly string[];
  /** Run at the very end, such as the removal of a container's volume. */
  readonly endWith?: readonly string[];
}

const GUARDIAN = fileURLToPath(new URL('../dist/guardian-main.js', import.meta.url));

export class GuardedProcess {
  /** Of the server; null while it does not run. */
  pid: number | null = null;
  /** How the last run ended; null while there was none or it goes on. */
  end: string | null = null;
  isGone = false;
  private isAsked = false;
  private readonly guardian: ChildProcessByStdio<Writable, Readable, null>;

  constructor(command: GuardedCommand) {
    const { args, log, temporaryFolder, killWith, endWith, variables } = command;
    const orders = JSON.stringify({ command: command.command, args, log, temporaryFolder, killWith, endWith });
    // The server inherits them. Among the arguments everybody could read what may be a password.
    const env = { ...process.env, ...variables };
    // A session of its own: Ctrl-C in a terminal reaches whoever started the server, which then stops it in its turn.
    this.guardian = spawn(process.execPath, [GUARDIAN, orders], { env, stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    const { guardian } = this;
    guardian.on('exit', () => this.gone('its guardian ended'));
    guardian.on('error', (error) => this.gone(`its guardian did not start: ${error.message}`));
    // Orders to a guardian that is gone are lost with it.
    guardian.stdin.on('error', () => undefined);
    let text = '';
    guardian.stdout.on('data', (chunk: Buffer) => {
      const lines = (text + chunk.toString()).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.hear(line);
    });
    // A process that has nothing else to do may end; the guardian then ends the server.
    guardian.unref();
    for (const pipe of [guardian.stdin, guardian.stdout]) (pipe as Socket).unref(); // a pipe of a child is a socket
  }

  get isRunning(): boolean {
    return this.isAsked && this.end === null;
  }

  get hasStarted(): boolean {
    return this.pid !== null;
  }

  start(): void {
    this.end = this.isGone ? 'its guardian is gone' : null;
    this.isAsked = true;
    this.order('start');
  }

  stop(): void {
    this.order('stop');
  }

  kill(): void {
    this.order('kill');
  }

  /** Ends the guardian, and with it whatever it still guards. */
  release(): void {
    this.guardian.stdin.end();
  }

  private order(order: 'start' | 'stop' | 'kill'): void {
    this.guardian.stdin.write(`${order}\n`);
  }

  private hear(line: string): void {
    const [word, ...rest] = line.split(' ');
    if (word === 'started') this.pid = Number(rest[0]);
    if (word === 'ended') {
      this.pid = null;
      this.end = rest.join(' ');
    }
  }

  private gone(why: string): void {
    this.isGone = true;
    this.pid = null;
    this.end ??= why;
  }
}
