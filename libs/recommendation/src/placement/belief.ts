// What a learner may know, as many possible states of knowledge that fit the graph and the answers so far: a skill is unlikely known where what
// it builds on is not (Falmagne and others, 2006, "The assessment of knowledge, in theory and in practice"). States are drawn by Gibbs sampling
// (Geman & Geman, 1984); the seed fixes them all.
import { bktOf, seeded, type Calibration } from '@trellis/mastery';
import type { CourseMap } from '../course-map.js';

/** What an answer, or several together, say of a skill: log likelihood ratio of known against not known. */
export type Evidence = ReadonlyMap<number, number>;

export interface Belief {
  /** Needed skills in learning order, by number in the course. */
  readonly skills: Int32Array;
  /** By place in `skills`. */
  readonly known: Float64Array;
  /** By state, by place: 1 where the state knows the skill. */
  readonly states: readonly Uint8Array[];
}

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { exp, log, max } = Math;

const STATES = 160;
const DRAFTS = 640;
const SWEEPS = 6;
/** How far learners differ in all skills at once, in logits of knowing one whose ground is laid. */
const SPREAD = 1.8;
/** What is left of the chance to know a skill for each prerequisite that is not known. */
const WITHOUT = { hard: 0.08, soft: 0.25 } as const;
const CHANCE_MIN = 0.002;

interface Net {
  readonly skills: Int32Array;
  readonly base: Float64Array;
  /** By place: places of prerequisites and what is left without each; places of successors. */
  readonly before: readonly (readonly { readonly place: number; readonly left: number }[])[];
  readonly next: readonly (readonly number[])[];
  readonly evidence: Float64Array;
}

export function beliefOf({ map, needed, calibration, evidence, seed }: { readonly map: CourseMap; readonly needed: ReadonlySet<number>; readonly calibration: Calibration; readonly evidence: Evidence; readonly seed: number }): Belief {
  const net = netOf(map, needed, calibration, evidence);
  const random = seeded(seed);
  const count = net.skills.length;
  const known = new Float64Array(count);
  const states = begun(net, random);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isLast = sweep === SWEEPS - 1;
    for (const each of states) {
      swept(net, each, random, isLast ? known : null);
      each.lift = liftAfter(net, each, random);
    }
  }
  for (let place = 0; place < count; place++) known[place] = (known[place] as number) / STATES;
  return { skills: net.skills, known, states: states.map(({ state }) => state) };
}

function netOf(map: CourseMap, needed: ReadonlySet<number>, calibration: Calibration, evidence: Evidence): Net {
  const skills = Int32Array.from(map.learningOrder.filter((number) => needed.has(number)));
  const placeOf = new Map(Array.from(skills, (number, place) => [number, place]));
  return {
    skills,
    base: Float64Array.from(skills, (number) => logitOf(bktOf(calibration, map.skills[number]?.skill.id ?? '').prior)),
    before: Array.from(skills, (number) => (map.skills[number]?.prerequisites ?? []).flatMap(({ skill, strength }) => {
      const place = placeOf.get(skill);
      return place === undefined ? [] : [{ place, left: WITHOUT[strength] }];
    })),
    next: Array.from(skills, (number) => (map.skills[number]?.successors ?? []).flatMap((skill) => placeOf.get(skill) ?? [])),
    evidence: Float64Array.from(skills, (number) => evidence.get(number) ?? 0),
  };
}

/** P(known) of a skill in a state, from what it builds on alone. */
function chance({ base, before }: Net, state: Uint8Array, lift: number, place: number): number {
  let p = sigmoid((base[place] as number) + GROUND_LIFT + lift);
  const links = before[place] as Net['before'][number];
  for (let n = 0; n < links.length; n++) {
    const link = links[n] as (typeof links)[number];
    if (state[link.place] === 0) p *= link.left;
  }
  return max(CHANCE_MIN, p);
}

/** A prior is that of all learners; one whose prerequisites are known stands better. */
const GROUND_LIFT = 1;

interface State {
  lift: number;
  readonly state: Uint8Array;
}

/** States that fit the answers to begin with: drawn from what is assumed, then drawn again by how well each explains what was answered. */
function begun(net: Net, random: () => number): readonly State[] {
  const drafts = Array.from({ length: DRAFTS }, (_, n): State => {
    // Evenly over the range, so that few cover it well.
    const lift = SPREAD * normalQuantile((n + 0.5) / DRAFTS);
    return { lift, state: drawn(net, lift, random) };
  });
  const scores = drafts.map(({ state }) => net.evidence.reduce((sum, value, place) => sum + value * (state[place] as number), 0));
  const best = Math.max(...scores);
  const weights = scores.map((score) => exp(score - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const states: State[] = [];
  let [at, reached] = [0, weights[0] ?? 0];
  for (let n = 0; n < STATES; n++) {
    const wanted = ((n + 0.5) / STATES) * total;
    while (reached < wanted && at + 1 < DRAFTS) reached += weights[++at] ?? 0;
    const { lift, state } = drafts[at] as State;
    states.push({ lift, state: state.slice() });
  }
  return states;
}

function drawn(net: Net, lift: number, random: () => number): Uint8Array {
  const state = new Uint8Array(net.skills.length);
  for (let place = 0; place < state.length; place++) state[place] = random() < chance(net, state, lift, place) ? 1 : 0;
  return state;
}

/** Draws every skill anew, given all others and the answers. */
function swept(net: Net, { lift, state }: { readonly lift: number; readonly state: Uint8Array }, random: () => number, known: Float64Array | null): void {
  for (let place = 0; place < state.length; place++) {
    const p = chance(net, state, lift, place);
    let odds = log(p / (1 - p)) + (net.evidence[place] as number);
    for (const next of net.next[place] ?? []) {
      state[place] = 1;
      const ifKnown = chance(net, state, lift, next);
      state[place] = 0;
      const ifNot = chance(net, state, lift, next);
      odds += state[next] === 1 ? log(ifKnown / ifNot) : log((1 - ifKnown) / (1 - ifNot));
    }
    const probability = sigmoid(odds);
    state[place] = random() < probability ? 1 : 0;
    if (known !== null) known[place] = (known[place] as number) + probability;
  }
}

/** How well prepared the learner of a state is, given the state: one step of Metropolis. */
function liftAfter(net: Net, { lift, state }: { readonly lift: number; readonly state: Uint8Array }, random: () => number): number {
  const proposed = lift + (random() - 0.5) * SPREAD;
  const score = (at: number): number => {
    let sum = -(at * at) / (2 * SPREAD * SPREAD);
    for (let place = 0; place < state.length; place++) {
      const p = chance(net, state, at, place);
      sum += log(state[place] === 1 ? p : 1 - p);
    }
    return sum;
  };
  return log(random()) < score(proposed) - score(lift) ? proposed : lift;
}

/** Of the standard normal distribution (Tukey's lambda approximation, good to .01 where it is used). */
function normalQuantile(p: number): number {
  return (p ** 0.135 - (1 - p) ** 0.135) / 0.1975;
}

function sigmoid(value: number): number {
  return 1 / (1 + exp(-value));
}

function logitOf(p: number): number {
  return log(p / (1 - p));
}
