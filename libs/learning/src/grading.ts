// Whether a response answers an item, by the item's key. Where the key cannot tell, the verdict is null: an answer that
// is right in another spelling must never count as wrong.

/** `values` are the right answers; for a choice the text of each right choice, for a number as a person would write it. */
export interface AnswerKey {
  readonly type: 'choice' | 'number' | 'text';
  readonly values: readonly string[];
}

type Verdict = boolean | null;

const RESPONSE_CHARS_MAX = 1_000;
const NUMBER_CHARS_MAX = 40;

/** True and false only where the key proves it; null where a person or the platform has to say. */
export function grade(key: AnswerKey, response: string): Verdict {
  if (response.length > RESPONSE_CHARS_MAX) return null;
  const given = plain(response);
  if (given === '') return null;
  const values = key.values.map(plain);
  switch (key.type) {
    case 'choice':
      return gradeChoice(values, given);
    case 'number':
      return gradeNumber(values, given);
    case 'text':
      return gradeText(values, given);
  }
}

/** One right choice is as good as another; what is not the text of a right choice is wrong, unless it may name one. */
function gradeChoice(values: readonly string[], given: string): Verdict {
  const letter = /^\(?([a-z])[).]?$/.exec(given)?.[1];
  if (values.includes(given) || (letter !== undefined && values.includes(letter))) return true;
  if (mayBePlace(letter ?? given, values)) return null;
  const number = readNumber(given);
  if (number === null) return false;
  // A platform may print 0.50 where the course says 1/2.
  const comparable = values.map(readNumber).filter((value) => value?.variable === number.variable);
  return comparable.every((value) => compare(value, number) === false) ? false : null;
}

/** Some platforms send "B" or "2" for the choice in that place. The key does not know the places. */
function mayBePlace(given: string, values: readonly string[]): boolean {
  if (/^[a-z]$/.test(given)) return !values.some((value) => value.length === 1);
  return /^\d$/.test(given) && values.every((value) => readNumber(value) === null);
}

/** Equal as numbers is right; a number that is certainly another one is wrong; all else is undecided. */
function gradeNumber(values: readonly string[], given: string): Verdict {
  const number = readNumber(given);
  if (number === null) return null;
  // "x=3" and "3" are not compared with each other: a key that allows both lists both.
  const comparable = values.map(readNumber).filter((value) => value !== null && value.variable === number.variable);
  if (comparable.length === 0) return null;
  if (number.unfinished && values.includes(given)) return true;
  return best(comparable.map((value) => compare(value, number)));
}

/** The spelling counts: 6/8 is not yet the 3/4 that was asked for, but whether it will do is for others to say. */
function gradeText(values: readonly string[], given: string): Verdict {
  if (values.includes(given)) return true;
  const word = /^\p{L}{2,}$/u;
  if (word.test(given)) return values.every((value) => word.test(value)) ? false : null;
  const number = readNumber(given);
  if (number === null) return null;
  return values.every((value) => compare(readNumber(value), number) === false) ? false : null;
}

const best = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.includes(true) ? true : verdicts.includes(null) ? null : false;

// --- Spelling ---

/**
 * What writing the same thing in another way leaves the same: case, dashes, quotes, LaTeX delimiters and fractions, and
 * spaces except between two digits or two letters.
 */
function plain(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u2010-\u2015\u2212\uFE63\uFF0D]/g, '-')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replace(/[\u200B\u2060\uFEFF]/g, '')
    .replace(/\$\$|\\left(?![a-z])|\\right(?![a-z])/g, '')
    .replace(/\\[,;:! ]/g, ' ')
    .replace(/\\([$%])/g, '$1')
    .replace(/\\[dt]?frac\s*\{\s*(-?\d+)\s*\}\s*\{\s*(-?\d+)\s*\}/g, ' $1/$2')
    .toLowerCase()
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/(?!(?<=\d) \d|(?<=\p{L}) \p{L}) /gu, '');
}

// --- Numbers, exactly: a quotient of integers ---

