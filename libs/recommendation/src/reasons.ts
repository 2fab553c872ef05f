// Why, in words. A reason is a key with parameters; the texts are made from both and stored nowhere.
import type { Reason } from '@trellis/learning';
import { LANGUAGES, TEXTS, type Language, type ReasonKey, type Sentences } from './reason-texts.js';

/** Parameters that are probabilities. */
const SHARES: ReadonlySet<string> = new Set(['mastery', 'goal', 'recall', 'readiness', 'share', 'level']);

export function reason(key: ReasonKey, params: Reason['params']): Reason {
  return { key, params };
}

/** The sentence for the learner; a key of another version is shown as it is. */
export function reasonText(reason: Reason, language: Language = 'en'): string {
  const sentences = sentencesOf(reason, language);
  return filled(sentences?.learner ?? sentences?.teacher ?? reason.key, reason);
}

/** The fuller one for the teacher. */
export function teacherText(reason: Reason, language: Language = 'en'): string {
  const sentences = sentencesOf(reason, language);
  return filled(sentences?.teacher ?? sentences?.learner ?? reason.key, reason);
}

/** The language of a BCP 47 tag that there are texts in; English for any other. */
export function languageOf(tag: string | undefined): Language {
  const primary = tag?.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary) ?? 'en';
}

function sentencesOf({ key }: Reason, language: Language): Sentences | undefined {
  return Object.hasOwn(TEXTS[language], key) ? TEXTS[language][key] : undefined;
}

function filled(template: string, { params }: Reason): string {
  return template.replaceAll(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, many?: string) => (one === undefined ? shown(name, params[name]) : params[name] === 1 ? one : (many ?? '')));
}

function shown(name: string, value: string | number | undefined): string {
  if (value === undefined) return '?';
  if (typeof value === 'number' && SHARES.has(name)) return `${Math.round(value * 100)} %`;
  return typeof value === 'number' && !Number.isInteger(value) ? String(Math.round(value * 100) / 100) : String(value);
}
