// K: knowledge that grows only near what was practised last, as in KSS (Liu and others, 2019, "Exploiting cognitive structure for adaptive learning").
import { seedsOf, type Setting, type Student, type World } from '../world.js';
import { uniform } from '../random.js';

const ORDER = [0, 1, 2, 3, 5, 4, 6, 7, 8, 9];
const EDGES = [[0, 1], [0, 2], [1, 3], [2, 4], [2, 8], [3, 4], [4, 8], [5, 4], [5, 9], [6, 7], [7, 8], [8, 9]] as const;
const BY_DIFFICULTY = [5, 0, 1, 2, 3, 4, 6, 7, 8, 9];
const CONCEPTS = 10;
const FULL = 5;
const WARM_UP = 20;
const BUDGET = 20;
const ITEMS = 40;

const placeOf = new Map(ORDER.map((concept, place) => [concept, place]));
const place = (concept: number): number => placeOf.get(concept) ?? 0;
const linked = (from: 0 | 1, to: 0 | 1): readonly Int32Array[] =>
  ORDER.map((concept) => Int32Array.from(EDGES.filter((edge) => edge[from] === concept).map((edge) => place(edge[to]))).sort());
const BEFORE = linked(1, 0);
const NEXT = linked(0, 1);
const NEAR = ORDER.map((_, skill) => {
  const near = new Set([skill, ...(NEXT[skill] ?? []), ...(BEFORE[skill] ?? [])]);
  for (const before of BEFORE[skill] ?? []) for (const each of [...(NEXT[before] ?? []), ...(BEFORE[before] ?? [])]) near.add(each);
  return near;
});

export const K: World = {
  key: 'K',
  title: 'Growth near what was practised last',
  index: 0,
  lookahead: 'three-steps',
  truthDelta: 0.3,
  lastDay: 0,
  student: (_graph, split, student) => new LocalStudent(seedsOf(0, split, student)),
};

/** What a policy that looks ahead copies. */
export interface LocalTruth {
  readonly ability: Float64Array;
  last: number;
}

export class LocalStudent implements Student {
  readonly seed: number;
  readonly setting: Setting;
  readonly full = 1;
  readonly recallAt = null;
  readonly truth: LocalTruth;
  readonly difficulty = new Float64Array(CONCEPTS);
  private readonly start = new Float64Array(CONCEPTS);
  private hasStarted = false;

  constructor({ s, c }: { readonly s: number; readonly c: number }) {
    this.seed = s;
    const ability = Float64Array.from(ORDER, (concept) => -3 + Math.floor(4 * uniform(s, 2, concept, 0)) - 0.1 * concept);
    this.truth = { ability, last: -1 };
    const drawn = Array.from({ length: CONCEPTS }, (_, n) => Math.floor(6 * uniform(c, 1, n, 0))).sort((a, b) => a - b);
    for (const [n, concept] of BY_DIFFICULTY.entries()) this.difficulty[place(concept)] = drawn[n] ?? 0;
    const count = 3 + Math.floor(8 * uniform(s, 3, 0, 0));
    const byChance = Array.from({ length: CONCEPTS }, (_, concept) => concept).sort((a, b) => uniform(s, 4, a, 0) - uniform(s, 4, b, 0));
    const targets = new Set(byChance.slice(0, count).map(place));
    const needed = new Set(targets);
    for (const skill of needed) for (const each of BEFORE[skill] ?? []) needed.add(each);
    this.setting = {
      ids: Int32Array.from(ORDER),
      before: BEFORE,
      next: NEXT,
      targets: Uint8Array.from(ORDER, (_, skill) => (targets.has(skill) ? 1 : 0)),
      needed: Uint8Array.from(ORDER, (_, skill) => (needed.has(skill) ? 1 : 0)),
      items: ORDER.map(() => new Float64Array(ITEMS)),
      budget: BUDGET,
      warmUp: WARM_UP,
      isLocal: true,
    };
  }

  warmUpSkill(answer: number): number {
    return place(Math.floor(CONCEPTS * uniform(this.seed, 50, answer, 0)));
  }

  day(): number {
    return 0;
  }

  beginsSession(answer: number): boolean {
    return answer === 0;
  }

  answer(skill: number, _item: number, answer: number): boolean {
    if (answer === WARM_UP) this.begin();
    this.learn(this.truth, skill);
    return this.passes(this.truth, skill);
  }

  begin(): void {
    if (this.hasStarted) return;
    this.hasStarted = true;
    for (let skill = 0; skill < CONCEPTS; skill++) this.start[skill] = this.passes(this.truth, skill) ? 1 : 0;
  }

  /** Practising far from the last concept that it did anything for does nothing. */
  learn(truth: LocalTruth, skill: number): void {
    if (truth.last >= 0 && !isNear(truth.last, skill)) return;
    truth.last = skill;
    const { ability } = truth;
    let doubt = 0;
    for (const before of BEFORE[skill] ?? []) doubt += FULL - (ability[before] as number);
    raise(ability, skill, ((FULL - (ability[skill] as number)) / 2) * Math.exp(-doubt));
  }

  passes({ ability }: LocalTruth, skill: number): boolean {
    return 0.25 + 0.75 / (1 + Math.exp(-8.5 * ((ability[skill] as number) - (this.difficulty[skill] as number)))) >= 0.5;
  }

  startScore(skill: number): number {
    this.begin();
    return this.start[skill] as number;
  }

  endScore(skill: number): number {
    return this.trueScore(skill);
  }

  trueScore(skill: number): number {
    return this.passes(this.truth, skill) ? 1 : 0;
  }

  isMastered(skill: number): boolean {
    return this.passes(this.truth, skill);
  }

  isFresh(): boolean {
    return true;
  }

  expectedGain(): number {
    return 0;
  }
}

export function isNear(last: number, skill: number): boolean {
  return NEAR[last]?.has(skill) ?? false;
}

function raise(ability: Float64Array, skill: number, by: number): void {
  ability[skill] = Math.min(FULL, (ability[skill] as number) + by);
  for (const next of NEXT[skill] ?? []) raise(ability, next, by / 2);
}
