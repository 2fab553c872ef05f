// A process that is started ahead, given its orders, listened to and killed.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { lineOf, type Line, type Orders } from './kill-lines.js';

const CHILD = new URL('../dist/kill-child.js', import.meta.url).pathname;
const ERRORS_CHARACTERS_MAX = 4_000;

/** How a process came to its end. */
export interface End {
  /** All that it said, in order; a line that was cut short is not one. */
  readonly lines: readonly Line[];
  readonly killed: boolean;
}

export class KillProcess {
  private readonly lines: Line[] = [];
  private readonly waiting = new Set<() => void>();
  private readonly ended: Promise<void>;
  private over = false;
  private errors = '';
  private readonly child = spawn(process.execPath, [CHILD], { stdio: ['pipe', 'pipe', 'pipe'] });

  constructor() {
    const { child } = this;
    const heard = createInterface({ input: child.stdout });
    heard.on('line', (text) => {
      // The last one may have been cut by the kill.
      if (text.endsWith('}')) this.hear(text);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.errors = (this.errors + chunk.toString()).slice(-ERRORS_CHARACTERS_MAX);
    });
    // Orders to a process that has died are lost with it.
    child.stdin.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const read = new Promise<void>((resolve) => heard.once('close', () => resolve()));
    this.ended = Promise.all([closed, read]).then(() => {
      this.over = true;
      this.wake();
    });
  }

  order(orders: Orders): void {
    this.child.stdin.end(`${JSON.stringify(orders)}\n`);
  }

  /** Resolves once it has said so; false when it ended without. */
  async said(kind: Line['kind']): Promise<boolean> {
    for (;;) {
      if (this.lines.some((line) => line.kind === kind)) return true;
      if (this.over) return false;
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Resolves when it is gone and everything it said has been read. */
  async end(): Promise<End> {
    await this.ended;
    const { exitCode, signalCode } = this.child;
    const killed = signalCode === 'SIGKILL';
    if (!killed && exitCode !== 0) throw new Error(`the process ended with ${exitCode ?? signalCode}: ${this.fault() ?? this.errors}`);
    return { lines: this.lines, killed };
  }

  private fault(): string | undefined {
    return this.lines.find((line) => line.kind === 'fault')?.text;
  }

  private hear(text: string): void {
    const line = parsed(text);
    if (line === null) return;
    this.lines.push(line);
    this.wake();
  }

  private wake(): void {
    for (const resume of this.waiting) resume();
    this.waiting.clear();
  }
}

function parsed(text: string): Line | null {
  try {
    return lineOf(text);
  } catch {
    // Cut in the middle of a nested object.
    return null;
  }
}
