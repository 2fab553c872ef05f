// The only source of chance in the simulated world: a seed gives the same numbers on every machine.

/** Of a generator that was split off: depends on the seed and the name, never on how often others were asked. */
export class Randomness {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  constructor(private readonly seed: number) {
    this.a = Math.imul(seed, 0x9e37_79b1) ^ 0x85eb_ca6b;
    this.b = Math.floor(seed / 2 ** 32) ^ 0xc2b2_ae35;
    this.c = seed | 0;
    // The first numbers of neighbouring seeds would be alike.
    for (let n = 0; n < 12; n++) this.word();
  }

  split(name: string): Randomness {
    let hash = this.seed | 0;
    for (let n = 0; n < name.length; n++) hash = Math.imul(hash ^ name.charCodeAt(n), 0x0100_0193);
    return new Randomness((hash >>> 0) + 2 ** 32 * ((this.seed ^ (hash >>> 7)) & 0xfffff));
  }

  /** 0 <= x < 1. */
  fraction(): number {
    return this.word() / 2 ** 32;
  }

  /** A whole number from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.fraction() * count);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<One>(of: readonly One[]): One {
    const one = of[this.below(of.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  /** One of the names, each as often as its weight says. */
  weighted<Name extends string>(weights: { readonly [name in Name]: number }): Name {
    const names = Object.keys(weights) as Name[]; // the keys of such an object are its names
    let left = this.fraction() * names.reduce((sum, name) => sum + weights[name], 0);
    for (const name of names) {
      left -= weights[name];
      if (left < 0) return name;
    }
    return this.pick(names);
  }

  /** Small Fast Counter, 32 bits (Doty-Humphrey, PractRand): a few operations a number and no known weakness that matters here. */
  private word(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + sum;
    return sum >>> 0;
  }
}
