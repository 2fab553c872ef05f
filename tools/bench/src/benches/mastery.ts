// What it costs to know a learner: one answer taken in, every item of a course scored.
import type { Envelope } from '@trellis/event-sourcing';
import {
  combinationKey,
  DEFAULT_CALIBRATION,
  easinessOf,
  fitNetwork,
  fitPrediction,
  logistic,
  networkModel,
  newPlacementSkill,
  PLACEMENT_FEATURES,
  scoreItems,
  type AnswerLog,
  type Calibration,
  type PlacementCourse,
  type PlacementSkill,
} from '@trellis/mastery';
import { learnerView, type LearnerState, type PublishedCourse } from '@trellis/views';
import type { Benchmark, Measured } from '../benchmark.js';
import { cpuMicros, cpuMicrosACall } from '../cpu-time.js';
import { Learners, publishedSample } from '../course-work.js';
import { envelopeOf } from '../folded-learners.js';
import { median } from '../statistics.js';

const LEARNERS = 100;
const ANSWERS_EACH = 100;
/** Each learner's further answers of one round. */
const UPDATES_EACH = 40;
const SCORINGS = 400;
const SCORING_BLOCK = 10;
const NETWORK_SCORINGS = 10;
/** Their answers make a batch. */
const NETWORK_LEARNERS_MIN = 6;

export const mastery: Benchmark = {
  name: 'mastery',
  title: 'Mastery and prediction, without I/O',
  prepare: async ({ scale }) => {
    const course = publishedSample();
    const calibration = calibrated(course);
    const view = learnerView(() => calibration);
    const count = Math.max(2, Math.round(LEARNERS * scale.size));
    const work = new Learners(course);
    const streams = Array.from({ length: count }, (_, learner) => ({ learner, answers: work.work(learner) }));
    const next = (at: (typeof streams)[number]): Envelope => envelopeOf(at.learner, at.answers.next().value);
    const take = (state: LearnerState, event: Envelope): LearnerState => {
      const folded = view.fold(state, event);
      if (folded === 'late') throw new Error(`${event.stream}: an answer of the bench came late`);
      return folded;
    };
    const states = streams.map((at) => {
      let state = view.initial(`default.${at.learner}`);
      for (let n = 0; n < ANSWERS_EACH; n++) state = take(state, next(at));
      return state;
    });
    const scoring = scoringOf(course, calibration);
    const network = networkOver(course, answersOf(course, Math.max(NETWORK_LEARNERS_MIN, count)));
    const scorings = Math.max(SCORING_BLOCK, Math.round(SCORINGS * scale.size));

    const update = async (): Promise<Measured> => {
      const costs: number[] = [];
      for (const [n, at] of streams.entries()) {
        const events = Array.from({ length: UPDATES_EACH }, () => next(at));
        const state = states[n] ?? view.initial('default.0');
        costs.push((await cpuMicros(() => events.forEach((event) => void take(state, event)))) / UPDATES_EACH);
      }
      return { update: median(costs) };
    };
    const sides = [
      update,
      async (): Promise<Measured> => ({ score: await cpuMicrosACall(scorings, SCORING_BLOCK, (n) => scoring.score(states[n % count] ?? view.initial('default.0'))) }),
      async (): Promise<Measured> => ({ network: await cpuMicrosACall(NETWORK_SCORINGS, 1, network) }),
      async (): Promise<Measured> => ({ flat: await cpuMicrosACall(scorings, SCORING_BLOCK, () => scoring.logisticAlone()) }),
    ];
    for (const side of sides) await side();

    const items = course.content.items.length.toLocaleString('en');
    return {
      sides,
      rows: [
        { what: 'one answer folded into the learner: both trackers, recall, placement, counters', unit: 'us CPU', figure: 'update', goals: [{ of: 'figure', atMost: 20 }] },
        { what: `${items} items scored in one pass by the model that places items`, unit: 'us CPU', figure: 'score', limit: { what: 'one logistic an item over typed arrays', figure: 'flat' }, goals: [{ of: 'figure', atMost: 300 }] },
        { what: `${items} items scored by the network of 96 features, which judges and does not choose`, unit: 'us CPU', figure: 'network', limit: { what: 'one logistic an item over typed arrays', figure: 'flat' } },
      ],
      notes: [`Medians over blocks of ${UPDATES_EACH} answers of one learner and of ${SCORING_BLOCK} scorings, all threads; ${count} learners with ${ANSWERS_EACH} answers and more; every skill and item with numbers of its own.`],
      close: async () => undefined,
    };
  },
};

