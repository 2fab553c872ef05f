import fc from 'fast-check';
import { RECENT_MAX, RecentAnswers } from './recent-answers.js';

it('holds the last ones, the newest last', () => {
  const answer = fc.record({ item: fc.nat({ max: 2 ** 48 - 1 }), recommendation: fc.nat({ max: 2 ** 48 - 1 }) });
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 3 * RECENT_MAX }), (answers) => {
      const recent = new RecentAnswers();
      for (const each of answers) recent.push(each);
      const last = answers.slice(-RECENT_MAX);
      expect([...recent]).toEqual(last);
      expect(recent.length).toBe(last.length);
      expect(recent.stored()).toEqual(last.flatMap(({ item, recommendation }) => [item, recommendation]));
    }),
  );
});
