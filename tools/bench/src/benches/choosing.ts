// What one choice costs: from a learner's state and the course to a decision with its reasons, no I/O.
import type { SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION, logistic, predict } from '@trellis/mastery';
import { decide, recommendationBody } from '@trellis/recommendation';
import { DEFAULT_TENANT, formatTime } from '@trellis/service';
import { learnerStream, recommendationId } from '@trellis/learning';
import type { LearnerState, PublishedCourse } from '@trellis/views';
import type { Benchmark, Measured } from '../benchmark.js';
import { cpuMicros } from '../cpu-time.js';
import { BEGIN, COURSE, learnerName, publishedSample } from '../course-work.js';
import { foldedLearners, LEARNER_VIEW } from '../folded-learners.js';
import { median } from '../statistics.js';

const LEARNERS = 200;
const ANSWERS_EACH = 100;
const CALLS = 4_000;
const SCORINGS = 200;
/** The clock of processor time is read once for so many calls. */
const BLOCK = 50;
const SCORING_BLOCK = 10;
const NOW = BEGIN + 7 * 24 * 3_600_000;

export const choosing: Benchmark = {
  name: 'choosing',
  title: 'Choosing, without I/O',
  prepare: async ({ scale }) => {
    const course = publishedSample();
    const states = foldedLearners(course, { learners: Math.max(1, Math.round(LEARNERS * scale.size)), answers: ANSWERS_EACH });
    const rows = states.map((state) => LEARNER_VIEW.encode(state));
    const calls = Math.max(BLOCK, Math.round(CALLS * scale.size));
    const scorings = Math.max(SCORING_BLOCK, Math.round(SCORINGS * scale.size));
    const flat = new FlatItems(course);

    const choose = (state: LearnerState, n: number) =>
      decide({ state, revision: ANSWERS_EACH - 1, course, calibration: DEFAULT_CALIBRATION, wish: { course: COURSE, count: 1 }, now: NOW, seed: Math.imul(n, 0x9e3779b1) >>> 0 });
    const whole = (row: Uint8Array, n: number): string => {
      const learner = learnerName(n % rows.length);
      const decision = choose(LEARNER_VIEW.decode(row), n);
      return JSON.stringify(recommendationBody({ id: recommendationId(learnerStream(DEFAULT_TENANT, learner), ANSWERS_EACH), learner, decision }, formatTime));
    };
    const sides = [
      async (): Promise<Measured> => ({ decide: await blocks(calls, BLOCK, (n) => choose(at(states, n), n).items.length) }),
      async (): Promise<Measured> => ({ whole: await blocks(calls, BLOCK, (n) => whole(at(rows, n), n).length) }),
      async (): Promise<Measured> => ({ score: await blocks(scorings, SCORING_BLOCK, (n) => scoreAll(course, at(states, n))) }),
      async (): Promise<Measured> => ({ flat: await blocks(scorings, SCORING_BLOCK, (n) => flat.score(at(states, n))) }),
    ];
    for (const side of sides) await side();

    const items = course.content.items.length.toLocaleString('en');
    const limit = { what: 'the same logistic over typed arrays', figure: 'flat' };
    return {
      sides,
      rows: [
        { what: `whole choice with reasons: \`decide\`, ${items} items`, unit: 'us CPU', figure: 'decide', limit, goals: [{ of: 'figure', atMost: 500 }] },
        { what: 'row decoded, decided, and the answer as JSON with its texts', unit: 'us CPU', figure: 'whole' },
        { what: `\`predict\` for each of ${items} items`, unit: 'us CPU', figure: 'score', limit, goals: [{ of: 'figure', atMost: 300 }] },
      ],
      notes: [
        `Median of blocks of ${BLOCK} calls (${SCORING_BLOCK} for all items), all threads; ${states.length} learners with ${ANSWERS_EACH} answers.`,
        'Policy 1 draws a skill first and predicts only the items of that skill. Predicting all items is what a policy that ranks them would pay.',
      ],
      close: async () => undefined,
    };
  },
};

/** The median over blocks of what one call costs. */
async function blocks(calls: number, block: number, call: (n: number) => number): Promise<number> {
  const costs: number[] = [];
  let kept = 0;
  for (let from = 0; from < calls; from += block) {
    const cost = await cpuMicros(() => {
      for (let n = from; n < from + block; n++) kept += call(n);
    });
    costs.push(cost / block);
  }
  // Read, so that nothing of the work can be left out.
  if (Number.isNaN(kept)) throw new Error('a choice came to nothing');
  return median(costs);
}

function scoreAll({ content }: PublishedCourse, { ability, skills }: LearnerState): number {
  let sum = 0;
  for (const { skills: of, difficulty } of content.items) {
    const deviations = of.map((skill) => skills.get(skill)?.mean ?? 0);
    sum += predict(ability.mean, deviations, difficulty ?? 0, DEFAULT_CALIBRATION.ability);
  }
  return sum;
}

/** The course as numbers: what is left of scoring when no object and no id is looked at. */
class FlatItems {
  private readonly skills: readonly SkillId[];
  private readonly skillOf: Uint16Array;
  private readonly difficulty: Float64Array;
  private readonly means: Float64Array;
  private readonly scores: Float64Array;

  constructor({ content }: PublishedCourse) {
    this.skills = content.skills.map(({ id }) => id);
    const number = new Map(this.skills.map((id, n) => [id, n]));
    this.skillOf = Uint16Array.from(content.items, ({ skills }) => number.get(skills[0] ?? ('' as SkillId)) ?? 0);
    this.difficulty = Float64Array.from(content.items, ({ difficulty }) => difficulty ?? 0);
    this.means = new Float64Array(this.skills.length);
    this.scores = new Float64Array(content.items.length);
  }

  score({ ability, skills }: LearnerState): number {
    for (const [n, id] of this.skills.entries()) this.means[n] = skills.get(id)?.mean ?? 0;
    const base = DEFAULT_CALIBRATION.ability.base + ability.mean;
    for (let n = 0; n < this.scores.length; n++) this.scores[n] = logistic(base + (this.means[this.skillOf[n] ?? 0] ?? 0) - (this.difficulty[n] ?? 0));
    return this.scores[0] ?? 0;
  }
}

function at<Value>(list: readonly Value[], n: number): Value {
  const value = list[n % list.length];
  if (value === undefined) throw new Error('the bench has no learners');
  return value;
}
