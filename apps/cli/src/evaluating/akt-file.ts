// Three lines for each student, without items: index and id of the student, the skill of each answer, each answer.
// The layout of Ghosh, Heffernan & Lan (2020, "Context-aware attentive knowledge tracing", KDD).
import { shown } from '@trellis/service';
import { Failure } from '../failure.js';
import type { InputFile } from '../input-file.js';
import { openTable } from '../rows.js';
import type { Part } from './answer-rows.js';
import type { Reading } from './answers-file.js';

type AktReading = Pick<Reading, 'rows' | 'vocabulary' | 'signal' | 'onRead'>;

export async function readAkt(file: InputFile, part: Part, { rows, vocabulary, signal, onRead }: AktReading): Promise<void> {
  // Lines as they are: of JSON lines nothing is parsed here.
  const lines = (await openTable(file, 'jsonl', onRead)).rows;
  let student: readonly string[] = [];
  let skills: readonly string[] = [];
  let count = 0;
  for await (const { line, cells: [text = ''] } of lines) {
    if (signal.aborted) return;
    if (line !== ++count) throw new Failure(`${file.path}, line ${count} is empty; each student has three lines: index and id, skills, answers`);
    const cells = text.split(',').map((cell) => cell.trim());
    if (count % 3 === 1) {
      if (cells.length !== 2 || cells[1] === '') throw new Failure(`${file.path}, line ${line} is ${shown(text)}; the first of a student's three lines is index,student_id`);
      student = cells;
    } else if (count % 3 === 2) skills = cells;
    else {
      if (cells.length !== skills.length) throw new Failure(`${file.path}, line ${line} has ${cells.length} answers; line ${line - 1} has ${skills.length} skills`);
      cells.forEach((cell, n) => {
        if (cell !== '0' && cell !== '1') throw new Failure(`${file.path}, line ${line}: answer ${n + 1} is ${shown(cell)}; it must be 0 or 1`);
        const skill = skills[n] ?? '';
        if (skill === '') throw new Failure(`${file.path}, line ${line - 1}: skill ${n + 1} is empty`);
        rows.add({ learner: student[1] ?? '', part, item: -1, combination: vocabulary.combination([skill]), right: cell === '1', at: NaN, sequence: 0, group: -1, named: -1 });
      });
    }
  }
  if (count % 3 !== 0) throw new Failure(`${file.path} breaks off: it has ${count} lines, and each student has three`);
}
