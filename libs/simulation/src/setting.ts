// Makes a setting whole: what is needed, what follows from what, and what is near, from the prerequisites and the targets.
import type { Setting } from './world.js';

export interface SettingBasis {
  readonly world: string;
  readonly ids: Int32Array;
  readonly target: Uint8Array;
  readonly prerequisites: readonly Int32Array[];
  readonly items: Int32Array;
  readonly difficulties: readonly Float64Array[];
  readonly wearsOut: boolean;
  readonly learnsNearOnly: boolean;
  readonly timetable: Timetable;
}

export interface Timetable {
  readonly warmUp: number;
  readonly budget: number;
  readonly day: Float64Array;
  readonly session: Int32Array;
}

export function settingOf({ timetable, ...basis }: SettingBasis): Setting {
  const skills = basis.ids.length;
  const needed = Uint8Array.from(basis.target);
  const successors: number[][] = Array.from({ length: skills }, () => []);
  for (let skill = 0; skill < skills; skill++) {
    for (const before of basis.prerequisites[skill] ?? []) successors[before]?.push(skill);
  }
  for (let skill = skills - 1; skill >= 0; skill--) {
    if (needed[skill] === 1) for (const before of basis.prerequisites[skill] ?? []) needed[before] = 1;
  }
  const withSuccessors = { ...basis, successors: successors.map((list) => Int32Array.from(list)) };
  return {
    ...withSuccessors,
    skills,
    needed,
    neededSkills: marked(needed),
    targets: marked(basis.target),
    near: basis.prerequisites.map((_, skill) => nearTo(skill, withSuccessors)),
    ...timetable,
  };
}

/** Sessions of one length on the days given. */
export function timetable(sessionDays: readonly number[], answersPerSession: number): Timetable {
  const budget = sessionDays.length * answersPerSession;
  const session = Int32Array.from({ length: budget }, (_, step) => Math.floor(step / answersPerSession));
  return { warmUp: 0, budget, session, day: Float64Array.from(session, (number) => sessionDays[number] ?? 0) };
}

/** The skill itself, its successors, its prerequisites, and the prerequisites and successors of those. */
export function nearTo(skill: number, { prerequisites, successors }: Pick<Setting, 'prerequisites' | 'successors'>): Int32Array {
  const near = new Set([skill, ...(successors[skill] ?? [])]);
  for (const before of prerequisites[skill] ?? []) {
    near.add(before);
    for (const list of [prerequisites[before], successors[before]]) for (const other of list ?? []) near.add(other);
  }
  return Int32Array.from(near).sort();
}

function marked(marks: Uint8Array): Int32Array {
  const list: number[] = [];
  marks.forEach((mark, skill) => {
    if (mark === 1) list.push(skill);
  });
  return Int32Array.from(list);
}
