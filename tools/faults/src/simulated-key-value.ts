// The key-value port in memory. Commits have an order; a crash may go back to any earlier one, as LMDB's may.
import type { Entry, KeyValue, WriteBatch } from '@trellis/embedded';
import type { Randomness } from './randomness.js';
import { noSpace, type SimulatedDisk } from './simulated-disk.js';
import type { Owner, SimulatedScheduler } from './simulated-scheduler.js';

type Writes = readonly (readonly [key: string, value: Uint8Array | null])[];

/** What one commit replaced, in its order. */
type Undo = readonly (readonly [key: string, value: Uint8Array | undefined])[];

/** A crash goes back so many commits at most. */
const COMMITS_LOST_MAX = 64;
/** Commits that take so long let others look before they are done. */
const COMMIT_MS_MAX = 40;

export interface SimulatedKeyValueParts {
  readonly name: string;
  readonly scheduler: SimulatedScheduler;
  readonly disk: SimulatedDisk;
  readonly random: Randomness;
}

/** What lies on the disk: it outlives the processes that use it. */
export class SimulatedKeyValue {
  private readonly entries = new Map<string, Uint8Array>();
  private sorted: string[] | null = null;
  private undos: Undo[] = [];

  constructor(private readonly parts: SimulatedKeyValueParts) {}

  /** The port that one process uses. */
  portOf(owner: Owner, { readOnly }: { readonly readOnly: boolean }): KeyValue {
    let peeked: Uint8Array | null = null;
    const forget = (): void => {
      // What was peeked at is valid until the next call: whoever keeps it longer shall see it.
      peeked?.fill(0xee);
      peeked = null;
    };
    const get = (key: Uint8Array): Uint8Array | undefined => {
      forget();
      return this.entries.get(textOf(key))?.slice();
    };
    return {
      peek: (key) => {
        const value = get(key);
        peeked = value ?? null;
        return value;
      },
      get,
      range: ({ from, before, limit }) => {
        forget();
        const keys = this.keys();
        const start = lowerBound(keys, textOf(from));
        return keys.slice(start, Math.min(start + limit, lowerBound(keys, textOf(before)))).map((key) => this.entry(key));
      },
      count: (from, before) => {
        forget();
        const keys = this.keys();
        return lowerBound(keys, textOf(before)) - lowerBound(keys, textOf(from));
      },
      lastIn: (from, to) => {
        forget();
        const keys = this.keys();
        const key = keys[lowerBound(keys, `${textOf(to)}\0`) - 1];
        return key === undefined || key < textOf(from) ? undefined : this.entry(key);
      },
      commit: (fill) => {
        forget();
        return readOnly ? Promise.reject(new Error(`${this.parts.name} was opened read-only`)) : this.commit(owner, fill);
      },
      clear: () => {
        forget();
        return this.commit(owner, (batch) => {
          for (const key of this.entries.keys()) batch.remove(Buffer.from(key, 'latin1'));
        });
      },
      close: () => Promise.resolve(),
    };
  }

  /** Loses some of the newest commits, often none. */
  losePower(): void {
    const { random } = this.parts;
    if (random.chance(0.4)) return;
    this.goBack(random.chance(0.2) ? this.undos.length : random.below(Math.min(4, this.undos.length) + 1));
  }

  /** Everything is gone, as when somebody removed the folder. */
  wipe(): void {
    this.entries.clear();
    this.undos = [];
    this.sorted = null;
  }

  private goBack(commits: number): void {
    for (let n = 0; n < commits; n++) {
      for (const [key, value] of this.undos.pop()?.toReversed() ?? []) {
        if (value === undefined) this.entries.delete(key);
        else this.entries.set(key, value);
      }
    }
    this.undos = [];
    this.sorted = null;
  }

  private commit(owner: Owner, fill: (batch: WriteBatch) => void): Promise<void> {
    const { name, scheduler, disk, random } = this.parts;
    const writes: [string, Uint8Array | null][] = [];
    fill({ put: (key, value) => void writes.push([textOf(key), value]), remove: (key) => void writes.push([textOf(key), null]) });
    return new Promise((resolve, reject) => {
      const cannot = (): boolean => disk.weather.full || disk.weather.readOnly;
      const run = (): void => {
        if (cannot()) {
          reject(noSpace(`commit of ${name}`));
          return;
        }
        this.apply(writes);
        resolve();
      };
      // Whoever began it is dead and does not hear of it.
      const cut = (): void => {
        if (!cannot() && random.chance(0.5)) this.apply(writes);
      };
      scheduler.add({ owner, label: `commit ${writes.length} writes to ${name}`, run, cut }, random.chance(0.5) ? disk.latencyMs() : random.between(1, COMMIT_MS_MAX));
    });
  }

  private apply(writes: Writes): void {
    const undo: [string, Uint8Array | undefined][] = [];
    for (const [key, value] of writes) {
      const before = this.entries.get(key);
      undo.push([key, before]);
      if (value === null) this.entries.delete(key);
      else this.entries.set(key, value.slice());
      if (before === undefined || value === null) this.sorted = null;
    }
    this.undos.push(undo);
    if (this.undos.length > COMMITS_LOST_MAX) this.undos.shift();
  }

  private keys(): string[] {
    return (this.sorted ??= [...this.entries.keys()].sort());
  }

  private entry(key: string): Entry {
    return { key: Buffer.from(key, 'latin1'), value: this.entries.get(key)?.slice() ?? new Uint8Array() };
  }
}

/** One character a byte, so that strings are in the order of the bytes. */
function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
