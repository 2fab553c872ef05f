// What one choice costs: from a learner's state and the course to a decision with its reasons, no I/O.
import { decide, recommendationBody } from '@trellis/recommendation';
import { DEFAULT_TENANT, formatTime } from '@trellis/service';
import { learnerStream, recommendationId } from '@trellis/learning';
import type { LearnerState } from '@trellis/views';
import type { Benchmark, Measured } from '../benchmark.js';
import { cpuMicrosACall } from '../cpu-time.js';
import { BEGIN, COURSE, learnerName, publishedSample } from '../course-work.js';
import { foldedLearners, LEARNER_VIEW } from '../folded-learners.js';

const LEARNERS = 200;
const ANSWERS_EACH = 100;
const CALLS = 4_000;
/** The clock of processor time is read once for so many calls. */
const BLOCK = 50;
const NOW = BEGIN + 7 * 24 * 3_600_000;

export const choosing: Benchmark = {
  name: 'choosing',
  title: 'Choosing, without I/O',
  prepare: async ({ scale }) => {
    const course = publishedSample();
    const states = foldedLearners(course, { learners: Math.max(1, Math.round(LEARNERS * scale.size)), answers: ANSWERS_EACH });
    const rows = states.map((state) => LEARNER_VIEW.encode(state));
    const calls = Math.max(BLOCK, Math.round(CALLS * scale.size));

    const choose = (state: LearnerState, n: number) =>
      decide({ learner: learnerName(0), classroom: null, state, revision: ANSWERS_EACH - 1, course, wish: { course: COURSE, count: 1 }, now: NOW, seed: Math.imul(n, 0x9e3779b1) >>> 0 });
    const whole = (row: Uint8Array, n: number): string => {
      const learner = learnerName(n % rows.length);
      const decision = choose(LEARNER_VIEW.decode(row, ''), n);
      return JSON.stringify(recommendationBody({ id: recommendationId(learnerStream(DEFAULT_TENANT, learner), ANSWERS_EACH), learner, decision }, formatTime));
    };
    const sides = [
      async (): Promise<Measured> => ({ decide: await cpuMicrosACall(calls, BLOCK, (n) => choose(at(states, n), n).items.length) }),
      async (): Promise<Measured> => ({ whole: await cpuMicrosACall(calls, BLOCK, (n) => whole(at(rows, n), n).length) }),
    ];
    for (const side of sides) await side();

    const items = course.content.items.length.toLocaleString('en');
    return {
      sides,
      rows: [
        { what: `whole choice with reasons: \`decide\`, ${items} items`, unit: 'us CPU', figure: 'decide', goals: [{ of: 'figure', atMost: 500 }] },
        { what: 'row decoded, decided, and the answer as JSON with its texts', unit: 'us CPU', figure: 'whole' },
      ],
      notes: [
        `Median of blocks of ${BLOCK} calls, all threads; ${states.length} learners with ${ANSWERS_EACH} answers.`,
        'The policy draws a skill first and predicts only the items of that skill. What predicting all items costs stands under mastery.',
      ],
      close: async () => undefined,
    };
  },
};

function at<Value>(list: readonly Value[], n: number): Value {
  const value = list[n % list.length];
  if (value === undefined) throw new Error('the bench has no learners');
  return value;
}
