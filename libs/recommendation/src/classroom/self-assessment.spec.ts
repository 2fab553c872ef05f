import { CLASSROOM_TEXTS } from './reasons.js';
import { standingWith } from '../testing/classes.js';
import { NOW } from '../testing/situations.js';
import { selfAssessments } from './self-assessment.js';

const said = (level: number, known: number, answers: number): object | undefined =>
  selfAssessments(standingWith({ skills: { a: { known, answers, right: answers } }, told: { selfAssessed: [{ skill: 'a' as never, level, at: NOW }] } }))[0];

it.each([
  ['agrees', 0.8, 0.7, 6],
  ['surer', 0.95, 0.4, 6],
  ['less-sure', 0.2, 0.9, 6],
  ['too-few-answers', 0.9, 0.3, 2],
])('sets what was said against the answers: %s', (agreement, level, known, answers) => {
  expect(said(level, known, answers)).toMatchObject({ agreement, level, mastery: known, answers, reason: { key: `self-${agreement}`, params: { title: 'A', level, mastery: known } } });
});

it('has a kind sentence for the learner, whatever the difference', () => {
  for (const texts of [CLASSROOM_TEXTS.en, CLASSROOM_TEXTS.es]) {
    for (const agreement of ['agrees', 'surer', 'less-sure', 'too-few-answers'] as const) {
      expect(texts[`self-${agreement}`].learner).not.toMatch(/wrong|only|overestimat|fail|incorrect|solo|mal\b|error/i);
    }
  }
});

it('shows the newest first and nothing of other courses', () => {
  const selfAssessed = [{ skill: 'a', level: 1, at: NOW - 5 }, { skill: 'elsewhere', level: 1, at: NOW }, { skill: 'b', level: 1, at: NOW - 2 }] as never;
  expect(selfAssessments(standingWith({ told: { selfAssessed } })).map(({ skill }) => skill)).toEqual(['b', 'a']);
});
