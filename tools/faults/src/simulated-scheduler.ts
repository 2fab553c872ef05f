// One queue for everything that happens in the simulated world. The seed chooses which ready task is next; time moves on
// only when nothing is ready. Between two tasks all promises settle, so a run is the same each time.
import type { Scheduler } from '@trellis/embedded';
import type { Randomness } from './randomness.js';

/** Who a task belongs to: a process that can die, or the world around it. */
export interface Owner {
  readonly name: string;
  alive: boolean;
}

export interface Task {
  readonly owner: Owner;
  readonly label: string;
  readonly run: () => void;
  /** Instead of `run`, when the owner dies first: what it had begun may have come about in part. */
  readonly cut?: () => void;
}

interface Timed {
  readonly task: Task;
  readonly due: number;
}

/** More tasks at a time than any world makes: something goes round in circles. */
const TASKS_MAX = 20_000;

export class SimulatedScheduler {
  /** Milliseconds since the world began. */
  now = 0;
  /** Tasks that have run. */
  steps = 0;
  /** Hears of every task before it runs. */
  watch: ((task: Task) => void) | null = null;
  private readonly ready: Task[] = [];
  private timed: Timed[] = [];

  constructor(private readonly random: Randomness) {}

  /** The answer takes the task away again. */
  add(task: Task, delayMs = 0): () => void {
    if (!task.owner.alive) return () => undefined;
    if (this.ready.length + this.timed.length >= TASKS_MAX) throw new Error(`more than ${TASKS_MAX} tasks wait; the last is ${task.label}`);
    if (delayMs <= 0) {
      this.ready.push(task);
      return () => this.takeReady(this.ready.indexOf(task));
    }
    const timed = { task, due: this.now + delayMs };
    this.timed.push(timed);
    return () => {
      const at = this.timed.indexOf(timed);
      if (at >= 0) this.timed.splice(at, 1);
      else this.takeReady(this.ready.indexOf(task));
    };
  }

  sleep(owner: Owner, delayMs: number, label = 'sleep'): Promise<void> {
    return new Promise((resolve) => this.add({ owner, label, run: resolve }, delayMs));
  }

  /** The port that a store of this owner gets. */
  portOf(owner: Owner): Scheduler {
    return {
      soon: (run) => void this.add({ owner, label: 'soon', run }),
      later: (delayMs, run) => this.add({ owner, label: `after ${delayMs} ms`, run }, delayMs),
    };
  }

  /** Runs one task and lets all promises settle; false when there is none. */
  async step(): Promise<boolean> {
    if (this.ready.length === 0) this.wait();
    const task = this.takeReady(this.random.below(this.ready.length));
    if (task === undefined) return false;
    this.steps++;
    this.watch?.(task);
    task.run();
    await settled();
    return true;
  }

  /** Nothing of this owner runs any more. */
  kill(owner: Owner): void {
    owner.alive = false;
    const cut = [...this.ready, ...this.timed.map(({ task }) => task)].filter((task) => task.owner === owner);
    const stays = this.ready.filter((task) => task.owner !== owner);
    this.ready.splice(0, this.ready.length, ...stays);
    this.timed = this.timed.filter(({ task }) => task.owner !== owner);
    for (const task of cut) task.cut?.();
  }

  private takeReady(at: number): Task | undefined {
    if (at < 0 || at >= this.ready.length) return undefined;
    const task = this.ready[at];
    const last = this.ready.pop();
    // The last takes its place, unless it was the last.
    if (last !== undefined && at < this.ready.length) this.ready[at] = last;
    return task;
  }

  /** Lets time go by until something is ready. */
  private wait(): void {
    const next = this.timed.reduce((least, { due }) => Math.min(least, due), Infinity);
    if (next === Infinity) return;
    this.now = next;
    const stays: Timed[] = [];
    for (const timed of this.timed) {
      if (timed.due <= next) this.ready.push(timed.task);
      else stays.push(timed);
    }
    this.timed = stays;
  }
}

/** Resolves behind everything that promises have made ready. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
