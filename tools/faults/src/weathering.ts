// When the disk is full, read-only, failing or slow, and for how long.
import type { Randomness } from './randomness.js';
import { CALM, type Weather } from './simulated-disk.js';
import type { SimulatedMachine } from './simulated-machine.js';

const SPELL_STEPS_MAX = 80;

export class Weathering {
  /** Spells of bad weather so far. */
  faults = 0;
  private readonly chance: number;
  private endsAt = 0;
  private lastTrouble = -1;

  constructor(
    private readonly machine: SimulatedMachine,
    private readonly random: Randomness,
    private readonly trace: (line: string) => void,
  ) {
    // Most worlds have none: there, every fault that shows is one of the store's own.
    this.chance = random.chance(0.35) ? 0.02 : 0;
  }

  /** Between two tasks. */
  change(): void {
    const { disk, scheduler } = this.machine;
    if (disk.weather !== CALM) {
      if (isTrouble(disk.weather)) this.lastTrouble = scheduler.steps;
      if (scheduler.steps >= this.endsAt) this.calm();
    } else if (this.random.chance(this.chance)) {
      this.storm();
    }
  }

  /** A spell that begins now. */
  storm(): void {
    const { disk, scheduler } = this.machine;
    disk.weather = this.weather();
    this.endsAt = scheduler.steps + this.random.between(1, SPELL_STEPS_MAX);
    this.faults++;
    if (isTrouble(disk.weather)) this.lastTrouble = scheduler.steps;
    this.trace(`the disk is not well: ${JSON.stringify(disk.weather)}`);
  }

  calm(): void {
    if (this.machine.disk.weather === CALM) return;
    this.machine.disk.weather = CALM;
    this.lastTrouble = this.machine.scheduler.steps;
    this.trace('the disk is well again');
  }

  /** At some time after that many steps. */
  troubledSince(step: number): boolean {
    return isTrouble(this.machine.disk.weather) || this.lastTrouble > step;
  }

  private weather(): Weather {
    switch (this.random.weighted({ full: 3, readOnly: 1, syncs: 4, writes: 2, slow: 2 })) {
      case 'full':
        return { ...CALM, full: true };
      case 'readOnly':
        return { ...CALM, readOnly: true };
      case 'syncs':
        return { ...CALM, failingSyncs: this.random.pick([0.2, 0.6, 1]) };
      case 'writes':
        return { ...CALM, failingWrites: this.random.pick([0.2, 0.6, 1]) };
      case 'slow':
        return { ...CALM, slow: true };
    }
  }
}

/** Slow is no fault: everything still comes about. */
function isTrouble({ full, readOnly, failingSyncs, failingWrites }: Weather): boolean {
  return full || readOnly || failingSyncs > 0 || failingWrites > 0;
}
