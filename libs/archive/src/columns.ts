// The columns of an archive: what a row holds of an event, in whatever file it is written to.

/**
 * `word`: text of a vocabulary; `words`: several of one; `text`: any other; `bytes`; `int`: 32 bits; `long`: a whole number of 53 bits;
 * `double`; `time`: milliseconds since 1970.
 */
export type Kind = 'word' | 'words' | 'text' | 'bytes' | 'int' | 'long' | 'double' | 'time';

export interface Column {
  readonly name: keyof ArchiveRow;
  readonly kind: Kind;
  /** False: every row has a value. */
  readonly isOptional: boolean;
}

/** An event. What does not apply to its type is null; so is what it does not have. */
export interface ArchiveRow {
  tenant: string;
  learner: string;
  /** The event's place in the learner's stream: 0 is the first. */
  revision: number;
  id: string;
  type: string;
  /** Null for an event that the program that wrote the file did not know. */
  occurredAt: number | null;
  recordedAt: number;
  item: string | null;
  skills: readonly string[] | null;
  course: string | null;
  courseVersion: number | null;
  score: number | null;
  attempt: number | null;
  hints: number | null;
  durationMs: number | null;
  confidence: number | null;
  response: string | null;
  session: string | null;
  recommendation: string | null;
  source: string | null;
  sequence: number | null;
  timeBasis: string | null;
  claimedAt: number | null;
  correlationId: string | null;
  /** Where the columns in front do not say all of the event, its data as JSON: for people. */
  data: string | null;
  /** There, too, the event as the log has it: for replay. */
  event: Uint8Array | null;
}

export const COLUMNS: readonly Column[] = [
  { name: 'tenant', kind: 'word', isOptional: false },
  { name: 'learner', kind: 'word', isOptional: false },
  { name: 'revision', kind: 'int', isOptional: false },
  { name: 'id', kind: 'text', isOptional: false },
  { name: 'type', kind: 'word', isOptional: false },
  { name: 'occurredAt', kind: 'time', isOptional: true },
  { name: 'recordedAt', kind: 'time', isOptional: false },
  { name: 'item', kind: 'word', isOptional: true },
  { name: 'skills', kind: 'words', isOptional: true },
  { name: 'course', kind: 'word', isOptional: true },
  { name: 'courseVersion', kind: 'int', isOptional: true },
  { name: 'score', kind: 'double', isOptional: true },
  { name: 'attempt', kind: 'int', isOptional: true },
  { name: 'hints', kind: 'int', isOptional: true },
  { name: 'durationMs', kind: 'int', isOptional: true },
  { name: 'confidence', kind: 'double', isOptional: true },
  { name: 'response', kind: 'text', isOptional: true },
  { name: 'session', kind: 'text', isOptional: true },
  { name: 'recommendation', kind: 'text', isOptional: true },
  { name: 'source', kind: 'word', isOptional: true },
  { name: 'sequence', kind: 'long', isOptional: true },
  { name: 'timeBasis', kind: 'word', isOptional: true },
  { name: 'claimedAt', kind: 'time', isOptional: true },
  { name: 'correlationId', kind: 'text', isOptional: true },
  { name: 'data', kind: 'text', isOptional: true },
  { name: 'event', kind: 'bytes', isOptional: true },
];

export type ColumnName = keyof ArchiveRow;

/** What stands in the file beside the rows, under these names with `trellis.` in front. */
export interface ArchiveMeta {
  /** Of the columns and what they mean. */
  readonly format: string;
  /** Of the newest event in it; empty where there is none. Of the learners in it, it holds everything up to there and nothing behind. */
  readonly position: string;
  /** Rows in all. */
  readonly events: string;
  /** What the names of its streams begin with. */
  readonly streams: string;
  /** The schema of the answers. */
  readonly answerSchema: string;
}

/** Raise it with any change of the columns or of what they mean. */
export const FORMAT = '1';
export const META_PREFIX = 'trellis.';
