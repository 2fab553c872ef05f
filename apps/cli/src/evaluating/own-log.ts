// The answers of a data folder's own log, as its learners' rows count them: first attempts that are graded and were thought about, a hint
// before one is a wrong answer, each as it was corrected.
import { known, type Envelope, type StreamName } from '@trellis/event-sourcing';
import { openHistory, type History } from '@trellis/engine';
import { isCorrection, LEARNER_PREFIX, splitKey } from '@trellis/learning';
import { DEFAULT_TENANT } from '@trellis/service';
import { countedAnswers, CountedAnswers, type CountedAnswer } from '@trellis/views';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import { Progress } from '../progress.js';
import { AnswerRows } from './answer-rows.js';
import { interruption } from './pool.js';
import type { Read } from './reading.js';
import { VocabularyBuilder } from './vocabulary-builder.js';

/** From this score on an answer counts as right. */
const RIGHT_FROM = 0.5;

/** Reads beside whoever holds the folder, up to what is durable now. */
export async function readLog(folder: string, io: Pick<Io, 'signal' | 'stderr'>): Promise<Read> {
  const history = await openHistory(folder);
  return readHistory(history, `the log in ${folder}`, io).finally(() => history.close());
}

/** Of the log of any event store; `what` it is called in messages. */
export async function readHistory(history: Pick<History, 'store' | 'codec'>, what: string, { signal, stderr }: Pick<Io, 'signal' | 'stderr'>): Promise<Read> {
  const [rows, vocabulary] = [new AnswerRows(), new VocabularyBuilder()];
  const progress = new Progress(stderr, 'answers read', () => ({ count: rows.count, share: null }));
  const add = (learner: string, { data: { item, skills }, score, order: { at, sequence } }: CountedAnswer): void => {
    if (skills.length === 0) return;
    rows.add({ learner, part: 'test', item: vocabulary.item(item), combination: vocabulary.combination(skills), right: score >= RIGHT_FROM, at, sequence, group: -1, named: -1 });
  };
  try {
    const late = await readOnce(history, add, signal);
    rows.drop(new Set(late.values()));
    for (const [stream, learner] of late) {
      if (signal.aborted) throw interruption();
      for (const answer of await readAgain(history, stream)) add(learner, answer);
    }
  } finally {
    progress.end();
  }
  if (rows.count === 0) throw new Failure(`${what} holds no graded answers: import some, or name a file of answers`);
  return { answers: rows.grouped(vocabulary.build()), files: [{ part: 'data', file: 'the log', sha256: null, answers: rows.count }], named: [], groups: null };
}

/** In the order of the log. Answers the learners, by their streams, of whom something came late: their rows are to be made anew, as a view's are. */
async function readOnce({ store, codec }: Pick<History, 'store' | 'codec'>, add: (learner: string, answer: CountedAnswer) => void, signal: AbortSignal): Promise<ReadonlyMap<StreamName, string>> {
  const late = new Map<StreamName, string>();
  // Some hundred bytes a learner.
  const counting = new Map<StreamName, CountedAnswers>();
  for await (const page of store.readAll({ after: null, prefix: LEARNER_PREFIX })) {
    if (signal.aborted) throw interruption();
    for (const record of page) {
      const { stream } = record;
      if (!tells(record) || late.has(stream)) continue;
      const { tenant, id } = splitKey(stream.slice(LEARNER_PREFIX.length));
      const event = tenant === DEFAULT_TENANT ? codec.decode(record) : null;
      if (event === null) continue;
      const counted = counting.get(stream) ?? new CountedAnswers();
      counting.set(stream, counted);
      const answer = counted.take(event);
      if (answer === 'late') late.set(stream, id);
      else if (answer !== null) add(id, answer);
    }
  }
  return late;
}

async function readAgain({ store, codec }: Pick<History, 'store' | 'codec'>, stream: StreamName): Promise<readonly CountedAnswer[]> {
  const events: Envelope[] = [];
  for await (const page of store.read(stream)) events.push(...known(codec, page.filter(tells)));
  return countedAnswers(events);
}

function tells({ type }: Pick<Envelope, 'type'>): boolean {
  return type === 'AnswerGiven' || isCorrection(type);
}
