// Why, in words. A reason is a key with parameters; the text is made from both and stored nowhere.
import type { Reason } from '@trellis/learning';

const TEXTS = {
  'begin-skill': 'New: {title}. What it builds on is known well enough.',
  'keep-practising': '{title} is at {mastery}; it counts as mastered from {goal}.',
  'review-due': '{title} was mastered and last practised {days} days ago.',
  'after-a-pause': 'Back to {title} after a pause: several answers in a row went wrong there.',
  'begin-with-lesson': 'New: {title}. Begin with the lesson.',
  'session-practise': 'The next steps towards the goal: {open} skills are open.',
  'session-learn': 'Time for something new: {title}.',
  'session-review': 'A review keeps what was learned: {due} skills are due.',
  stuck: '{title} was put aside {pauses} times after wrong answers in a row. Somebody should look at it together.',
  'all-mastered': 'Everything that the goal needs is mastered.',
  'nothing-to-practise': 'The course has no item to practise for what is still open.',
} as const;

export type ReasonKey = keyof typeof TEXTS;

export function reason(key: ReasonKey, params: Reason['params']): Reason {
  return { key, params };
}

/** The sentence for a reader; a key of another version is shown as it is. */
export function reasonText({ key, params }: Reason): string {
  const template = Object.hasOwn(TEXTS, key) ? TEXTS[key as ReasonKey] : key;
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => shown(name, params[name]));
}

function shown(name: string, value: string | number | undefined): string {
  if (value === undefined) return '?';
  if (typeof value === 'number' && (name === 'mastery' || name === 'goal')) return `${Math.round(value * 100)} %`;
  return String(value);
}
