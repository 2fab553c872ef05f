// Which policies meet in which worlds, cut into tasks that threads can do.
import {
  ablations,
  courseGraph,
  fittedBkt,
  POLICIES,
  recipe,
  RECIPES,
  resampled,
  runPolicy,
  WORLDS,
  type BootstrapOptions,
  type CourseGraph,
  type ListedPolicy,
  type Policy,
  type Ratio,
  type RunColumns,
  type Variant,
  type World,
} from '@trellis/simulation';
import type { CourseContent } from '@trellis/learning';

export type ContestTask = Piece | Draws;

export interface Piece {
  readonly kind: 'piece';
  readonly policy: string;
  readonly world: string;
  /** Students [from, to) of the split. */
  readonly from: number;
  readonly to: number;
}

/** The bootstrap of one world: by policy, its gain in each draw of students. */
export interface Draws extends BootstrapOptions {
  readonly kind: 'draws';
  readonly world: string;
  readonly ratios: readonly Ratio[];
}

export interface ContestStage {
  readonly content: CourseContent;
  readonly split: number;
}

export interface Contestant extends Pick<ListedPolicy, 'title' | 'group'> {
  readonly name: string;
  /** What it is, but for the one thing that its title names; null where it stands for itself. */
  readonly base: string | null;
  readonly policyIn: (world: World, ground: Ground) => Policy;
}

/** What a policy may be made from that is more than constants. */
export interface Ground {
  readonly course: CourseGraph;
  readonly split: number;
}

/** Students of one task: small enough that threads end together. */
const PIECE_STUDENTS = 250;

/** Those of the matrix. */
export const ENTRANTS: readonly Contestant[] = POLICIES.map(({ policy, title, group }) => ({ name: policy.name, title, group, base: null, policyIn: () => policy }));

/** What each part of the recipe is worth: the recipe, then with one thing changed. */
export const ABLATIONS: readonly Contestant[] = ['graph-free', 'recommended'].flatMap((name) => {
  const base = RECIPES.find((one) => one.name === name);
  if (base === undefined) throw new Error(`there is no recipe ${name}`);
  return [...ENTRANTS.filter((one) => one.name === name), ...ablations(base).map((variant) => variantOf(base, variant)), fitted(base)];
});

/** Every policy that can be named. */
export const CONTESTANTS: readonly Contestant[] = [...ENTRANTS, ...ABLATIONS.filter(({ base }) => base !== null)];

function variantOf(base: Variant, { name, title, constants }: Variant): Contestant {
  const policy = recipe(name, constants);
  return { name, title, group: 'recipe', base: base.name, policyIn: () => policy };
}

function fitted(base: Variant): Contestant {
  const name = `${base.name}/fitted-bkt`;
  return { name, title: 'L0 T G S fitted in each world to practice at random', group: 'recipe', base: base.name, policyIn: (world, { course, split }) => recipe(name, { ...base.constants, bkt: fittedBkt(world, course, split) }) };
}

export function pieces(contestants: readonly Contestant[], { id }: World, learners: number): readonly Piece[] {
  const starts = Array.from({ length: Math.ceil(learners / PIECE_STUDENTS) }, (_, n) => n * PIECE_STUDENTS);
  return contestants.flatMap(({ name }) => starts.map((from): Piece => ({ kind: 'piece', policy: name, world: id, from, to: Math.min(learners, from + PIECE_STUDENTS) })));
}

/** Does tasks, one after the other. What a policy is made from is worked out once. */
export function player({ content, split }: ContestStage): (task: ContestTask) => RunColumns | readonly Float64Array[] {
  const ground: Ground = { course: courseGraph(content), split };
  const made = new Map<string, Policy>();
  return (task) => {
    if (task.kind === 'draws') return resampled(task.ratios, task);
    const { policy: name, world: id, from, to } = task;
    const contestant = CONTESTANTS.find((one) => one.name === name);
    const world = WORLDS.find((one) => one.id === id);
    if (contestant === undefined || world === undefined) throw new Error(`there is no ${contestant === undefined ? `policy ${name}` : `world ${id}`}`);
    const policy = made.get(`${name} ${id}`) ?? contestant.policyIn(world, ground);
    made.set(`${name} ${id}`, policy);
    return runPolicy({ course: ground.course, world, policy, split, from, to });
  };
}
