import type { SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import type { PublishedCourse } from './catalogue.js';
import { newLearner, newSkill, type LearnerState, type SkillState } from './learner-state.js';
import { masteryReport, REVIEW_AFTER_MS, statusOf } from './mastery-report.js';
import { content, DAY, MORNING } from './testing/events.js';

const NOW = MORNING + 30 * DAY;
const marks = { masteredAt: 0.95, stuckAfter: 3, now: NOW };

describe('the status of a skill', () => {
  const fresh = NOW - DAY;
  const cases: [Partial<SkillState>, string, string][] = [
    [{ answers: 0, known: 0.3 },                                  'new',        'nobody answered it'],
    [{ answers: 0, known: 0.99 },                                 'new',        'nobody answered it, whatever is presumed'],
    [{ answers: 2, known: 0.94, lastAt: fresh },                  'learning',   'it is below the mark'],
    [{ answers: 5, known: 0.95, lastAt: fresh },                  'mastered',   'it is at the mark'],
    [{ answers: 5, known: 0.95, lastAt: NOW - REVIEW_AFTER_MS },  'mastered',   'the week is not over'],
    [{ answers: 5, known: 0.95, lastAt: NOW - REVIEW_AFTER_MS - 1 }, 'review-due', 'the week is over'],
    [{ answers: 8, known: 0.1, lastAt: fresh, pauses: 2 },        'learning',   'it was put aside twice'],
    [{ answers: 12, known: 0.1, lastAt: fresh, pauses: 3 },       'stuck',      'it was put aside three times'],
    [{ answers: 30, known: 0.97, lastAt: fresh, pauses: 5 },      'mastered',   'it was mastered in the end'],
  ];
  it.each(cases)('of %j is %s: %s', (change, status) => expect(statusOf({ ...newSkill(DEFAULT_CALIBRATION), ...change }, marks)).toBe(status));
});

describe('the report', () => {
  const state: LearnerState = newLearner(DEFAULT_CALIBRATION);
  const practised = (known: number): SkillState => ({ ...newSkill(DEFAULT_CALIBRATION), known, answers: 4, lastAt: NOW - DAY });
  state.skills.set('decimals' as SkillId, practised(0.9));
  state.skills.set('angles' as SkillId, practised(0.9));

  const whole = content({ i1: ['fractions'], i2: ['decimals'] }, { decimals: 0.85 });
  // Only what the report reads of a course.
  const course = { content: whole } as PublishedCourse;

  it('lists every skill of the course in its order, with the course\'s own marks', () => {
    expect(masteryReport(state, { course, calibration: DEFAULT_CALIBRATION, now: NOW })).toEqual([
      { skill: 'fractions', mastery: 0.3, recall: null, answers: 0, lastAt: null, status: 'new' },
      { skill: 'decimals', mastery: 0.9, recall: null, answers: 4, lastAt: NOW - DAY, status: 'mastered' },
    ]);
  });

  it('lists what was practised, by name, without a course', () => {
    const report = masteryReport(state, { course: null, calibration: DEFAULT_CALIBRATION, now: NOW });
    expect(report.map(({ skill, status }) => [skill, status])).toEqual([['angles', 'learning'], ['decimals', 'learning']]);
  });

  it('lists only the skills that were asked for, in that order', () => {
    const skills = ['decimals', 'unheard-of', 'fractions'] as SkillId[];
    const report = masteryReport(state, { course, calibration: DEFAULT_CALIBRATION, now: NOW, skills });
    expect(report.map(({ skill, status }) => [skill, status])).toEqual([['decimals', 'mastered'], ['unheard-of', 'new'], ['fractions', 'new']]);
  });
});
