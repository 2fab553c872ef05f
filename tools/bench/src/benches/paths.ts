// What each step of a recommendation costs without I/O: events and rows taken apart, folded, and candidates weighed.
import type { Envelope, EventCodec, Recorded } from '@trellis/event-sourcing';
import { eventSchema, trellisCodec, type CourseId } from '@trellis/learning';
import { easinessOf, logistic, DEFAULT_CALIBRATION } from '@trellis/mastery';
import { decide, situationOf, weigh } from '@trellis/recommendation';
import { digest16 } from '@trellis/service';
import type { LearnerState, PublishedCourse } from '@trellis/views';
import type { Benchmark, Measured, RowPlan } from '../benchmark.js';
import { BktColumns, bktOfEvents } from '../bkt-columns.js';
import { cpuMicrosACall } from '../cpu-time.js';
import { BEGIN, COURSE, learnerName, publishedSample } from '../course-work.js';
import { envelopesOf, fold, foldedLearners, LEARNER_VIEW } from '../folded-learners.js';

const LEARNERS = 200;
const ANSWERS_EACH = 100;
/** Of all events, or of all rows; the median of them counts. */
const PASSES = 20;
/** Choices weighed, and a block of them between two looks at the clock. */
const WEIGHINGS = 2_000;
const BLOCK = 50;
const NOW = BEGIN + 7 * 24 * 3_600_000;

export const paths: Benchmark = {
  name: 'paths',
  title: 'The steps of a recommendation, without I/O',
  prepare: async ({ scale }) => {
    const course = publishedSample();
    const size = { learners: Math.max(2, Math.round(LEARNERS * scale.size)), answers: ANSWERS_EACH };
    const events = envelopesOf(course, size);
    const states = foldedLearners(course, size);
    const rows = states.map((state) => LEARNER_VIEW.encode(state));
    const passes = Math.max(2, Math.round(PASSES * scale.size));
    const weighings = Math.max(BLOCK, Math.round(WEIGHINGS * scale.size));

    /** Microseconds for each of `units`, of which one call of `work` does all. */
    const each = async (units: number, work: () => number): Promise<number> => (await cpuMicrosACall(passes, 1, work)) / units;
    const columns = new BktColumns(events);
    const answers = new Coding(trellisCodec(), events);
    const made = new Coding(trellisCodec(), states.map((state, n) => decided(course, state, n)));
    const scored = logisticOver(course);
    const sides = [
      async (): Promise<Measured> => ({ columns: await each(events.length, () => columns.fold()) }),
      async (): Promise<Measured> => ({ bkt: await each(events.length, () => bktOfEvents(events)) }),
      async (): Promise<Measured> => ({ full: await each(events.length, () => folded(events)) }),
      async (): Promise<Measured> => ({ encodeAnswer: await each(answers.length, () => answers.encode()), encodeMade: await each(made.length, () => made.encode()) }),
      async (): Promise<Measured> => ({ decodeAnswer: await each(answers.length, () => answers.decode()), decodeMade: await each(made.length, () => made.decode()) }),
      async (): Promise<Measured> => ({ stringifyAnswer: await each(answers.length, () => answers.stringify()), stringifyMade: await each(made.length, () => made.stringify()) }),
      async (): Promise<Measured> => ({ parseAnswer: await each(answers.length, () => answers.parse()), parseMade: await each(made.length, () => made.parse()) }),
      async (): Promise<Measured> => ({ rowDecode: await each(rows.length, () => rows.reduce((sum, row) => sum + LEARNER_VIEW.decode(row, '').answers, 0)) }),
      async (): Promise<Measured> => ({ rowEncode: await each(states.length, () => states.reduce((sum, state) => sum + LEARNER_VIEW.encode(state).length, 0)) }),
      async (): Promise<Measured> => ({ rowCopy: await each(rows.length, () => rows.reduce((sum, row) => sum + row.slice().length, 0)) }),
      async (): Promise<Measured> => ({
        weigh: await cpuMicrosACall(weighings, BLOCK, (n) => {
          const state = states[n % states.length] ?? failed();
          return weigh(situationOf({ ...circumstances(course, state, n), now: NOW + n })).scored.values.length;
        }),
      }),
      async (): Promise<Measured> => ({ logistic: await cpuMicrosACall(weighings, BLOCK, scored) }),
    ];
    for (const side of sides) await side();

    const typed = { what: 'BKT alone on typed arrays', figure: 'columns' };
    const copied = { what: 'the bytes of the row copied', figure: 'rowCopy' };
    const items = course.content.items.length.toLocaleString('en');
    return {
      sides,
      rows: [
        row('fold of an answer, BKT only, skills by name', 'bkt', typed),
        row('fold of an answer into the full row', 'full', typed),
        row('`AnswerGiven` encoded', 'encodeAnswer', { what: 'JSON.stringify', figure: 'stringifyAnswer' }),
        row('`AnswerGiven` decoded', 'decodeAnswer', { what: 'JSON.parse', figure: 'parseAnswer' }),
        row('`RecommendationMade` encoded', 'encodeMade', { what: 'JSON.stringify', figure: 'stringifyMade' }),
        row('`RecommendationMade` decoded', 'decodeMade', { what: 'JSON.parse', figure: 'parseMade' }),
        row('row decoded', 'rowDecode', copied),
        row('row encoded', 'rowEncode', copied),
        { ...row(`candidates weighed: every skill of a course of ${items} items`, 'weigh', { what: 'one logistic an item over typed arrays', figure: 'logistic' }), goals: [{ of: 'figure', atMost: 300 }] },
      ],
      notes: [
        `Medians of ${passes} passes over ${events.length.toLocaleString('en')} answers of ${states.length} learners, one decision and one row of each; all threads. Rows of ${Math.round(rows.reduce((sum, { length }) => sum + length, 0) / rows.length).toLocaleString('en')} bytes, decisions of ${made.bytesEach} bytes, answers of ${answers.bytesEach}.`,
        'JSON is given the same data and metadata, as text to and from UTF-8 bytes. Candidates are weighed as `decide` does it before it draws: gates, readiness, gain and worth of every skill.',
      ],
      close: async () => undefined,
    };
  },
};

