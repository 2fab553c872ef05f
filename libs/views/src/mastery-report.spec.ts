import type { SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import type { PublishedCourse } from './catalogue.js';
import { newLearner, type LearnerState } from './learner-state.js';
import { newSkill, type SkillState } from './skill-table.js';
import { masteryReport, statusOf } from './mastery-report.js';
import { content, DAY, MORNING } from './testing/events.js';

const NOW = MORNING + 30 * DAY;
const thresholds = { mark: 0.95, calibration: DEFAULT_CALIBRATION, now: NOW };

describe('the status of a skill', () => {
  const lastAt = NOW - 2 * DAY;
  const retained = (p: number): Partial<SkillState> => ({ known: p, unrecalled: 1 - p, lastAt });
  // Recall of two days ago: a stability of 60 days keeps it, one of half a day does not.
  const cases: [Partial<SkillState>, string, string, string][] = [
    // state                                                        status        basis               because
    [{ answers: 0, ...retained(0.3) },                             'new',        'no-answers',       'nobody answered it'],
    [{ answers: 0, ...retained(0.99) },                            'new',        'no-answers',       'nobody answered it, whatever is presumed'],
    [{ answers: 2, ...retained(0.94) },                            'learning',   'below-mark',       'it is below the mark'],
    [{ answers: 5, ...retained(0.9), known: 0.97 },                'learning',   'not-yet-retained', 'the stricter tracker does not declare it'],
    [{ answers: 5, ...retained(0.96) },                            'mastered',   'above-mark',       'it is above the mark, and recall has not begun'],
    [{ answers: 5, ...retained(0.96), stability: 60 },             'mastered',   'above-mark',       'it is still remembered'],
    [{ answers: 5, ...retained(0.96), stability: 0.5 },            'review-due', 'recall-faded',     'it is hardly remembered'],
    [{ answers: 8, ...retained(0.1), pauses: 2 },                  'learning',   'below-mark',       'it was put aside twice'],
    [{ answers: 12, ...retained(0.1), pauses: 3 },                 'stuck',      'paused-often',     'it was put aside three times'],
    [{ answers: 30, ...retained(0.97), pauses: 5 },                'mastered',   'above-mark',       'it was mastered in the end'],
  ];
  it.each(cases)('of %j is %s, by %s: %s', (change, status, key) => {
    const given = statusOf({ ...newSkill(DEFAULT_CALIBRATION), ...change }, thresholds);
    expect([given.status, given.basis.key]).toEqual([status, key]);
    expect(given.basis.params.mark).toBe(0.95);
  });

  it('says what was set against what', () => {
    const { basis } = statusOf({ ...newSkill(DEFAULT_CALIBRATION), answers: 5, ...retained(0.96), stability: 0.5 }, thresholds);
    expect(basis.params).toEqual({ mark: 0.95, mastery: 0.96, retained: expect.closeTo(0.96, 6), recall: expect.any(Number), reviewBelow: 0.9 });
  });
});

describe('the report', () => {
  const state: LearnerState = newLearner(DEFAULT_CALIBRATION);
  const practised = (known: number): SkillState => ({ ...newSkill(DEFAULT_CALIBRATION), known, unrecalled: 1 - known, answers: 4, right: 3, lastAt: NOW - DAY });
  state.skills.set('decimals' as SkillId, practised(0.9));
  state.skills.set('angles' as SkillId, practised(0.9));

  const whole = content({ i1: ['fractions'], i2: ['decimals'] }, { decimals: 0.85 });
  // Only what the report reads of a course.
  const course = { content: whole } as PublishedCourse;

  it('lists every skill of the course in its order, with the course\'s own marks', () => {
    expect(masteryReport(state, { course, now: NOW })).toMatchObject([
      { skill: 'fractions', mastery: 0.3, recall: null, answers: 0, right: 0, lastAt: null, reviewAt: null, status: 'new' },
      { skill: 'decimals', mastery: 0.9, recall: null, answers: 4, right: 3, lastAt: NOW - DAY, reviewAt: null, status: 'mastered', basis: { params: { mark: 0.85 } } },
    ]);
  });

  it('lists what was practised, by name, without a course', () => {
    const report = masteryReport(state, { course: null, now: NOW });
    expect(report.map(({ skill, status }) => [skill, status])).toEqual([['angles', 'learning'], ['decimals', 'learning']]);
  });

  it('lists only the skills that were asked for, in that order', () => {
    const skills = ['decimals', 'unheard-of', 'fractions'] as SkillId[];
    const report = masteryReport(state, { course, now: NOW, skills });
    expect(report.map(({ skill, status }) => [skill, status])).toEqual([['decimals', 'mastered'], ['unheard-of', 'new'], ['fractions', 'new']]);
  });
});
