// Which policies meet in which worlds, cut into pieces that threads can do.
import { ablations, courseGraph, POLICIES, recipe, RECIPES, runPolicy, WORLDS, type CourseGraph, type ListedPolicy, type RunColumns, type World } from '@trellis/simulation';
import type { CourseContent } from '@trellis/learning';

export interface Piece {
  readonly policy: string;
  readonly world: string;
  /** Students [from, to) of the split. */
  readonly from: number;
  readonly to: number;
}

export interface ContestStage {
  readonly content: CourseContent;
  readonly split: number;
}

/** Students of one task: small enough that threads end together. */
const PIECE_STUDENTS = 250;

/** Every policy that can be named: those of the report, and the recipe with one thing changed. */
export const CONTESTANTS: readonly ListedPolicy[] = [...POLICIES, ...ablated('graph-free'), ...ablated('recommended')];

/** What each part of the recipe is worth; `base` is one of `RECIPES`. */
export function ablated(base: string): readonly ListedPolicy[] {
  const found = RECIPES.find(({ name }) => name === base);
  return found === undefined ? [] : ablations(found).map(({ name, title, constants }) => ({ group: 'recipe', title, policy: recipe(name, constants) }));
}

export function pieces(policies: readonly ListedPolicy[], worlds: readonly World[], learners: number): readonly Piece[] {
  const starts = Array.from({ length: Math.ceil(learners / PIECE_STUDENTS) }, (_, n) => n * PIECE_STUDENTS);
  return policies.flatMap(({ policy }) => worlds.flatMap(({ id }) => starts.map((from): Piece => ({ policy: policy.name, world: id, from, to: Math.min(learners, from + PIECE_STUDENTS) }))));
}

export function play({ policy: name, world: id, from, to }: Piece, course: CourseGraph, split: number): RunColumns {
  const policy = CONTESTANTS.find((one) => one.policy.name === name)?.policy;
  const world = WORLDS.find((one) => one.id === id);
  if (policy === undefined || world === undefined) throw new Error(`there is no ${policy === undefined ? `policy ${name}` : `world ${id}`}`);
  return runPolicy({ course, world, policy, split, from, to });
}

export { courseGraph };
