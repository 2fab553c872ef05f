// What the policy takes to rest on what: as the setting says, or with links missing or made up, to see what a wrong graph costs.
import type { Noise } from '../policy.js';
import { nearTo } from '../setting.js';
import type { Setting } from '../world.js';
import type { RecipeConstants } from './constants.js';

export interface Links {
  readonly prerequisites: readonly Int32Array[];
  readonly successors: readonly Int32Array[];
}

export interface PolicyGraph extends Links {
  /** By skill, 1 for those near it. */
  readonly near: readonly Uint8Array[];
  /** Same shape as the links; empty where the graph is for values only. */
  readonly around: Links;
}

const GRAPH_NOISE = 53;
/** Draws for made-up links start here, past any link that could be left out. */
const ADDED_FROM = 100_000;
/** Places drawn for one made-up link before it is given up. */
const ADDED_TRIES_MAX = 50;

export function policyGraph(setting: Setting, noise: Noise, { graph, edgesMissing, edgesAdded }: RecipeConstants): PolicyGraph {
  const none: Links = { prerequisites: setting.prerequisites.map(() => new Int32Array()), successors: setting.prerequisites.map(() => new Int32Array()) };
  const links = graph === 'nowhere' ? none : edgesMissing > 0 || edgesAdded > 0 ? distorted(setting, noise, { edgesMissing, edgesAdded }) : setting;
  const around = graph === 'everywhere' ? links : none;
  const near = setting.prerequisites.map((_, skill) => {
    const marks = new Uint8Array(setting.skills);
    for (const other of around === setting ? (setting.near[skill] ?? []) : nearTo(skill, around)) marks[other] = 1;
    return marks;
  });
  return { prerequisites: links.prerequisites, successors: links.successors, near, around };
}

function distorted({ skills, prerequisites }: Setting, noise: Noise, { edgesMissing, edgesAdded }: { edgesMissing: number; edgesAdded: number }): Links {
  const kept = prerequisites.map((before, skill) => new Set(before.filter((other) => noise(GRAPH_NOISE, skill * skills + other) >= edgesMissing)));
  const edges = prerequisites.reduce((sum, before) => sum + before.length, 0);
  for (let n = 0; n < Math.round(edgesAdded * edges); n++) {
    for (let tried = 0; tried < ADDED_TRIES_MAX; tried++) {
      const draw = ADDED_FROM + 2 * (n * ADDED_TRIES_MAX + tried);
      const [a, b] = [Math.floor(skills * noise(GRAPH_NOISE, draw)), Math.floor(skills * noise(GRAPH_NOISE, draw + 1))];
      const [from, to] = a < b ? [a, b] : [b, a];
      if (from === to || prerequisites[to]?.includes(from) || kept[to]?.has(from)) continue;
      kept[to]?.add(from);
      break;
    }
  }
  const successors: number[][] = prerequisites.map(() => []);
  for (const [skill, before] of kept.entries()) for (const other of before) successors[other]?.push(skill);
  return { prerequisites: kept.map((before) => Int32Array.from(before).sort()), successors: successors.map((after) => Int32Array.from(after)) };
}
