// Numbers for items, skills and sets of skills, in the order in which they are first named: one vocabulary over all files of a run.
import type { Vocabulary } from '@trellis/mastery';

/** Numbers in the order in which things are first named. */
export class Numbers {
  private readonly numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }

  get names(): readonly string[] {
    return [...this.numbers.keys()];
  }
}

export class VocabularyBuilder {
  private readonly items = new Numbers();
  private readonly skills = new Numbers();
  private readonly combinations = new Map<string, number>();
  private readonly sets: Int32Array[] = [];

  item(id: string): number {
    return this.items.numberOf(id);
  }

  /** `skills` is not empty; repeats and order do not matter. */
  combination(skills: readonly string[]): number {
    const set = Int32Array.from(new Set(skills.map((id) => this.skills.numberOf(id)))).sort();
    const key = set.join(' ');
    const known = this.combinations.get(key);
    if (known !== undefined) return known;
    this.combinations.set(key, this.sets.length);
    return this.sets.push(set) - 1;
  }

  build(): Vocabulary {
    return { items: this.items.names, skills: this.skills.names, combinations: this.sets };
  }
}
