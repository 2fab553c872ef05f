// The values of the column that --subgroup names, as numbers.
import { shown } from '@trellis/service';
import { Failure } from '../failure.js';
import type { Where } from './where.js';

/** More are most likely ids, and figures of so few answers would say nothing. */
export const SUBGROUPS_MAX = 50;

export class Subgroups {
  private readonly numbers = new Map<string, number>();

  constructor(readonly column: string) {}

  /** -1 for an empty cell. */
  numberOf(cell: string, { path, line }: Pick<Where, 'path' | 'line'>): number {
    const name = cell.trim();
    if (name === '') return -1;
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    if (this.numbers.size === SUBGROUPS_MAX) {
      throw new Failure(`${path}, line ${line}: ${shown(this.column)} has more than ${SUBGROUPS_MAX} different values, here ${shown(name)}; a subgroup is one of a few`);
    }
    this.numbers.set(name, this.numbers.size);
    return this.numbers.size - 1;
  }

  get names(): readonly string[] {
    return [...this.numbers.keys()];
  }
}
