// Runs a policy in a world, student by student, and keeps one row of numbers for each: columns that workers can hand over.
import type { CourseGraph } from './course-graph.js';
import { ANY_ITEM, DECLARED_AT, STOP, type Noise, type Policy, type PolicyRun } from './policy.js';
import { uniform } from './random.js';
import type { Setting, Student, World } from './world.js';

/** One entry a student. */
export interface RunColumns {
  /** True score of the targets at the end less that at the start; and what it could have been. */
  readonly gain: Float64Array;
  readonly room: Float64Array;
  readonly answers: Float64Array;
  /** Answers on a skill that was truly mastered, and there was nothing to refresh. */
  readonly overPractised: Float64Array;
  /** Answers on a skill from the eleventh on, before its first three right in a row. */
  readonly wheelSpinning: Float64Array;
  /** Answers on a skill with a direct prerequisite that was truly unmastered. */
  readonly violating: Float64Array;
  readonly targets: Float64Array;
  /** Targets truly mastered at the end, and those of them that were not at the start. */
  readonly mastered: Float64Array;
  readonly newlyMastered: Float64Array;
  /** Targets whose estimate is .95 or more at the end, and those of them that are not mastered. */
  readonly declared: Float64Array;
  readonly falselyDeclared: Float64Array;
  /** The same by the policy's own rule for telling a teacher. */
  readonly told: Float64Array;
  readonly falselyTold: Float64Array;
  /** Mean true score of the targets, so long after the last session; NaN where days alone change nothing. */
  readonly recallAfter2Weeks: Float64Array;
  readonly recallAfter4Weeks: Float64Array;
}

export interface RunOptions {
  readonly course: CourseGraph;
  readonly world: World;
  readonly policy: Policy;
  readonly split: number;
  /** Students [from, to). */
  readonly from: number;
  readonly to: number;
  /** Told of every answer that was chosen. */
  readonly onAnswer?: (answer: TracedAnswer) => void;
}

export interface TracedAnswer {
  readonly student: number;
  readonly step: number;
  /** As the course or the world numbers it. */
  readonly id: number;
  readonly item: number;
  readonly right: boolean;
  readonly probability: number;
}

const WHEEL_SPIN_FROM = 11;
const MASTERY_RUN = 3;
const TWO_WEEKS_DAYS = 14;
const FOUR_WEEKS_DAYS = 28;

export function emptyColumns(students: number): RunColumns {
  const column = (): Float64Array => new Float64Array(students);
  return {
    gain: column(), room: column(), answers: column(), overPractised: column(), wheelSpinning: column(), violating: column(), targets: column(), mastered: column(),
    newlyMastered: column(), declared: column(), falselyDeclared: column(), told: column(), falselyTold: column(), recallAfter2Weeks: column(), recallAfter4Weeks: column(),
  };
}

/** The same arguments give the same numbers; students do not bear on each other, so that a run may be cut in pieces. */
export function runPolicy(options: RunOptions): RunColumns {
  const { course, world, split, from, to } = options;
  const columns = emptyColumns(to - from);
  for (let number = from; number < to; number++) runStudent(world.student(course, split, number), number, columns, options);
  return columns;
}

/** Pieces of one run, in order. */
export function joined(pieces: readonly RunColumns[]): RunColumns {
  const all = emptyColumns(pieces.reduce((sum, { gain }) => sum + gain.length, 0));
  let from = 0;
  for (const piece of pieces) {
    for (const name of COLUMNS) all[name].set(piece[name], from);
    from += piece.gain.length;
  }
  return all;
}

export const COLUMNS = Object.keys(emptyColumns(0)) as readonly (keyof RunColumns)[];

