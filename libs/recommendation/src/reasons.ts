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

/** A piece of a sentence: words, or a parameter, or words for one of it and for any other count. */
type Piece = string | { readonly name: string } | { readonly name: string; readonly one: string; readonly many: string };

const PLACE = /\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g;
/** Sentences are constants, and keys of other versions few: all of them fit. */
const TEMPLATES_MAX = 2_000;
const templates = new Map<string, readonly Piece[]>();

function filled(template: string, { params }: Reason): string {
  let text = '';
  for (const piece of piecesOf(template)) {
    if (typeof piece === 'string') text += piece;
    else if ('one' in piece) text += params[piece.name] === 1 ? piece.one : piece.many;
    else text += shown(piece.name, params[piece.name]);
  }
  return text;
}

function piecesOf(template: string): readonly Piece[] {
  const known = templates.get(template);
  if (known !== undefined) return known;
  const pieces: Piece[] = [];
  let end = 0;
  for (const place of template.matchAll(PLACE)) {
    const [whole, name = '', one, many = ''] = place;
    if (place.index > end) pieces.push(template.slice(end, place.index));
    pieces.push(one === undefined ? { name } : { name, one, many });
    end = place.index + whole.length;
  }
  if (end < template.length) pieces.push(template.slice(end));
  if (templates.size < TEMPLATES_MAX) templates.set(template, pieces);
  return pieces;
}

function shown(name: string, value: string | number | undefined): string {
  if (value === undefined) return '?';
  if (typeof value === 'number' && SHARES.has(name)) return `${Math.round(value * 100)} %`;
  return typeof value === 'number' && !Number.isInteger(value) ? String(Math.round(value * 100) / 100) : String(value);
}