interface ReadNumber {
  readonly variable: string;
  readonly percent: boolean;
  readonly top: bigint;
  readonly bottom: bigint;
  /** Digits after the point; null for a fraction, which is exact. */
  readonly decimals: number | null;
  /** A fraction that can still be reduced. */
  readonly unfinished: boolean;
  /** What the same signs mean where comma and point change places; null where they can mean one thing only. */
  readonly elsewhere: { readonly top: bigint; readonly bottom: bigint } | null;
}

const NUMBER = /^(?:([a-z])=)?([+-]?)(\$?)([+-]?)(?:(\d+) )?(\d[\d,]*(?:\.\d*)?|\.\d+)(?:\/(-?)(\d+))?(%?)$/;
const GROUPED = /^\d{1,3}(,\d{3})+(\.\d*)?$/;

function readNumber(text: string): ReadNumber | null {
  if (text.length > NUMBER_CHARS_MAX) return null;
  const found = NUMBER.exec(text);
  if (found === null) return null;
  const [, variable = '', sign, , innerSign, whole, digits = '', bottomSign, under, percent] = found;
  if (sign !== '' && innerSign !== '') return null;
  if (digits.includes(',') && !GROUPED.test(digits)) return null;
  if (under === undefined && whole !== undefined) return null;
  if (under !== undefined && /[.,]/.test(digits)) return null;
  const bottom = under === undefined ? 1n : BigInt(under);
  if (bottom === 0n || (whole !== undefined && bottomSign === '-')) return null;
  const negative = [sign, innerSign, bottomSign].filter((each) => each === '-').length % 2 === 1;
  const value = decimal(digits.replaceAll(',', ''));
  const top = value.top + (whole === undefined ? 0n : BigInt(whole) * bottom);
  const swapped = under === undefined ? otherReading(digits) : null;
  return {
    variable,
    percent: percent === '%',
    top: negative ? -top : top,
    bottom: value.bottom * bottom,
    decimals: under === undefined ? value.decimals : null,
    unfinished: under !== undefined && (bottom === 1n || greatestDivisor(value.top, bottom) > 1n),
    elsewhere: swapped && { ...swapped, top: negative ? -swapped.top : swapped.top },
  };
}

function decimal(digits: string): { top: bigint; bottom: bigint; decimals: number } {
  const [before = '', after = ''] = digits.split('.');
  return { top: BigInt(before + after), bottom: 10n ** BigInt(after.length), decimals: after.length };
}

/** 1,234 is 1.234 where the comma is the decimal sign, and 1.234 is 1234 there. */
function otherReading(digits: string): { top: bigint; bottom: bigint } | null {
  if (/^\d{1,3},\d{3}$/.test(digits)) return decimal(digits.replace(',', '.'));
  if (/^\d{1,3}\.\d{3}$/.test(digits)) return decimal(digits.replace('.', ''));
  return null;
}

/** True: the same number, fully worked out. Null: not decided, as with 50 and 50%, or 0.33 and 1/3. */
function compare(right: ReadNumber | null, given: ReadNumber): Verdict {
  if (right === null || right.variable !== given.variable) return null;
  const equal = difference(right, given) === 0n;
  if (right.percent !== given.percent) {
    const [hundredth, other] = right.percent ? [right, given] : [given, right];
    const asShare = { top: hundredth.top, bottom: hundredth.bottom * 100n };
    return equal || difference(asShare, other) === 0n ? null : false;
  }
  if (equal) return given.unfinished ? null : true;
  if (given.elsewhere !== null && difference(right, given.elsewhere) === 0n) return null;
  return isRoundingOf(right, given) ? null : false;
}

/** They agree to the decimals of the coarser one, which has at least one: 0.33 and 1/3, 16.7 and 16.67. */
function isRoundingOf(a: ReadNumber, b: ReadNumber): boolean {
  const coarser = Math.min(a.decimals ?? Infinity, b.decimals ?? Infinity);
  if (coarser === Infinity || coarser === 0) return false;
  return difference(a, b) * 10n ** BigInt(coarser) < a.bottom * b.bottom;
}

interface Quotient {
  readonly top: bigint;
  readonly bottom: bigint;
}

/** The distance of two numbers, times both their denominators. */
function difference(a: Quotient, b: Quotient): bigint {
  const signed = a.top * b.bottom - b.top * a.bottom;
  return signed < 0n ? -signed : signed;
}

const greatestDivisor = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatestDivisor(b, a % b));