/** Numbers for everything, as after a fit. */
function calibrated({ content }: PublishedCourse): Calibration {
  const width = PLACEMENT_FEATURES.length;
  const numbers = (of: (n: number) => number): Float64Array => Float64Array.from({ length: width }, (_, n) => of(n));
  return {
    ...DEFAULT_CALIBRATION,
    id: 'c1',
    skills: new Map(content.skills.map(({ id }, n) => [id, { prior: 0.3, learn: 0.1 + (n % 7) / 100, guess: 0.2, slip: 0.1 }])),
    skillsEasiness: new Map(content.items.map(({ skills }, n) => [combinationKey(skills), Math.sin(n)])),
    itemEasiness: new Map(content.items.map(({ id }, n) => [id, Math.cos(n)])),
    placement: { features: PLACEMENT_FEATURES, mean: numbers(() => 0.5), sd: numbers(() => 1), weights: numbers((n) => 0.1 + n / 20), intercept: 0.7 },
  };
}

/** The learners' answers as columns. */
function answersOf({ content }: PublishedCourse, learners: number): AnswerLog {
  const work = new Learners(publishedSample());
  const numberOf = new Map(content.items.map(({ id }, n) => [id, n]));
  const skillOf = new Map(content.skills.map(({ id }, n) => [id, n]));
  const given = Array.from({ length: learners }, (_, learner) => {
    const answers = work.work(learner);
    return Array.from({ length: ANSWERS_EACH }, () => answers.next().value);
  }).flat();
  const item = Int32Array.from(given, (one) => numberOf.get(one.item.id) ?? -1);
  return {
    vocabulary: { items: content.items.map(({ id }) => id), skills: content.skills.map(({ id }) => id), combinations: content.items.map(({ skills }) => Int32Array.from(skills, (id) => skillOf.get(id) ?? 0)) },
    learners: Array.from({ length: learners }, (_, n) => `learner-${n}`),
    starts: Int32Array.from({ length: learners + 1 }, (_, n) => n * ANSWERS_EACH),
    item,
    // One combination an item: what they cost hangs on neither number.
    combination: item,
    right: Uint8Array.from(given, ({ correct }) => (correct ? 1 : 0)),
    at: null,
  };
}

/** Scores every item for one learner who has answered as much as the others. */
function networkOver({ content }: PublishedCourse, log: AnswerLog): () => number {
  const { tables, training } = fitPrediction(log, { seed: 1, rows: 'all' });
  const weights = training === null ? null : fitNetwork(training.rows, log.vocabulary, { seed: 1, epochs: 1, rowsMin: 0 });
  if (training === null || weights === null) throw new Error('the bench has too few answers for a network');
  const learner = networkModel(tables, training.standards, weights).begin();
  for (let row = 0; row < ANSWERS_EACH; row++) learner.observe({ item: log.item[row] ?? -1, combination: log.combination[row] ?? -1, at: NaN }, log.right[row] === 1);
  return () => content.items.reduce((sum, _, item) => sum + learner.predict({ item, combination: item, at: NaN }), 0);
}

function scoringOf({ content }: PublishedCourse, calibration: Calibration): { readonly score: (state: LearnerState) => number; readonly logisticAlone: () => number } {
  const numberOf = new Map(content.skills.map(({ id }, n) => [id, n]));
  const easiness = content.items.map(({ id, skills }) => easinessOf(calibration, id, skills));
  const starts = new Int32Array(content.items.length + 1);
  content.items.forEach(({ skills }, n) => (starts[n + 1] = (starts[n] ?? 0) + skills.length));
  const course: PlacementCourse = {
    easiness: Float64Array.from(easiness, ({ item }) => item),
    easinessOfSkills: Float64Array.from(easiness, ({ skills }) => skills),
    skillStarts: starts,
    skillNumbers: Int32Array.from(content.items.flatMap(({ skills }) => skills.map((skill) => numberOf.get(skill) ?? 0))),
  };
  const out = new Float64Array(content.items.length);
  const unseen: PlacementSkill = newPlacementSkill(calibration.ability);
  const { ability, placement: weights } = calibration;
  return {
    score(state) {
      scoreItems({ learner: state, skills: content.skills.map(({ id }) => state.skills.get(id) ?? unseen), course, ability, weights }, out);
      return out[0] ?? 0;
    },
    logisticAlone() {
      for (let n = 0; n < out.length; n++) out[n] = logistic(course.easiness[n] ?? 0);
      return out[0] ?? 0;
    },
  };
}
