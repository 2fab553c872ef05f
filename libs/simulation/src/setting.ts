// Three sections of the course as targets, and everything that leads there.
import type { CourseGraph } from './course-graph.js';
import { uniform } from './random.js';
import type { Setting } from './world.js';

const SECTIONS = 3;

/** `itemsOf`: what a policy knows of the items of a skill of the course. */
export function courseSetting(graph: CourseGraph, s: number, budget: number, itemsOf: (skill: number, count: number) => Float64Array): Setting {
  const left = [...graph.sections];
  const targets = new Set<number>();
  for (let drawn = 0; drawn < SECTIONS; drawn++) {
    const [section] = left.splice(Math.floor(left.length * uniform(s, 60, drawn, 0)), 1);
    for (const skill of section ?? []) targets.add(skill);
  }
  const needed = new Set(targets);
  // A set lists what is added while it is walked.
  for (const skill of needed) for (const each of graph.before[skill] ?? []) needed.add(each);
  const ids = Int32Array.from(needed).sort();
  const placeOf = new Map(Array.from(ids, (id, place) => [id, place]));
  const inside = (skills: Int32Array | undefined): Int32Array => Int32Array.from([...(skills ?? [])].flatMap((skill) => placeOf.get(skill) ?? []));
  return {
    ids,
    before: Array.from(ids, (id) => inside(graph.before[id])),
    next: Array.from(ids, (id) => inside(graph.next[id])),
    targets: Uint8Array.from(ids, (id) => (targets.has(id) ? 1 : 0)),
    needed: new Uint8Array(ids.length).fill(1),
    items: Array.from(ids, (id) => itemsOf(id, graph.items[id] ?? 0)),
    budget,
    warmUp: 0,
    isLocal: false,
  };
}
