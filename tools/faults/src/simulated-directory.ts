// Names of files in one directory of the simulated disk, seen and durable: a name that was not synced may be lost.
import type { Randomness } from './randomness.js';
import type { SimulatedFile } from './simulated-file.js';

type Change =
  | { readonly kind: 'create'; readonly name: string; readonly file: SimulatedFile }
  | { readonly kind: 'remove'; readonly name: string; readonly file: SimulatedFile }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string; readonly file: SimulatedFile };

export class SimulatedDirectory {
  private visible = new Map<string, SimulatedFile>();
  private durable = new Map<string, SimulatedFile>();
  private unsynced: Change[] = [];

  names(): readonly string[] {
    return [...this.visible.keys()];
  }

  files(): readonly SimulatedFile[] {
    return [...new Set([...this.visible.values(), ...this.durable.values()])];
  }

  file(name: string): SimulatedFile | undefined {
    return this.visible.get(name);
  }

  create(name: string, file: SimulatedFile): void {
    this.change({ kind: 'create', name, file });
  }

  remove(name: string): void {
    const file = this.visible.get(name);
    if (file !== undefined) this.change({ kind: 'remove', name, file });
  }

  rename(from: string, to: string): void {
    const file = this.visible.get(from);
    if (file !== undefined) this.change({ kind: 'rename', from, to, file });
  }

  sync(): void {
    this.durable = new Map(this.visible);
    this.unsynced = [];
  }

  /** As a journal would, up to some change; or any of them, as file systems without one may. */
  losePower(random: Randomness): void {
    const inOrder = random.chance(0.5);
    const kept = random.below(this.unsynced.length + 1);
    this.unsynced.forEach((change, n) => {
      if (inOrder ? n < kept : random.chance(0.5)) make(this.durable, change);
    });
    this.unsynced = [];
    this.visible = new Map(this.durable);
    for (const file of this.visible.values()) file.losePower(random);
  }

  private change(change: Change): void {
    make(this.visible, change);
    this.unsynced.push(change);
  }
}

/** Changes that are kept without those before them do what still has a meaning. */
function make(names: Map<string, SimulatedFile>, change: Change): void {
  switch (change.kind) {
    case 'create':
      names.set(change.name, change.file);
      return;
    case 'remove':
      if (names.get(change.name) === change.file) names.delete(change.name);
      return;
    case 'rename':
      if (names.get(change.from) === change.file) names.delete(change.from);
      names.set(change.to, change.file);
  }
}
