// Nothing acknowledged may be lost: every answer that was acknowledged is sent once more, and must be known.
import { send } from './world.js';

export interface Found {
  readonly acknowledged: number;
  /** Not known any more. */
  readonly lost: number;
  /** Known with another content. */
  readonly changed: number;
}

interface Line {
  readonly learner: string;
  readonly id: string;
  readonly occurredAt: string;
  readonly [field: string]: unknown;
}

interface Taken {
  readonly accepted: number;
  readonly rejected: readonly { readonly code: string; readonly message: string }[];
}

const BATCH = 1_000;

/** What else a suite logs is a sentence. */
export function isAnswer(line: string): boolean {
  return line.startsWith('{');
}

/** Each line that is JSON is such an answer, as it was sent, with its learner. */
export async function missingOf(url: URL, lines: Iterable<string> | AsyncIterable<string>): Promise<Found> {
  const found = { acknowledged: 0, lost: 0, changed: 0 };
  let batch: object[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const { accepted, rejected } = (await send(url, 'POST', '/v1/events', batch)) as Taken; // what this route answers
    const other = rejected.find(({ code }) => code !== 'conflicting-duplicate');
    if (other !== undefined) throw new Error(`an acknowledged answer cannot be looked for: ${other.message}`);
    found.acknowledged += batch.length;
    found.lost += accepted;
    found.changed += rejected.length;
    batch = [];
  };
  for await (const line of lines) {
    if (!isAnswer(line)) continue;
    const { learner, id, occurredAt, ...data } = JSON.parse(line) as Line; // the suite has written it
    batch.push({ type: 'AnswerGiven', id, learner, occurredAt, data });
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return found;
}
