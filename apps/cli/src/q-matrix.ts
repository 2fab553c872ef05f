// A table of item-to-skill links as a course: the file's own ids, no prerequisites, every item for practice.
import { CURRICULUM_PATTERN, type CourseContent, type ItemId, type SkillId } from '@trellis/learning';
import { shown } from '@trellis/service';
import { Failure, wrongUsage } from './failure.js';
import type { InputFile } from './input-file.js';
import { formatOf, openTable } from './rows.js';

export interface QMatrixOptions {
  readonly title: string;
  readonly language: string;
  /** `item=column,skill=column`; `item_id` and `skill_id` where left out. */
  readonly map: readonly string[];
}

type Role = 'item' | 'skill';

const CURRICULUM = new RegExp(CURRICULUM_PATTERN);
const LINKS_MAX = 1_000_000;

export async function courseOfLinks(file: InputFile, { title, language, map }: QMatrixOptions): Promise<CourseContent> {
  const names = columnsOf(map);
  const { columns, rows } = await openTable(file, formatOf(file) === 'tsv' ? 'tsv' : 'csv');
  const at = { item: placeOf(names.item, columns, file.path), skill: placeOf(names.skill, columns, file.path) };
  const items = new Map<ItemId, Set<SkillId>>();
  const skills = new Set<SkillId>();
  let links = 0;
  for await (const { line, cells } of rows) {
    if (++links > LINKS_MAX) throw new Failure(`${file.path} has more than ${LINKS_MAX} links; publish it as several courses`);
    const item = idOf<ItemId>(cells[at.item], { path: file.path, line, column: names.item });
    const skill = idOf<SkillId>(cells[at.skill], { path: file.path, line, column: names.skill });
    skills.add(skill);
    const known = items.get(item);
    if (known === undefined) items.set(item, new Set([skill]));
    else known.add(skill);
  }
  // In the order of the ids, so that the same links in another order are the same course.
  return {
    title,
    language,
    skills: [...skills].sort(byId).map((id) => ({ id, title: id, prerequisites: [] })),
    items: [...items].sort(([a], [b]) => byId(a, b)).map(([id, of]) => ({ id, skills: [...of].sort(byId), kind: 'practice' })),
    objectives: [],
  };
}

function columnsOf(texts: readonly string[]): Readonly<Record<Role, string>> {
  const names = { item: 'item_id', skill: 'skill_id' };
  for (const pair of texts.flatMap((text) => text.split(','))) {
    const [role = '', column = ''] = pair.split('=', 2).map((part) => part.trim());
    if ((role !== 'item' && role !== 'skill') || column === '') throw wrongUsage(`--map has ${shown(pair)}; with --q-matrix it is item=<column>,skill=<column>`);
    names[role] = column;
  }
  return names;
}

function placeOf(column: string, columns: readonly string[], path: string): number {
  const at = columns.indexOf(column);
  if (at < 0) {
    throw new Failure(`${path} has no column ${shown(column)}; its columns are ${columns.map((name) => shown(name)).join(', ')}: say with --map item=<column>,skill=<column> which is which`);
  }
  return at;
}

function idOf<Id extends string>(cell: string | undefined, { path, line, column }: { readonly path: string; readonly line: number; readonly column: string }): Id {
  const id = cell?.trim() ?? '';
  if (!CURRICULUM.test(id)) throw new Failure(`${path}, line ${line}: ${column} is ${shown(id)}; it must be 1 to 128 of A-Z a-z 0-9 . _ : ~ -`);
  // The pattern is that of item and skill ids.
  return id as Id;
}

const numeric = new Intl.Collator('en', { numeric: true });

function byId(a: string, b: string): number {
  return numeric.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