function runStudent(student: Student, number: number, columns: RunColumns, { world, policy, from, onAnswer }: RunOptions): void {
  const { setting } = student;
  const { targets, warmUp, budget } = setting;
  const row = number - from;
  const noise: Noise = (stream, step) => uniform(student.seed, stream, step, 0);
  const run = policy.sees === 'true state' ? policy.begin(setting, noise, student, world.valueFlow) : policy.begin(setting, noise);
  const uses = Array.from(setting.items, (items) => new Int32Array(items));
  const [answers, rightInARow, wasMastered] = [new Int32Array(setting.skills), new Int32Array(setting.skills), new Uint8Array(setting.skills)];

  let step = 0;
  for (; step < warmUp; step++) {
    student.reach(step);
    const skill = student.warmUpSkill(step);
    const item = anyItem(setting, uses[skill] as Int32Array);
    answer(student, run, { step, skill, item, uses });
  }
  const start = sumOf(targets, (skill) => student.score(skill));
  const masteredAtStart = Uint8Array.from(targets, (skill) => (student.mastered(skill) ? 1 : 0));

  for (; step < warmUp + budget; step++) {
    student.reach(step);
    const { skill, item: wanted, probability } = run.choose(step);
    if (skill === STOP) break;
    const item = wanted === ANY_ITEM ? anyItem(setting, uses[skill] as Int32Array) : wanted;
    const n = (answers[skill] as number) + 1;
    add(columns.answers, row, 1);
    if (student.fresh(skill)) add(columns.overPractised, row, 1);
    if (n >= WHEEL_SPIN_FROM && wasMastered[skill] === 0) add(columns.wheelSpinning, row, 1);
    if (isUnready(student, skill)) add(columns.violating, row, 1);
    const right = answer(student, run, { step, skill, item, uses });
    answers[skill] = n;
    rightInARow[skill] = right ? (rightInARow[skill] as number) + 1 : 0;
    if ((rightInARow[skill] as number) >= MASTERY_RUN) wasMastered[skill] = 1;
    onAnswer?.({ student: number, step, id: setting.ids[skill] as number, item, right, probability });
  }
  judge(student, run, columns, row, { start, masteredAtStart, judgedOnDay: world.judgedOnDay });
}

function answer(student: Student, run: PolicyRun, { step, skill, item, uses }: { step: number; skill: number; item: number; uses: Int32Array[] }): boolean {
  const right = student.answer(skill, item);
  const ofSkill = uses[skill] as Int32Array;
  ofSkill[item] = (ofSkill[item] as number) + 1;
  run.observe(step, skill, item, right);
  return right;
}

function judge(student: Student, run: PolicyRun, columns: RunColumns, row: number, { start, masteredAtStart, judgedOnDay }: { start: number; masteredAtStart: Uint8Array; judgedOnDay: number | null }): void {
  const { targets, day } = student.setting;
  const { scoreOn } = student;
  const end = sumOf(targets, (skill) => (scoreOn === null || judgedOnDay === null ? student.score(skill) : scoreOn(skill, judgedOnDay)));
  columns.gain[row] = end - start;
  columns.room[row] = targets.length - start;
  columns.targets[row] = targets.length;
  for (const [n, skill] of targets.entries()) {
    const mastered = student.mastered(skill);
    const declared = (run.estimate?.(skill) ?? 0) >= DECLARED_AT;
    const told = run.declared?.(skill) ?? declared;
    if (mastered) add(columns.mastered, row, 1);
    if (mastered && masteredAtStart[n] === 0) add(columns.newlyMastered, row, 1);
    if (declared) add(columns.declared, row, 1);
    if (declared && !mastered) add(columns.falselyDeclared, row, 1);
    if (told) add(columns.told, row, 1);
    if (told && !mastered) add(columns.falselyTold, row, 1);
  }
  columns.recallAfter2Weeks[row] = NaN;
  columns.recallAfter4Weeks[row] = NaN;
  if (scoreOn === null) return;
  const last = day[day.length - 1] as number;
  columns.recallAfter2Weeks[row] = sumOf(targets, (skill) => scoreOn(skill, last + TWO_WEEKS_DAYS)) / targets.length;
  columns.recallAfter4Weeks[row] = sumOf(targets, (skill) => scoreOn(skill, last + FOUR_WEEKS_DAYS)) / targets.length;
}

function isUnready(student: Student, skill: number): boolean {
  const before = student.setting.prerequisites[skill] as Int32Array;
  for (let n = 0; n < before.length; n++) if (!student.mastered(before[n] as number)) return true;
  return false;
}

function anyItem({ wearsOut }: Setting, uses: Int32Array): number {
  let item = 0;
  if (!wearsOut) return item;
  for (let other = 1; other < uses.length; other++) if ((uses[other] as number) < (uses[item] as number)) item = other;
  return item;
}

function sumOf(skills: Int32Array, value: (skill: number) => number): number {
  let sum = 0;
  for (let n = 0; n < skills.length; n++) sum += value(skills[n] as number);
  return sum;
}

function add(column: Float64Array, row: number, amount: number): void {
  column[row] = (column[row] as number) + amount;
}
