// What a fit sees of the log is what the learners' rows count.
import { known, MemoryStore, type Envelope, type EventId } from '@trellis/event-sourcing';
import { learnerStream, trellisCodec, type AnswerData, type LearnerId, type SkillId, type TenantId, type TrellisEvent } from '@trellis/learning';
import { DEFAULT_CALIBRATION, seeded, type AnswerLog } from '@trellis/mastery';
import { learnerView } from '@trellis/views';
import { readHistory } from './own-log.js';

const MINUTE = 60_000;
const codec = trellisCodec();

interface Happened {
  readonly n: number;
  readonly type: 'AnswerGiven' | 'AnswerScored' | 'AnswerVoided' | 'HintTaken';
  readonly data: object;
  /** Left out: the n-th. */
  readonly minute?: number;
  readonly learner?: string;
}

// The casts of this file name things: every text here keeps to the pattern of its kind.
const idOf = (n: number): EventId => `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId;
const streamOf = ({ learner = 'ana' }: Happened): ReturnType<typeof learnerStream> => learnerStream('default' as TenantId, learner as LearnerId);

function answer(n: number, change: Partial<Record<keyof AnswerData, unknown>> = {}, place: Partial<Happened> = {}): Happened {
  return { n, type: 'AnswerGiven', data: { item: 'i1', skills: ['fractions'], score: 1, attempt: 1, hints: 0, durationMs: 20_000, ...change }, ...place };
}
const scored = (n: number, of: number, score: number, place: Partial<Happened> = {}): Happened => ({ n, type: 'AnswerScored', data: { answer: idOf(of), score }, ...place });
const voided = (n: number, of: number, place: Partial<Happened> = {}): Happened => ({ n, type: 'AnswerVoided', data: { answer: idOf(of) }, ...place });

async function stored(happened: readonly Happened[]): Promise<MemoryStore> {
  const store = new MemoryStore(() => 0);
  for (const each of happened) {
    const { n, type, data, minute = n } = each;
    const event = { type, data } as unknown as TrellisEvent;
    await store.appendObservations([{ stream: streamOf(each), event: codec.encode(idOf(n), n.toString(16).padStart(16, '0'), event, { source: 'api', occurredAt: (minute + 1) * MINUTE, schema: 1 }) }]);
  }
  return store;
}

async function read(happened: readonly Happened[]): Promise<AnswerLog> {
  const store = await stored(happened);
  const io = { signal: new AbortController().signal, stderr: { write: () => true } };
  return (await readHistory({ store, codec }, 'the log', io as unknown as Parameters<typeof readHistory>[2])).answers.log;
}

/** Minute and outcome of each answer of each learner. */
async function seen(happened: readonly Happened[]): Promise<Readonly<Record<string, readonly string[]>>> {
  const { learners, starts, right, at } = await read(happened);
  return Object.fromEntries(learners.map((learner, n) => [learner, Array.from(right.subarray(starts[n], starts[n + 1]), (is, row) => `${(at?.[(starts[n] ?? 0) + row] ?? 0) / MINUTE - 1} ${is}`)]));
}

describe('answers of the log', () => {
  it('that came too fast to be thought about are none', async () => {
    const usual = Array.from({ length: 10 }, (_, n) => answer(n));
    const { ana } = await seen([...usual, answer(10, { durationMs: 1_900, score: 0 }), answer(11, { durationMs: 2_100, score: 0 })]);
    expect(ana?.slice(9)).toEqual(['9 1', '11 0']);
  });

  it('are too fast by what was usual up to then, in whatever order they arrived', async () => {
    // Answers that do not count, as those to later attempts, show a pace as well.
    const usual = Array.from({ length: 10 }, (_, n) => answer(n, { attempt: 2 }));
    expect(await seen([answer(20, { durationMs: 1_900 }), ...usual, answer(10)])).toEqual({ ana: ['10 1'] });
    expect(await seen([...usual, answer(20, { durationMs: 1_900 }, { minute: -1 })])).toEqual({ ana: ['-1 1'] });
  });

  it('count as they were corrected, whether the correction comes before or after', async () => {
    const corrected = { ana: ['1 0', '2 1'], bob: ['4 1'] };
    expect(await seen([answer(1), answer(2, { score: null }), scored(3, 1, 0), answer(4, {}, { learner: 'bob' }), scored(5, 2, 1)])).toEqual(corrected);
    const { bob, ana } = await seen([scored(3, 1, 0), scored(5, 2, 1), answer(4, {}, { learner: 'bob' }), answer(1), answer(2, { score: null })]);
    expect({ ana, bob }).toEqual(corrected);
  });

  it('of two corrections have the newer one', async () => {
    expect(await seen([answer(1), scored(9, 1, 0), scored(8, 1, 1)])).toEqual({ ana: ['1 0'] });
  });

  it('that were voided are none, also where a learner has no others', async () => {
    expect(await seen([answer(1), answer(2, {}, { learner: 'bob' }), voided(3, 1), answer(4, {}, { learner: 'bob' })])).toEqual({ bob: ['2 1', '4 1'] });
    expect(await seen([answer(1), answer(2), voided(3, 1)])).toEqual({ ana: ['2 1'] });
    await expect(read([answer(1), voided(2, 1)])).rejects.toThrow('the log holds no graded answers');
  });

  it('are those that the learner\'s row counts, whatever happened in whatever order', async () => {
    const skills = ['a', 'b', 'c'] as SkillId[];
    for (let seed = 1; seed <= 40; seed++) {
      const random = seeded(seed);
      const below = (n: number): number => Math.floor(random() * n);
      const happened = Array.from({ length: 60 }, (_, n): Happened => {
        const place = { minute: seed % 2 === 0 ? n : below(50) };
        const kind = below(seed % 3 === 0 ? 8 : 30);
        if (kind === 0) return scored(n, below(60), below(3) / 2, place);
        if (kind === 1) return voided(n, below(60), place);
        if (kind === 2) return { n, type: 'HintTaken', data: { item: 'i1', skills: ['a'] }, ...place };
        return answer(n, { item: `i${below(9)}`, skills: skills.slice(below(3)), score: [0, 0.5, 1, null][below(4)], attempt: 1 + below(4) % 3 % 2, hints: below(5) === 0 ? 1 : 0, durationMs: [undefined, 300, 1_500, 20_000, 90_000, 900_000][below(6)] }, place);
      });
      const store = await stored(happened);
      const envelopes: Envelope[] = [];
      for await (const page of store.readAll()) for (const record of page) envelopes.push(...known(codec, [record]));
      const row = learnerView(() => DEFAULT_CALIBRATION).refold('default.ana', envelopes);
      const { vocabulary, combination, right } = await read(happened);
      const counted = skills.map((skill) => {
        const of = Array.from(right).filter((_, n) => vocabulary.combinations[combination[n] ?? -1]?.includes(vocabulary.skills.indexOf(skill)));
        return [skill, of.length, of.filter((is) => is === 1).length];
      });
      expect([seed, counted]).toEqual([seed, skills.map((skill) => [skill, row.skills.get(skill)?.answers ?? 0, row.skills.get(skill)?.right ?? 0])]);
    }
  });
});
