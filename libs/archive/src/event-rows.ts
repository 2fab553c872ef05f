// An event as a row of columns.
import type { Envelope, Recorded } from '@trellis/event-sourcing';
import { eventSchema, LEARNER_PREFIX, splitKey } from '@trellis/learning';
import { ArchiveError } from './errors.js';
import type { ArchiveRow } from './columns.js';

export const ANSWER = 'AnswerGiven';
export const ANSWER_SCHEMA = eventSchema(ANSWER);

/** `event`: the record decoded, or null where nobody here knows it. */
export function rowOf(record: Recorded, event: Envelope | null): ArchiveRow {
  const key = record.stream.slice(LEARNER_PREFIX.length);
  if (!record.stream.startsWith(LEARNER_PREFIX) || !key.includes('.')) throw new ArchiveError(`${record.stream} is no learner's stream: an archive holds those of learners`);
  const { tenant, id: learner } = splitKey(key);
  const { meta } = event ?? {};
  const data = (event?.data ?? {}) as Readonly<Record<string, unknown>>;
  const isWhole = event !== null && isPlainAnswer(event);
  return {
    tenant,
    learner,
    revision: record.revision,
    id: record.id,
    type: record.type,
    occurredAt: whole(meta?.occurredAt),
    recordedAt: record.recordedAt,
    item: text(data['item']),
    skills: texts(data['skills']),
    course: text(data['course']),
    courseVersion: int(data['courseVersion']),
    score: number(data['score']),
    attempt: int(data['attempt']),
    hints: int(data['hints']),
    durationMs: int(data['durationMs']),
    confidence: number(data['confidence']),
    response: text(data['response']),
    session: text(data['session']),
    recommendation: text(data['recommendation']),
    source: text(meta?.source),
    sequence: whole(meta?.sequence),
    timeBasis: text(meta?.timeBasis),
    claimedAt: whole(meta?.claimedAt),
    correlationId: text(meta?.correlationId),
    data: event === null || isWhole ? null : JSON.stringify(event.data),
    event: isWhole ? null : record.bytes,
  };
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => text(value) !== null;
const isInt: Check = (value) => int(value) !== null;
const isWholeNumber: Check = (value) => whole(value) !== null;
const isNumber: Check = (value) => number(value) !== null;
const orAbsent = (check: Check): Check => (value) => value === undefined || check(value);

const DATA_CHECKS: Readonly<Record<string, Check>> = {
  item: isText,
  skills: (value) => texts(value) !== null,
  score: (value) => value === null || isNumber(value),
  attempt: isInt,
  hints: isInt,
  course: orAbsent(isText),
  courseVersion: orAbsent(isInt),
  durationMs: orAbsent(isInt),
  confidence: orAbsent(isNumber),
  response: orAbsent(isText),
  session: orAbsent(isText),
  recommendation: orAbsent(isText),
};
const META_CHECKS: Readonly<Record<string, Check>> = {
  source: isText,
  occurredAt: isWholeNumber,
  schema: (value) => value === ANSWER_SCHEMA,
  sequence: orAbsent(isWholeNumber),
  timeBasis: orAbsent((value) => value === 'received'),
  claimedAt: orAbsent(isWholeNumber),
  correlationId: orAbsent(isText),
};
const [DATA_NAMES, META_NAMES] = [Object.keys(DATA_CHECKS), Object.keys(META_CHECKS)];

/** Whether the columns say all that the answer says: nothing of a later version, nothing that a column would round. */
function isPlainAnswer({ type, data, meta }: Envelope): boolean {
  if (type !== ANSWER) return false;
  const [members, marks] = [data as Readonly<Record<string, unknown>>, meta as unknown as Readonly<Record<string, unknown>>];
  for (const name of DATA_NAMES) if (DATA_CHECKS[name]?.(members[name]) !== true) return false;
  for (const name of META_NAMES) if (META_CHECKS[name]?.(marks[name]) !== true) return false;
  for (const name in members) if (!Object.hasOwn(DATA_CHECKS, name)) return false;
  for (const name in marks) if (!Object.hasOwn(META_CHECKS, name)) return false;
  return true;
}

/** UTF-8 has no bytes for half a surrogate pair. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value.isWellFormed() ? value : null;
}

function texts(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((each) => text(each) !== null) ? (value as readonly string[]) : null;
}

function int(value: unknown): number | null {
  return typeof value === 'number' && (value | 0) === value && !Object.is(value, -0) ? value : null;
}

function whole(value: unknown): number | null {
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? (value as number) : null;
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
