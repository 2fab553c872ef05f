// Events from the rows of an archive. An answer comes as an object that is filled again for the next one.
import { isAscii } from 'node:buffer';
import type { Envelope, EventCodec, EventId, Instant, Meta, Position, Reads, Revision, StreamName } from '@trellis/event-sourcing';
import type { AnswerData, CourseId, ItemId, RecommendationId, SkillId } from '@trellis/learning';
import type { Archive } from './archive.js';
import { BatchReader, type Values } from './batch-reader.js';
import { COLUMNS, type ColumnName } from './columns.js';
import { ANSWER, ANSWER_SCHEMA } from './event-rows.js';

type Filled<Type> = { -readonly [Member in keyof Required<Type>]: Type[Member] | undefined };

/** Every member is there and may be undefined, so that all answers have one shape. */
class Answer {
  id = '' as EventId;
  readonly type = ANSWER;
  readonly digest = '';
  readonly bytes = new Uint8Array(0);
  stream = '' as StreamName;
  revision: Revision = 0;
  readonly position = '' as Position;
  recordedAt: Instant = 0;
  readonly meta: Filled<Meta> = {
    source: '',
    occurredAt: 0,
    timeBasis: undefined,
    claimedAt: undefined,
    sequence: undefined,
    schema: ANSWER_SCHEMA,
    correlationId: undefined,
  };
  readonly data: Filled<AnswerData> = {
    item: '' as ItemId,
    skills: [],
    course: undefined,
    courseVersion: undefined,
    score: null,
    attempt: 1,
    hints: 0,
    response: undefined,
    durationMs: undefined,
    confidence: undefined,
    session: undefined,
    recommendation: undefined,
  };
}

/** What an answer need not have. */
const NO_META = { sequence: undefined, timeBasis: undefined, claimedAt: undefined, correlationId: undefined };
const NO_DATA = { course: undefined, courseVersion: undefined, durationMs: undefined, confidence: undefined, response: undefined, session: undefined, recommendation: undefined };

/** What nobody but people reads. */
const UNREAD: ReadonlySet<ColumnName> = new Set(['data']);
const READ: readonly ColumnName[] = COLUMNS.map(({ name }) => name).filter((name) => !UNREAD.has(name));
const UINT32 = 2 ** 32;

export class ArchivedEvents {
  private readonly batch: BatchReader;
  private readonly columns: { readonly [Name in ColumnName]: Values };
  private readonly texts: { readonly [Name in 'id' | 'response' | 'session' | 'recommendation' | 'correlationId']: Texts };
  private readonly words: { readonly [Name in 'tenant' | 'learner' | 'type' | 'item' | 'skills' | 'course' | 'source']: readonly string[] };
  private readonly answer = new Answer();
  /** By the number of an item: the skills it had last. They rarely change, and a list that is there need not be made. */
  private readonly skillsOfItem: (readonly SkillId[] | undefined)[] = [];

  constructor(
    private readonly archive: Archive,
    private readonly codec: EventCodec,
    private readonly reads?: Reads,
  ) {
    this.batch = new BatchReader(archive, READ);
    // Every name is one of the columns.
    this.columns = Object.fromEntries(COLUMNS.map(({ name }) => [name, UNREAD.has(name) ? null : this.batch.values(name)])) as unknown as typeof this.columns;
    const texts = (name: ColumnName): Texts => new Texts(this.columns[name]);
    this.texts = { id: texts('id'), response: texts('response'), session: texts('session'), recommendation: texts('recommendation'), correlationId: texts('correlationId') };
    const words = (name: ColumnName): readonly string[] => archive.words(name);
    this.words = { tenant: words('tenant'), learner: words('learner'), type: words('type'), item: words('item'), skills: words('skills'), course: words('course'), source: words('source') };
  }

  /** Answers how many rows the batch has. */
  load(batch: number): number {
    this.batch.load(batch);
    for (const text of Object.values(this.texts)) text.load();
    Object.assign(this.answer.meta, NO_META);
    Object.assign(this.answer.data, NO_DATA);
    return this.batch.rows;
  }

  /** The numbers of the words that say whose the rows are. */
  get owners(): { readonly tenants: Int32Array; readonly learners: Int32Array } {
    return { tenants: this.columns.tenant.ints, learners: this.columns.learner.ints };
  }

  keyAt(row: number): string {
    return `${this.wordAt('tenant', row)}.${this.wordAt('learner', row)}`;
  }

  revisionAt(row: number): Revision {
    return this.columns.revision.ints[row] as number;
  }

  /** Null for one that the codec does not know. An answer is there only until the next one is asked for. */
  at(row: number, stream: StreamName): Envelope | null {
    if (this.columns.event.has(row)) return this.decoded(row, stream);
    this.fill(row);
    this.answer.stream = stream;
    // Members that are undefined are as good as none.
    return this.answer as Envelope;
  }

