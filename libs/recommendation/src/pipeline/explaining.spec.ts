import { newSkill, type SkillState } from '@trellis/views';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { policy3 } from '../policy-3.js';
import { courseOf, DAY, NOW, situationOf } from '../testing/situations.js';

const memory = { stability: 5, difficulty: 5 };

/** Of a learner who has only `a` to do, and `b` behind it. */
function why(a: Partial<SkillState>): readonly unknown[] {
  const course = courseOf({ skills: { a: [], b: ['a'] }, marks: { a: 0.85, b: 0.85 } });
  const plan = { excludedSkills: ['b' as never] };
  const { items: [first], pacing } = policy3(situationOf({ course, past: { answers: 30, skills: { a }, plan } }), null);
  return [first?.action, first?.reason.key, pacing.action, pacing.reason.key];
}

describe('why a skill was chosen', () => {
  const declared = { known: 0.9, unrecalled: 0.1, ...memory };

  it.each([
    // what is known of the skill                                                                    action and reason, pace and reason
    ['below its mark',                    { known: 0.5 },                                            ['practise', 'keep-practising', 'practise', 'session-practise']],
    ['above it, and not declared yet',    { known: 0.9, unrecalled: 0.3 },                           ['practise', 'nearly-there', 'practise', 'session-practise']],
    ['as good as at it',                  { known: 0.8461, unrecalled: 0.16 },                       ['practise', 'nearly-there', 'practise', 'session-practise']],
    ['declared a moment ago',             { ...declared, lastAt: NOW - 60_000 },                     ['practise', 'make-it-last', 'practise', 'session-practise']],
    ['declared and fading a little',      { ...declared, lastAt: NOW - 2 * DAY },                    ['review', 'review-due', 'review', 'session-refresh']],
    ['declared and due',                  { ...declared, lastAt: NOW - 60 * DAY },                   ['review', 'review-due', 'review', 'session-review']],
    ['put aside, and back',               { known: 0.3, pauses: 1, streak: -4 },                     ['practise', 'after-a-pause', 'practise', 'session-practise']],
    ['put aside, and nothing else is open', { known: 0.3, pauses: 1, streak: -4, pausedUntil: 38 },  ['practise', 'during-a-pause', 'practise', 'session-practise']],
    ['put aside once, and right since',   { known: 0.6, pauses: 1, streak: 1 },                      ['practise', 'keep-practising', 'practise', 'session-practise']],
    ['put aside once, and wrong since',   { known: 0.3, pauses: 1, streak: -5 },                     ['practise', 'keep-practising', 'practise', 'session-practise']],
  ] as const)('%s', (_, known, expected) => {
    expect(newSkill(DEFAULT_CALIBRATION).streak).toBe(0);
    expect(why(known)).toEqual(expected);
  });

  it.each([
    // what it builds on                     reason
    [{ known: 0.9, unrecalled: 0.1 },        'begin-skill'],
    [{ known: 0.4 },                         'begin-early'],
  ] as const)('begins something new, and says that what it builds on is known only where it is: %j', (before, key) => {
    const course = courseOf({ skills: { a: [], b: ['a'] }, marks: { a: 0.85, b: 0.85 } });
    const plan = { excludedSkills: ['a' as never], strategy: { preset: 'personalized' } as const };
    const { items: [first] } = policy3(situationOf({ course, past: { answers: 30, skills: { a: before }, plan } }), null);
    expect([first?.skills, first?.reason.key]).toEqual([['b'], key]);
  });
});
