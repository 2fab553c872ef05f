// L: abilities that grow by degrees, faster where an item is neither too easy nor too hard; students and items differ.
import type { CourseGraph } from '../course-graph.js';
import { normal, sigmoid, uniform } from '../random.js';
import { courseSetting } from '../setting.js';
import { seedsOf, type Setting, type Student, type World } from '../world.js';

const SESSION = 15;
const BUDGET = 120;
const DAYS_APART = 2;
const CAP = 3;
const MASTERED = 0.8;

export const L: World = {
  key: 'L',
  title: 'Logistic growth, students and items that differ',
  index: 2,
  lookahead: 'one-step',
  truthDelta: 0.6,
  lastDay: (BUDGET / SESSION - 1) * DAYS_APART,
  student: (graph, split, student) => new LogisticStudent(graph, seedsOf(2, split, student)),
};

class LogisticStudent implements Student {
  readonly seed: number;
  readonly setting: Setting;
  readonly full = 1;
  readonly recallAt = null;
  private readonly theta: Float64Array;
  private readonly start: Float64Array;
  private readonly pace: Float64Array;
  private readonly difficulty: readonly Float64Array[];
  private readonly answers: Int32Array;
  private readonly used: readonly Uint8Array[];

  constructor(graph: CourseGraph, { s, c }: { readonly s: number; readonly c: number }) {
    this.seed = s;
    const trueOf = (g: number, item: number): number => 0.7 * normal(c, 20, g, item);
    this.setting = courseSetting(graph, s, BUDGET, (g, count) => Float64Array.from({ length: count }, (_, item) => trueOf(g, item) + 0.5 * normal(c, 21, g, item)));
    const { ids, before, items } = this.setting;
    this.difficulty = items.map((list, skill) => Float64Array.from(list, (_, item) => trueOf(ids[skill] as number, item)));
    const [ability, speed] = [-0.3 + 0.8 * normal(s, 1, 0, 0), normal(s, 1, 1, 0)];
    this.theta = new Float64Array(ids.length);
    for (let skill = 0; skill < ids.length; skill++) {
      const g = ids[skill] as number;
      const needs = before[skill] ?? new Int32Array(0);
      const weak = needs.length === 0 ? 0 : needs.filter((each) => (this.theta[each] as number) < 0).length / needs.length;
      this.theta[skill] = Math.min(CAP, ability + 0.7 * normal(s, 2, g, 0) - 0.6 * normal(c, 3, g, 0) - 0.6 * weak);
    }
    this.pace = Float64Array.from(ids, (g) => 0.55 * Math.exp(0.45 * speed + 0.3 * normal(c, 4, g, 0)));
    this.start = this.theta.map((theta) => sigmoid(1.3 * theta));
    this.answers = new Int32Array(ids.length);
    this.used = items.map((list) => new Uint8Array(list.length));
  }

  warmUpSkill(): number {
    return 0;
  }

  day(answer: number): number {
    return DAYS_APART * Math.floor(answer / SESSION);
  }

  beginsSession(answer: number): boolean {
    return answer % SESSION === 0;
  }

  answer(skill: number, item: number): boolean {
    const j = this.answers[skill] as number;
    const q = this.right(skill, item);
    const isRight = uniform(this.seed, 40, this.setting.ids[skill] as number, j) < 0.12 + 0.85 * q;
    const gain = this.gain(skill, item) * (isRight ? 1 : 0.7);
    this.theta[skill] = Math.min(CAP, (this.theta[skill] as number) + gain);
    for (const before of this.setting.before[skill] ?? []) this.theta[before] = Math.min(CAP, (this.theta[before] as number) + 0.1 * gain);
    this.answers[skill] = j + 1;
    (this.used[skill] as Uint8Array)[item] = 1;
    return isRight;
  }

  private right(skill: number, item: number): number {
    return sigmoid(1.3 * ((this.theta[skill] as number) - ((this.difficulty[skill] as Float64Array)[item] as number)));
  }

  /** Of a right answer. */
  private gain(skill: number, item: number): number {
    const q = this.right(skill, item);
    let ground = 1;
    for (const before of this.setting.before[skill] ?? []) ground *= 0.25 + 0.75 * sigmoid(1.5 * (this.theta[before] as number));
    const again = (this.used[skill] as Uint8Array)[item] === 1 ? 0.5 : 1;
    return (((this.pace[skill] as number) * ground * (0.4 + 2.4 * q * (1 - q))) / (1 + 0.08 * (this.answers[skill] as number))) * again;
  }

  startScore(skill: number): number {
    return this.start[skill] as number;
  }

  endScore(skill: number): number {
    return this.trueScore(skill);
  }

  trueScore(skill: number): number {
    return sigmoid(1.3 * (this.theta[skill] as number));
  }

  isMastered(skill: number): boolean {
    return this.trueScore(skill) >= MASTERED;
  }

  isFresh(): boolean {
    return true;
  }

  expectedGain(skill: number, item: number): number {
    const theta = this.theta[skill] as number;
    const p = 0.12 + 0.85 * this.right(skill, item);
    const gain = this.gain(skill, item);
    const after = (by: number): number => sigmoid(1.3 * Math.min(CAP, theta + by));
    return p * after(gain) + (1 - p) * after(0.7 * gain) - sigmoid(1.3 * theta);
  }
}
