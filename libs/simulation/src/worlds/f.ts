// F: memory over weeks. What was learned fades by half-lives that grow with every spaced success; what counts is what is left two weeks after the last session.
import type { CourseGraph } from '../course-graph.js';
import { normal, sigmoid, uniform } from '../random.js';
import { courseSetting } from '../setting.js';
import { seedsOf, type Setting, type Student, type World } from '../world.js';

const SESSION = 12;
const BUDGET = 144;
const WEEK_DAYS = [0, 2, 4];
const LAST_DAY = 25;
const SCORED_DAY = 39;
const HALF_LIFE_MAX = 120;
const MASTERED = 0.75;
const KNOWN_FROM = 0.5;

export const F: World = {
  key: 'F',
  title: 'Memory over weeks',
  index: 3,
  lookahead: 'one-step',
  truthDelta: 0.3,
  lastDay: LAST_DAY,
  student: (graph, split, student) => new ForgettingStudent(graph, seedsOf(3, split, student)),
};

class ForgettingStudent implements Student {
  readonly seed: number;
  readonly setting: Setting;
  readonly full = 1;
  private readonly encoded: Float64Array;
  private readonly halfLife: Float64Array;
  private readonly last: Float64Array;
  private readonly pace: Float64Array;
  private readonly start: Float64Array;
  private readonly answers: Int32Array;
  private today = 0;

  constructor(graph: CourseGraph, { s, c }: { readonly s: number; readonly c: number }) {
    this.seed = s;
    this.setting = courseSetting(graph, s, BUDGET, (_, count) => new Float64Array(count));
    const { ids, before } = this.setting;
    const [prepared, speed] = [normal(s, 1, 0, 0), normal(s, 1, 1, 0)];
    this.encoded = new Float64Array(ids.length);
    this.halfLife = new Float64Array(ids.length);
    this.last = new Float64Array(ids.length);
    for (let skill = 0; skill < ids.length; skill++) {
      const g = ids[skill] as number;
      const isWeak = before[skill]?.some((each) => (this.encoded[each] as number) < KNOWN_FROM) === true;
      if (uniform(s, 7, g, 0) < sigmoid(0.3 + 0.9 * normal(c, 2, g, 0) + 0.8 * prepared) * (isWeak ? 0.35 : 1)) {
        this.encoded[skill] = 0.85;
        this.halfLife[skill] = 40 * Math.exp(0.5 * normal(s, 8, g, 0));
        this.last[skill] = -20 * uniform(s, 9, g, 0);
      } else {
        this.encoded[skill] = 0.1 * uniform(s, 10, g, 0);
        this.halfLife[skill] = 4 * Math.exp(0.4 * normal(s, 8, g, 0));
      }
    }
    this.pace = Float64Array.from(ids, (g) => Math.min(0.6, 0.3 * Math.exp(0.4 * speed + 0.3 * normal(c, 3, g, 0))));
    this.start = Float64Array.from(ids, (_, skill) => this.recallAt(skill, 0));
    this.answers = new Int32Array(ids.length);
  }

  /** What is encoded and still recalled on a day. */
  readonly recallAt = (skill: number, day: number): number => (this.encoded[skill] as number) * this.recall(skill, day);

  private recall(skill: number, day: number): number {
    return 2 ** (-(day - (this.last[skill] as number)) / (this.halfLife[skill] as number));
  }

  warmUpSkill(): number {
    return 0;
  }

  day(answer: number): number {
    const session = Math.floor(answer / SESSION);
    return 7 * Math.floor(session / WEEK_DAYS.length) + (WEEK_DAYS[session % WEEK_DAYS.length] ?? 0);
  }

  beginsSession(answer: number): boolean {
    return answer % SESSION === 0;
  }

  answer(skill: number, _item: number, answer: number): boolean {
    this.today = this.day(answer);
    const j = this.answers[skill] as number;
    this.answers[skill] = j + 1;
    const recall = this.recall(skill, this.today);
    const isRight = uniform(this.seed, 40, this.setting.ids[skill] as number, j) < 0.15 + 0.77 * (this.encoded[skill] as number) * recall;
    this.encoded[skill] = this.encodedAfter(skill);
    this.halfLife[skill] = this.halfLifeAfter(skill, recall, isRight);
    this.last[skill] = this.today;
    return isRight;
  }

  private encodedAfter(skill: number): number {
    let ground = 1;
    for (const before of this.setting.before[skill] ?? []) ground *= 0.3 + 0.7 * this.recallAt(before, this.today);
    const x = this.encoded[skill] as number;
    return x + (this.pace[skill] as number) * ground * (1 - x);
  }

  private halfLifeAfter(skill: number, recall: number, isRight: boolean): number {
    return Math.min(HALF_LIFE_MAX, (this.halfLife[skill] as number) * (isRight ? 1.2 + 4 * (1 - recall) : 1.05));
  }

  startScore(skill: number): number {
    return this.start[skill] as number;
  }

  endScore(skill: number): number {
    return this.recallAt(skill, SCORED_DAY);
  }

  trueScore(skill: number): number {
    return this.recallAt(skill, this.today);
  }

  isMastered(skill: number): boolean {
    return this.trueScore(skill) >= MASTERED;
  }

  /** Practised on this day or hardly faded. */
  isFresh(skill: number): boolean {
    return this.recall(skill, this.today) >= 0.9;
  }

  /** At the day on which scores count. */
  expectedGain(skill: number): number {
    const recall = this.recall(skill, this.today);
    const p = 0.15 + 0.77 * (this.encoded[skill] as number) * recall;
    const encoded = this.encodedAfter(skill);
    const after = (isRight: boolean): number => encoded * 2 ** (-(SCORED_DAY - this.today) / this.halfLifeAfter(skill, recall, isRight));
    return p * after(true) + (1 - p) * after(false) - this.endScore(skill);
  }
}
