import { LANGUAGES, TEXTS, type ReasonKey } from './reason-texts.js';
import { languageOf, reason, reasonText, teacherText } from './reasons.js';

const params = { skill: 'fractions', title: 'Fractions', mastery: 0.876, goal: 0.95, days: 9, open: 3, due: 2, pauses: 3, skills: 4 };

describe('the text of a reason', () => {
  it.each<readonly [ReasonKey, string, string]>([
    // key                 for the learner                                                         for the teacher
    ['keep-practising',    'Fractions is at 88 %; it counts as mastered from 95 %.',               'P(known) of Fractions is 88 %, below the mark of 95 %.'],
    ['session-learn',      'Time for something new: Fractions.',                                   'Time for something new: Fractions.'],
    ['session-practise',   'The next steps towards the goal: 3 skills are open.',                  'The next steps towards the goal: 3 skills are open.'],
    ['all-mastered',       'Everything that the goal needs is mastered.',                          'Everything that the goal needs is mastered.'],
  ])('of %s has its parameters in it', (key, learner, teacher) => {
    expect([reasonText(reason(key, params)), teacherText(reason(key, params))]).toEqual([learner, teacher]);
  });

  it('counts one as one', () => {
    expect(['en' as const, 'es' as const].map((language) => reasonText(reason('session-practise', { open: 1 }), language))).toEqual([
      'The next steps towards the goal: 1 skill is open.',
      'Los próximos pasos hacia la meta: queda 1 destreza abierta.',
    ]);
    expect(teacherText(reason('review-due', { ...params, days: 1, recall: 0.9 }))).toBe('Fractions was mastered and last practised 1 day ago; the chance that it is still remembered is 90 %.');
  });

  it('is there in every language, with the same parameters', () => {
    const [first, ...others] = LANGUAGES.map((language) => TEXTS[language]);
    const names = (text: string | undefined): readonly string[] => [...new Set([...(text ?? '').matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort();
    for (const other of others) {
      expect(Object.keys(other).sort()).toEqual(Object.keys(first ?? {}).sort());
      for (const [key, { learner, teacher }] of Object.entries(first ?? {})) {
        expect([key, names(other[key]?.learner), names(other[key]?.teacher)]).toEqual([key, names(learner), names(teacher)]);
        for (const text of [learner, teacher]) if (text !== undefined) expect([other[key]?.learner, other[key]?.teacher]).not.toContain(text);
      }
    }
    expect(reasonText(reason('keep-practising', params), 'es')).toBe('Fractions está en 88 %; se da por dominado desde 95 %.');
  });

  it('is in the language of a tag, or in English', () => {
    expect([languageOf('es-MX'), languageOf('ES'), languageOf('fr'), languageOf(undefined)]).toEqual(['es', 'es', 'en', 'en']);
  });

  it('never blames', () => {
    for (const texts of Object.values(TEXTS)) {
      for (const { learner = '' } of Object.values(texts)) expect(learner).not.toMatch(/\b(fail|bad|lazy|weak|slow learner|wrong again|mal estudiante|fracas|perezos)/i);
    }
  });

  it('shows a key that it does not know as it is', () => {
    expect(reasonText({ key: 'of-another-version', params: {} })).toBe('of-another-version');
    expect(teacherText({ key: 'toString', params: {} })).toBe('toString');
  });

  it('shows a question mark for a parameter that is missing', () => {
    expect(reasonText(reason('session-learn', {}))).toBe('Time for something new: ?.');
  });

  it('takes a title literally', () => {
    expect(reasonText(reason('session-learn', { title: '$& {title} $1' }))).toBe('Time for something new: $& {title} $1.');
  });
});