  /** The same, to be kept. */
  keptAt(row: number, stream: StreamName): Envelope | null {
    const event = this.at(row, stream);
    return event === this.answer ? { ...event, meta: defined(event.meta), data: defined(event.data as AnswerData) } : event;
  }

  private decoded(row: number, stream: StreamName): Envelope | null {
    const { ends, bytes } = this.columns.event;
    const record = {
      id: this.texts.id.at(row) as EventId,
      type: this.wordAt('type', row),
      digest: '',
      // A copy: the memory under it is used again.
      bytes: bytes.slice(ends[row], ends[row + 1]),
      stream,
      revision: this.revisionAt(row),
      position: '' as Position,
      recordedAt: longAt(this.columns.recordedAt, row),
    };
    return this.codec.decode(record, this.reads);
  }

  private fill(row: number): void {
    const { columns, texts, words, answer } = this;
    const { meta, data } = answer;
    // The ids of the file were ids when they were written.
    answer.id = texts.id.at(row) as EventId;
    answer.revision = columns.revision.ints[row] as number;
    answer.recordedAt = longAt(columns.recordedAt, row);
    meta.occurredAt = longAt(columns.occurredAt, row);
    meta.source = words.source[columns.source.ints[row] as number];
    data.item = this.checked('item', words.item[columns.item.ints[row] as number]) as ItemId;
    data.skills = this.skillsAt(row);
    data.score = columns.score.has(row) ? columns.score.doubles[row] : null;
    data.attempt = columns.attempt.ints[row];
    data.hints = columns.hints.ints[row];
    // Of a column without values, the member is undefined since the batch was loaded.
    if (!columns.sequence.isEmpty) meta.sequence = columns.sequence.has(row) ? longAt(columns.sequence, row) : undefined;
    if (!columns.timeBasis.isEmpty) meta.timeBasis = columns.timeBasis.has(row) ? 'received' : undefined;
    if (!columns.claimedAt.isEmpty) meta.claimedAt = columns.claimedAt.has(row) ? longAt(columns.claimedAt, row) : undefined;
    if (!columns.correlationId.isEmpty) meta.correlationId = texts.correlationId.at(row);
    if (!columns.course.isEmpty) data.course = columns.course.has(row) ? (words.course[columns.course.ints[row] as number] as CourseId) : undefined;
    if (!columns.courseVersion.isEmpty) data.courseVersion = columns.courseVersion.has(row) ? columns.courseVersion.ints[row] : undefined;
    if (!columns.durationMs.isEmpty) data.durationMs = columns.durationMs.has(row) ? columns.durationMs.ints[row] : undefined;
    if (!columns.confidence.isEmpty) data.confidence = columns.confidence.has(row) ? columns.confidence.doubles[row] : undefined;
    if (!columns.response.isEmpty) data.response = texts.response.at(row);
    if (!columns.session.isEmpty) data.session = texts.session.at(row);
    if (!columns.recommendation.isEmpty) data.recommendation = texts.recommendation.at(row) as RecommendationId | undefined;
  }

  private skillsAt(row: number): readonly SkillId[] {
    const { ends, ints } = this.columns.skills;
    const words = this.words.skills;
    const item = this.columns.item.ints[row] as number;
    const [from, to] = [ends[row] as number, ends[row + 1] as number];
    const known = this.skillsOfItem[item];
    if (known?.length === to - from) {
      let n = 0;
      while (n < known.length && known[n] === words[ints[from + n] as number]) n++;
      if (n === known.length) return known;
    }
    const skills = Array.from(ints.subarray(from, to), (number) => this.checked('skills', words[number]) as SkillId);
    this.skillsOfItem[item] = skills;
    return skills;
  }

  private wordAt(name: keyof typeof this.words, row: number): string {
    return this.checked(name, this.words[name][this.columns[name].ints[row] as number]);
  }

  private checked(name: ColumnName, word: string | undefined): string {
    if (word === undefined) throw this.archive.damaged(`a word of the column ${name} is not in its vocabulary`);
    return word;
  }
}

function longAt({ ints }: Values, row: number): number {
  return ((ints[2 * row] as number) >>> 0) + (ints[2 * row + 1] as number) * UINT32;
}

function defined<Type extends object>(members: Type): Type {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Type;
}

/** The texts of a batch. Where all are ASCII they become one string at once, and each is a part of it. */
class Texts {
  private all = '';
  private isAscii = false;

  constructor(private readonly values: Values) {}

  load(): void {
    if (this.values.isEmpty) return;
    const bytes = Buffer.from(this.values.bytes.buffer, 0, this.values.bytes.length);
    this.isAscii = isAscii(bytes);
    // The same for ASCII, and the fastest.
    this.all = this.isAscii ? bytes.toString('latin1') : '';
  }

  at(row: number): string | undefined {
    const { values } = this;
    if (!values.has(row)) return undefined;
    const [from, to] = [values.ends[row] as number, values.ends[row + 1] as number];
    return this.isAscii ? this.all.substring(from, to) : Buffer.from(values.bytes.buffer, from, to - from).toString('utf8');
  }
}
