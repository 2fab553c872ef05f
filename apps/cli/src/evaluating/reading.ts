// The files of a run as one log of answers, with what was read from where.
import { basename, resolve } from 'node:path';
import { shown } from '@trellis/service';
import type { TimeUnit } from '../cells.js';
import { Failure } from '../failure.js';
import { inspect, type InputFile } from '../input-file.js';
import type { Io } from '../io.js';
import { Progress } from '../progress.js';
import { readAkt } from './akt-file.js';
import { AnswerRows, type Answers, type Part } from './answer-rows.js';
import { readAnswers, type Field } from './answers-file.js';
import { interruption } from './pool.js';
import { readLinks } from './skill-links.js';
import { Subgroups } from './subgroups.js';
import { Numbers, VocabularyBuilder } from './vocabulary-builder.js';

export const SOURCE_FORMATS = ['table', 'akt'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

export interface Source {
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Learners are cut into folds later. */
  readonly data: readonly string[];
  readonly format: SourceFormat;
  readonly qMatrix?: string;
  readonly map: ReadonlyMap<Field, string>;
  readonly timeUnit?: TimeUnit;
  readonly subgroup?: string;
}

export interface ReadFile {
  readonly part: Part | 'data' | 'q-matrix';
  readonly file: string;
  /** Of its text; null for a log, which grows. */
  readonly sha256: string | null;
  readonly answers: number;
}

export interface Read {
  readonly answers: Answers;
  readonly files: readonly ReadFile[];
  /** What rows name as skills, by `Answers.named`. */
  readonly named: readonly string[];
  /** Values of the column of subgroups, by `Answers.group`. */
  readonly groups: { readonly column: string; readonly names: readonly string[] } | null;
}

const LEAKED_SHOWN = 5;

export async function readSource(source: Source, { cwd, signal, stderr }: Io): Promise<Read> {
  const inspected = async (path: string): Promise<InputFile> => inspect(resolve(cwd, path), signal);
  const [rows, vocabulary, named] = [new AnswerRows(), new VocabularyBuilder(), new Numbers()];
  const subgroups = source.subgroup === undefined ? null : new Subgroups(source.subgroup);
  let [read, before, bytes] = [0, 0, 0];
  const progress = new Progress(stderr, 'answers read', () => ({ count: rows.count, share: bytes === 0 ? null : (before + read) / bytes }));
  try {
    const matrix = source.qMatrix === undefined ? null : await inspected(source.qMatrix);
    const links = matrix === null ? null : await readLinks(matrix, vocabulary);
    const parts: FileOfPart[] = [];
    for (const part of ['train', 'test', 'data'] as const) for (const path of source[part]) parts.push({ part, file: await inspected(path) });
    bytes = parts.reduce((sum, { file }) => sum + file.bytes, 0);
    twice(parts);
    const files: ReadFile[] = matrix === null ? [] : [{ part: 'q-matrix', file: basename(matrix.path), sha256: matrix.hash, answers: 0 }];
    for (const { part, file } of parts) {
      const answersBefore = rows.count;
      const reading = { rows, vocabulary, links, subgroups, named, map: source.map, signal, onRead: (done: number) => (read = done), ...(source.timeUnit === undefined ? {} : { timeUnit: source.timeUnit }) };
      const side = part === 'data' ? 'test' : part;
      await (source.format === 'akt' ? readAkt(file, side, reading) : readAnswers(file, side, reading));
      if (signal.aborted) throw interruption();
      if (rows.count === answersBefore) throw new Failure(`${file.path} holds no answers, only a header`);
      files.push({ part, file: basename(file.path), sha256: file.hash, answers: rows.count - answersBefore });
      [before, read] = [before + file.bytes, 0];
    }
    const answers = rows.grouped(vocabulary.build());
    leakFree(answers.leaked);
    return { answers, files, named: named.names, groups: subgroups === null ? null : { column: subgroups.column, names: subgroups.names } };
  } catch (error) {
    if (signal.aborted) throw interruption();
    throw error;
  } finally {
    progress.end();
  }
}

interface FileOfPart {
  readonly part: Part | 'data';
  readonly file: InputFile;
}

/** The same answers twice would be their own twins. */
function twice(parts: readonly FileOfPart[]): void {
  for (const [n, { part, file }] of parts.entries()) {
    const other = parts.slice(0, n).find((one) => one.file.hash === file.hash);
    if (other !== undefined) throw new Failure(`${file.path} (${part}) holds the same text as ${other.file.path} (${other.part}); name each part once`);
  }
}

function leakFree(leaked: readonly string[]): void {
  if (leaked.length === 0) return;
  const some = leaked.slice(0, LEAKED_SHOWN).map((id) => shown(id)).join(', ');
  throw new Failure(`a leak: ${leaked.length === 1 ? 'one learner stands' : `${leaked.length} learners stand`} in train and in test (${some}${leaked.length > LEAKED_SHOWN ? ', ...' : ''}); a model would be judged on learners that it was fitted on. Split by learner, or give one file as --data`);
}
