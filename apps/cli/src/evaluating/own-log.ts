// The answers of a data folder's own log, as its learners' rows count them: first attempts that are graded, a hint before one is a wrong answer.
import { openHistory, type History } from '@trellis/engine';
import { LEARNER_PREFIX, splitKey, type AnswerData } from '@trellis/learning';
import { evidence } from '@trellis/mastery';
import { DEFAULT_TENANT } from '@trellis/service';
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
  try {
    for await (const page of history.store.readAll({ after: null, prefix: LEARNER_PREFIX })) {
      if (signal.aborted) throw interruption();
      for (const record of page) {
        if (record.type !== 'AnswerGiven') continue;
        const { tenant, id } = splitKey(record.stream.slice(LEARNER_PREFIX.length));
        const event = tenant === DEFAULT_TENANT ? history.codec.decode(record) : null;
        if (event === null) continue;
        // The type names the shape of its data.
        const { item, skills, score, attempt, hints } = event.data as AnswerData;
        const counts = evidence({ score, attempt, hints });
        if (counts === null || skills.length === 0) continue;
        const { occurredAt, sequence = 0 } = event.meta;
        rows.add({ learner: id, part: 'test', item: vocabulary.item(item), combination: vocabulary.combination(skills), right: counts >= RIGHT_FROM, at: occurredAt, sequence, group: -1, named: -1 });
      }
    }
  } finally {
    progress.end();
  }
  if (rows.count === 0) throw new Failure(`${what} holds no graded answers: import some, or name a file of answers`);
  return { answers: rows.grouped(vocabulary.build()), files: [{ part: 'data', file: 'the log', sha256: null, answers: rows.count }], named: [], groups: null };
}
