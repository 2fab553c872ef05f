// B: skills known or not, as Bayesian knowledge tracing has it (Corbett & Anderson, 1995), with prerequisites and forgetting.
import type { CourseGraph } from '../course-graph.js';
import { normal, sigmoid, uniform } from '../random.js';
import { courseSetting } from '../setting.js';
import { seedsOf, type Setting, type Student, type World } from '../world.js';

const SESSION = 20;
const SESSIONS = 6;
const DAYS_APART = 2;

export const B: World = {
  key: 'B',
  title: 'Known or not, with forgetting',
  index: 1,
  lookahead: 'one-step',
  truthDelta: 0.3,
  lastDay: (SESSIONS - 1) * DAYS_APART,
  student: (graph, split, student) => new TracedStudent(graph, seedsOf(1, split, student)),
};

class TracedStudent implements Student {
  readonly seed: number;
  readonly setting: Setting;
  readonly full = 1;
  readonly recallAt = null;
  private readonly learn: Float64Array;
  private readonly guess: Float64Array;
  private readonly slip: Float64Array;
  private readonly forget: Float64Array;
  private readonly known: Uint8Array;
  private readonly start: Uint8Array;
  private readonly answers: Int32Array;
  private readonly right: Int32Array;

  constructor(graph: CourseGraph, { s, c }: { readonly s: number; readonly c: number }) {
    this.seed = s;
    this.setting = courseSetting(graph, s, SESSION * SESSIONS, (_, count) => new Float64Array(count));
    const { ids, before } = this.setting;
    const [prepared, speed] = [normal(s, 1, 0, 0), normal(s, 1, 1, 0)];
    this.learn = Float64Array.from(ids, (g) => sigmoid(-1.9 + 0.6 * normal(c, 3, g, 0) + 0.5 * speed));
    this.guess = Float64Array.from(ids, (g) => Math.min(0.4, sigmoid(-1.5 + 0.5 * normal(c, 4, g, 0))));
    this.slip = Float64Array.from(ids, (g) => Math.min(0.4, sigmoid(-1.6 + 0.5 * normal(c, 5, g, 0))));
    this.forget = Float64Array.from(ids, (g) => 0.04 * Math.exp(0.6 * normal(c, 6, g, 0)));
    this.known = new Uint8Array(ids.length);
    for (let skill = 0; skill < ids.length; skill++) {
      const g = ids[skill] as number;
      const atStart = sigmoid(0.3 + 0.9 * normal(c, 2, g, 0) + 0.8 * prepared) * (before[skill]?.some((each) => this.known[each] === 0) === true ? 0.35 : 1);
      this.known[skill] = uniform(s, 7, g, 0) < atStart ? 1 : 0;
    }
    this.start = this.known.slice();
    this.answers = new Int32Array(ids.length);
    this.right = new Int32Array(ids.length);
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

  answer(skill: number, _item: number, answer: number): boolean {
    if (answer > 0 && this.beginsSession(answer)) this.lose(answer / SESSION);
    const g = this.setting.ids[skill] as number;
    const j = this.answers[skill] as number;
    this.answers[skill] = j + 1;
    const isKnown = this.known[skill] === 1;
    const isRight = uniform(this.seed, 40, g, j) < (isKnown ? 1 - (this.slip[skill] as number) : (this.guess[skill] as number));
    if (!isKnown && uniform(this.seed, 41, g, j) < this.chance(skill)) this.known[skill] = 1;
    if (isRight) this.right[skill] = (this.right[skill] as number) + 1;
    return isRight;
  }

  /** Of learning it from one answer. */
  private chance(skill: number): number {
    let unknown = 0;
    for (const before of this.setting.before[skill] ?? []) unknown += 1 - (this.known[before] as number);
    return (this.learn[skill] as number) * 0.4 ** unknown;
  }

  private lose(session: number): void {
    for (let skill = 0; skill < this.known.length; skill++) {
      if (this.known[skill] === 0) continue;
      if (uniform(this.seed, 30, this.setting.ids[skill] as number, session) < (this.forget[skill] as number) / (1 + 0.5 * (this.right[skill] as number))) this.known[skill] = 0;
    }
  }

  startScore(skill: number): number {
    return this.start[skill] as number;
  }

  endScore(skill: number): number {
    return this.known[skill] as number;
  }

  trueScore(skill: number): number {
    return this.known[skill] as number;
  }

  isMastered(skill: number): boolean {
    return this.known[skill] === 1;
  }

  isFresh(): boolean {
    return true;
  }

  expectedGain(skill: number): number {
    return this.known[skill] === 1 ? 0 : this.chance(skill);
  }
}
