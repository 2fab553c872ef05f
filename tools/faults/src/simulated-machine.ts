// One machine: a disk, key-value stores, locks, a clock, and processes that die alone or all together.
import { posix } from 'node:path';
import { DataHeldError, type EmbeddedPorts } from '@trellis/embedded';
import type { Randomness } from './randomness.js';
import { SimulatedDisk } from './simulated-disk.js';
import { SimulatedKeyValue } from './simulated-key-value.js';
import { SimulatedScheduler, type Owner } from './simulated-scheduler.js';

export interface SimulatedProcess extends Owner {
  readonly pid: number;
  readonly ports: EmbeddedPorts;
}

/** Where simulated clocks begin: any moment would do. */
const EPOCH = Date.UTC(2026, 2, 2, 8);

export class SimulatedMachine {
  readonly scheduler: SimulatedScheduler;
  readonly disk: SimulatedDisk;
  readonly keyValues = new Map<string, SimulatedKeyValue>();
  /** How far the clock on the wall is off: it can be set, back too. */
  clockOffMs = 0;
  private readonly locks = new Map<string, SimulatedProcess>();
  private readonly processes = new Set<SimulatedProcess>();
  private started = 0;

  constructor(private readonly random: Randomness) {
    this.scheduler = new SimulatedScheduler(random.split('order'));
    this.disk = new SimulatedDisk(this.scheduler, random.split('disk'));
  }

  readonly clock = (): number => EPOCH + Math.floor(this.scheduler.now) + this.clockOffMs;

  start(name: string): SimulatedProcess {
    const owner: Owner = { name: `${name}-${++this.started}`, alive: true };
    const process: SimulatedProcess = Object.assign(owner, {
      pid: this.started,
      ports: {
        disk: this.disk.portOf(owner),
        scheduler: this.scheduler.portOf(owner),
        keyValue: ({ path, readOnly }: { readonly path: string; readonly readOnly: boolean }) => this.keyValue(path).portOf(owner, { readOnly }),
        lock: (directory: string) => this.lock(directory, process),
      },
    });
    this.processes.add(process);
    return process;
  }

  /** Ends one process at once. What it wrote stays seen by others. */
  kill(process: SimulatedProcess): void {
    this.scheduler.kill(process);
    this.processes.delete(process);
    for (const [directory, holder] of this.locks) if (holder === process) this.locks.delete(directory);
    if (this.random.chance(0.3)) this.disk.evict();
  }

  /** Ends all processes, and loses what the disk was not made to keep. */
  losePower(): void {
    for (const process of [...this.processes]) this.kill(process);
    this.disk.losePower();
    for (const keyValue of this.keyValues.values()) keyValue.losePower();
  }

  private keyValue(path: string): SimulatedKeyValue {
    const known = this.keyValues.get(path);
    if (known !== undefined) return known;
    const name = posix.basename(path);
    const made = new SimulatedKeyValue({ name, scheduler: this.scheduler, disk: this.disk, random: this.random.split(name) });
    this.keyValues.set(path, made);
    // Its folder is seen beside the log's.
    this.disk.makeDirectory(posix.dirname(path));
    this.disk.makeDirectory(path);
    return made;
  }

  private lock(directory: string, process: SimulatedProcess): { release(): void } {
    const holder = this.locks.get(directory);
    if (holder !== undefined) throw new DataHeldError(directory, holder.pid);
    this.locks.set(directory, process);
    return {
      release: () => {
        if (this.locks.get(directory) === process) this.locks.delete(directory);
      },
    };
  }
}
