// Which skills each item practises: a table of links, one line each.
import { shown } from '@trellis/service';
import { Failure } from '../failure.js';
import type { InputFile } from '../input-file.js';
import { counted } from '../progress.js';
import { formatOf, openTable } from '../rows.js';
import type { VocabularyBuilder } from './vocabulary-builder.js';
import type { Where } from './where.js';

const LINKS_MAX = 1_000_000;
const ITEM_COLUMNS = ['item_id', 'item'] as const;
const SKILL_COLUMNS = ['skill_id', 'skill'] as const;

export interface SkillLinks {
  readonly items: number;
  combinationOf(item: string, where: Pick<Where, 'path' | 'line'>): number;
}

export async function readLinks(file: InputFile, vocabulary: VocabularyBuilder): Promise<SkillLinks> {
  const { columns, rows } = await openTable(file, formatOf(file) === 'tsv' ? 'tsv' : 'csv');
  const [itemAt, skillAt] = [placeOf(ITEM_COLUMNS, columns, file.path), placeOf(SKILL_COLUMNS, columns, file.path)];
  const skills = new Map<string, string[]>();
  let links = 0;
  for await (const { line, cells } of rows) {
    if (++links > LINKS_MAX) throw new Failure(`${file.path} has more than ${counted(LINKS_MAX)} links, the most that are taken`);
    const [item, skill] = [cells[itemAt]?.trim() ?? '', cells[skillAt]?.trim() ?? ''];
    if (item === '' || skill === '') throw new Failure(`${file.path}, line ${line}: ${item === '' ? columns[itemAt] : columns[skillAt]} is empty; each line links an item to a skill`);
    const known = skills.get(item);
    if (known === undefined) skills.set(item, [skill]);
    else known.push(skill);
  }
  if (links === 0) throw new Failure(`${file.path} holds no links, only a header`);
  const numbers = new Map<string, number>();
  return {
    items: skills.size,
    combinationOf(item, { path, line }) {
      const known = numbers.get(item);
      if (known !== undefined) return known;
      const of = skills.get(item);
      if (of === undefined) throw new Failure(`${path}, line ${line}: the item ${shown(item)} is not in ${file.path}; every item needs at least one link to a skill`);
      const number = vocabulary.combination(of);
      numbers.set(item, number);
      return number;
    },
  };
}

function placeOf(names: readonly string[], columns: readonly string[], path: string): number {
  const at = columns.findIndex((column) => names.includes(column));
  if (at < 0) throw new Failure(`${path} has no column ${names.map((name) => shown(name)).join(' or ')}; its columns are ${columns.map((name) => shown(name)).join(', ')}`);
  return at;
}
