// One file of the simulated disk: what everybody sees (the page cache) against what a loss of power leaves.
import type { Randomness } from './randomness.js';

const SECTOR_BYTES = 512;

interface Write {
  readonly kind: 'write';
  readonly at: number;
  readonly bytes: Uint8Array;
}

type Change = Write | { readonly kind: 'truncate'; readonly length: number };

export class SimulatedFile {
  private readonly visible = new Growing();
  private readonly durable = new Growing();
  /** In their order; a sync makes them durable. */
  private unsynced: Change[] = [];
  /** Writes that a failed sync gave up: they are seen until their pages leave memory, and no later sync keeps them. */
  private given: Write[] = [];

  get length(): number {
    return this.visible.length;
  }

  get isSynced(): boolean {
    return this.unsynced.length === 0;
  }

  read(into: Uint8Array, at: number): number {
    return this.visible.read(into, at);
  }

  write(bytes: Uint8Array, at: number): void {
    const copy = bytes.slice();
    this.visible.write(copy, at);
    this.unsynced.push({ kind: 'write', at, bytes: copy });
  }

  truncate(length: number): void {
    this.visible.truncate(length);
    this.unsynced.push({ kind: 'truncate', length });
  }

  sync(): void {
    for (const change of this.unsynced) make(this.durable, change);
    this.unsynced = [];
    this.durable.truncate(this.visible.length);
  }

  /** As Linux does it: some pages reached the disk, the others count as clean from now on. */
  failSync(random: Randomness): void {
    for (const change of this.unsynced) {
      if (random.chance(0.4)) make(this.durable, change);
      else if (change.kind === 'write') this.given.push(change);
    }
    this.unsynced = [];
  }

  /** Pages that count as clean leave memory: what comes back is what the disk has. */
  evict(): void {
    for (const { at, bytes } of this.given) {
      const kept = new Uint8Array(Math.max(0, Math.min(bytes.length, this.visible.length - at)));
      this.durable.read(kept, at);
      this.visible.write(kept, at);
    }
    this.given = [];
    // Newer writes to the same pages were not clean, so they were not evicted.
    for (const change of this.unsynced) if (change.kind === 'write') this.visible.write(change.bytes.subarray(0, Math.max(0, this.visible.length - change.at)), change.at);
  }

  /** Unsynced changes come about wholly, in part or not at all. */
  losePower(random: Randomness): void {
    const how = random.pick(['none', 'all', 'prefix', 'subset', 'torn', 'torn'] as const);
    const whole = how === 'all' ? this.unsynced.length : random.below(this.unsynced.length + 1);
    this.unsynced.forEach((change, n) => {
      if (how === 'none' || (how === 'prefix' && n >= whole)) return;
      if (how === 'subset' && random.chance(0.5)) return;
      if (how === 'torn' && n >= whole) tear(this.durable, change, random);
      else make(this.durable, change);
    });
    // The length can be newer than the data: what was never written there is zeros.
    if (random.chance(0.2)) this.durable.truncate(this.visible.length);
    this.visible.become(this.durable);
    this.unsynced = [];
    this.given = [];
  }

  /** A bit that turns over by itself, in memory and on the disk alike. */
  flip(at: number, bit: number): void {
    this.visible.flip(at, bit);
    this.durable.flip(at, bit);
  }

  /** The end is gone, in memory and on the disk alike. */
  shorten(length: number): void {
    this.visible.truncate(length);
    this.durable.truncate(length);
    this.unsynced = [];
  }

  copy(): Uint8Array {
    return this.visible.copy();
  }
}

function make(contents: Growing, change: Change): void {
  if (change.kind === 'truncate') contents.truncate(change.length);
  else contents.write(change.bytes, change.at);
}

/** Each sector by chance, and one of them only up to a byte in its middle. */
function tear(contents: Growing, change: Change, random: Randomness): void {
  if (change.kind === 'truncate') {
    if (random.chance(0.5)) contents.truncate(change.length);
    return;
  }
  const { at, bytes } = change;
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + SECTOR_BYTES - ((at + from) % SECTOR_BYTES));
    const fate = random.pick(['kept', 'kept', 'lost', 'cut'] as const);
    if (fate === 'kept') contents.write(bytes.subarray(from, to), at + from);
    if (fate === 'cut') contents.write(bytes.subarray(from, from + random.below(to - from + 1)), at + from);
    from = to;
  }
}

/** Bytes that grow as they are written; gaps are zeros. */
class Growing {
  length = 0;
  private bytes = new Uint8Array(256);

  read(into: Uint8Array, at: number): number {
    const count = Math.max(0, Math.min(into.length, this.length - at));
    into.set(this.bytes.subarray(at, at + count));
    return count;
  }

  write(from: Uint8Array, at: number): void {
    if (from.length === 0) return;
    this.makeRoom(at + from.length);
    this.bytes.set(from, at);
    this.length = Math.max(this.length, at + from.length);
  }

  truncate(length: number): void {
    this.makeRoom(length);
    if (length < this.length) this.bytes.fill(0, length, this.length);
    this.length = length;
  }

  become(other: Growing): void {
    this.truncate(0);
    this.write(other.bytes.subarray(0, other.length), 0);
  }

  flip(at: number, bit: number): void {
    if (at < this.length) this.bytes[at] = (this.bytes[at] ?? 0) ^ (1 << bit);
  }

  copy(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private makeRoom(length: number): void {
    if (length <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(length, 2 * this.bytes.length));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}
