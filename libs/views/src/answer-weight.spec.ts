import { CountedAnswers, countedAnswers } from './answer-weight.js';
import { answer, envelope, idOf, MINUTE, MORNING } from './testing/events.js';
import type { Envelope } from '@trellis/event-sourcing';

const fact = (n: number, type: string, data: object): Envelope => envelope(n, { type, data });
const usual = Array.from({ length: 10 }, (_, n) => answer(n, { durationMs: 20_000 }));
const at = (n: number, minute: number): Envelope => answer(n, { meta: { occurredAt: MORNING + minute * MINUTE } });

describe('an answer of a history', () => {
  const cases: [string, Envelope, number | null][] = [
    ['counts with its score',                            answer(20, { score: 0.25 }),     0.25],
    ['counts as wrong after a hint',                     answer(20, { hints: 1 }),        0],
    ['counts for nothing while nobody has graded it',    answer(20, { score: null }),     null],
    ['counts for nothing when it was not the first',     answer(20, { attempt: 2 }),      null],
    ['counts for nothing when it came too fast',         answer(20, { durationMs: 500 }), null],
  ];
  it.each(cases)('%s', (_, given, score) => {
    const counted = new CountedAnswers();
    for (const each of usual) counted.take(each);
    const taken = counted.take(given);
    expect(taken === null || taken === 'late' ? taken : taken.score).toBe(score);
    expect(countedAnswers([...usual, given]).at(10)?.score ?? null).toBe(score);
  });

  it('is late behind one that happened after it, and so is every correction', () => {
    const late = [at(2, 3), at(5, 5), fact(6, 'AnswerVoided', { answer: idOf(5) }), fact(6, 'AnswerScored', { answer: idOf(9), score: 1 })];
    for (const each of late) {
      const counted = new CountedAnswers();
      expect([counted.take(at(5, 5)), counted.take(each)]).toEqual([expect.objectContaining({ score: 1 }), 'late']);
    }
  });

  it('counts where it belongs, once, and as it was corrected', () => {
    const history = [at(3, 3), fact(6, 'AnswerVoided', { answer: idOf(2) }), at(1, 1), at(2, 2), at(1, 1), fact(7, 'AnswerScored', { answer: idOf(3), score: 0 }), fact(8, 'HintTaken', {})];
    expect(countedAnswers(history).map(({ score, order }) => [order.id, score])).toEqual([[idOf(1), 1], [idOf(3), 0]]);
  });
});
