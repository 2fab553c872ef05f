import { reason, reasonText, type ReasonKey } from './reasons.js';

const params = { skill: 'fractions', title: 'Fractions', mastery: 0.876, goal: 0.95, days: 9, open: 3, due: 2, pauses: 3, skills: 4 };

const texts: { readonly [key in ReasonKey]: string } = {
  'begin-skill': 'New: Fractions. What it builds on is known well enough.',
  'keep-practising': 'Fractions is at 88 %; it counts as mastered from 95 %.',
  'review-due': 'Fractions was mastered and last practised 9 days ago.',
  'after-a-pause': 'Back to Fractions after a pause: several answers in a row went wrong there.',
  'begin-with-lesson': 'New: Fractions. Begin with the lesson.',
  'session-practise': 'The next steps towards the goal: 3 skills are open.',
  'session-learn': 'Time for something new: Fractions.',
  'session-review': 'A review keeps what was learned: 2 skills are due.',
  stuck: 'Fractions was put aside 3 times after wrong answers in a row. Somebody should look at it together.',
  'all-mastered': 'Everything that the goal needs is mastered.',
  'nothing-to-practise': 'The course has no item to practise for what is still open.',
};

describe('the text of a reason', () => {
  // The table has every key by its type, so its entries are keys.
  it.each(Object.entries(texts) as [ReasonKey, string][])('of %s has its parameters in it', (key, text) => {
    expect(reasonText(reason(key, params))).toBe(text);
  });

  it('shows a key that it does not know as it is', () => {
    expect(reasonText({ key: 'teacher-pinned', params: {} })).toBe('teacher-pinned');
    expect(reasonText({ key: 'toString', params: {} })).toBe('toString');
  });

  it('shows a question mark for a parameter that is missing', () => {
    expect(reasonText(reason('session-learn', {}))).toBe('Time for something new: ?.');
  });

  it('takes a title literally', () => {
    expect(reasonText(reason('session-learn', { title: '$& {title} $1' }))).toBe('Time for something new: $& {title} $1.');
  });
});