function row(what: string, figure: string, limit: NonNullable<RowPlan['limit']>): RowPlan {
  return { what, unit: 'us CPU', figure, limit };
}

function folded(events: readonly Envelope[]): number {
  const states = new Map<string, LearnerState>();
  for (const event of events) states.set(event.stream, fold(states.get(event.stream) ?? LEARNER_VIEW.initial(event.stream), event));
  return states.size;
}

function circumstances(course: PublishedCourse, state: LearnerState, n: number) {
  return { learner: learnerName(n), classroom: null, state, course, wish: { course: COURSE as CourseId, count: 1 }, now: NOW, seed: Math.imul(n, 0x9e3779b1) >>> 0 };
}

/** A decision for a learner, as an event. */
function decided(course: PublishedCourse, state: LearnerState, n: number): Pick<Envelope, 'id' | 'type' | 'data' | 'meta'> {
  const data = decide({ ...circumstances(course, state, n), revision: ANSWERS_EACH - 1 });
  return { id: `00000000-0000-8000-8000-${String(n).padStart(12, '0')}` as Envelope['id'], type: 'RecommendationMade', data, meta: { source: 'recommender', occurredAt: NOW, schema: eventSchema('RecommendationMade') } };
}

/** Events to bytes and back, by the codec and as JSON. */
class Coding {
  readonly bytesEach: number;
  private readonly records: readonly Recorded[];
  private readonly texts: readonly Buffer[];

  constructor(
    private readonly codec: EventCodec,
    private readonly events: readonly Pick<Envelope, 'id' | 'type' | 'data' | 'meta'>[],
  ) {
    this.records = events.map(({ id, type, data, meta }, revision) => ({
      ...codec.encode(id, digest16(id), { type, data }, meta),
      // Passed through as they are.
      stream: 'learner-default.bench' as Recorded['stream'],
      position: '' as Recorded['position'],
      revision,
      recordedAt: NOW,
    }));
    this.texts = events.map(({ data, meta }) => Buffer.from(JSON.stringify([meta, data])));
    this.bytesEach = Math.round(this.records.reduce((sum, { bytes }) => sum + bytes.length, 0) / this.records.length);
  }

  get length(): number {
    return this.events.length;
  }

  encode(): number {
    return this.events.reduce((sum, { id, type, data, meta }) => sum + this.codec.encode(id, '', { type, data }, meta).bytes.length, 0);
  }

  decode(): number {
    return this.records.reduce((sum, record) => sum + (this.codec.decode(record)?.meta.schema ?? NaN), 0);
  }

  stringify(): number {
    return this.events.reduce((sum, { data, meta }) => sum + Buffer.from(JSON.stringify([meta, data])).length, 0);
  }

  parse(): number {
    return this.texts.reduce((sum, text) => sum + (JSON.parse(text.toString()) as readonly unknown[]).length, 0);
  }
}

function logisticOver({ content }: PublishedCourse): () => number {
  const easiness = Float64Array.from(content.items, ({ id, skills }) => easinessOf(DEFAULT_CALIBRATION, id, skills).item);
  const out = new Float64Array(easiness.length);
  return () => {
    for (let n = 0; n < out.length; n++) out[n] = logistic(easiness[n] ?? 0);
    return out[0] ?? 0;
  };
}

function failed(): never {
  throw new Error('the bench has no learners');
}
