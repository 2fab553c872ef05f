import type { CourseId, LearnerId, RecommendationId } from '@trellis/learning';
import { decide } from './engine.js';
import { courseOf, DAY, learnerWith, NOW, type Past } from './testing/situations.js';
import { recommendationBody, type RecommendationBody } from './wire.js';

function body(past: Past): RecommendationBody {
  const decision = decide({
    learner: 'ana' as LearnerId,
    classroom: null,
    state: learnerWith(past),
    revision: 4,
    course: courseOf({ skills: { a: [] } }),
    wish: { course: 'algebra' as CourseId, count: 1 },
    now: NOW,
    seed: 1,
  });
  // Casts: the names of a recommendation and a learner.
  return recommendationBody({ id: 'opaque-id' as RecommendationId, learner: 'ana' as LearnerId, decision }, (at) => `at ${at}`);
}

describe('a recommendation on the wire', () => {
  it('names what was decided, with the words of every reason', () => {
    expect(body({})).toMatchObject({
      recommendationId: 'opaque-id',
      learner: 'ana',
      course: 'algebra',
      at: `at ${NOW}`,
      basedOn: { revision: 4 },
      versions: { engine: '2', policy: '3', course: 1, calibration: 'default-1' },
      seed: 1,
      pacing: { action: 'learn', reason: { key: 'session-learn', text: 'Time for something new: A.' } },
      items: [{ item: 'a1', skills: ['a'], action: 'learn', probability: 1, reason: { key: 'begin-first', text: 'New: A.' } }],
    });
  });

  it('says when a review is due, and nothing where there is none', () => {
    expect(body({ skills: { a: { known: 0.97, stability: 20, difficulty: 5, lastAt: NOW - DAY } } }).pacing).toMatchObject({ action: 'advance', reviewAt: `at ${NOW + 19 * DAY}` });
    expect('reviewAt' in body({}).pacing).toBe(false);
  });
});
