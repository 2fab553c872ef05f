// Times on the wire: RFC 3339 in, UTC with milliseconds out. Written by hand because it runs once an event, and because
// `Date.parse` also takes `2024-02-30` and times without an offset.

import { shown } from './shown.js';

export type TimeCode = 'wrong-type' | 'time-before-1970';

export type ParsedTime =
  | { readonly ms: number; readonly code?: never }
  | { readonly code: TimeCode; readonly message: string };

const ZERO = 48;
const DASH = 45;
const COLON = 58;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const TEXT_MAX = 64;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Milliseconds since 1970, or NaN for what is no RFC 3339 time; negative before 1970. Digits after the third of a second are
 * cut, and a leap second is the first of the next minute.
 */
export function timeMs(text: string): number {
  if (text.length < 20 || text.length > TEXT_MAX) return NaN;
  const year = digits(text, 0) * 100 + digits(text, 2);
  const month = digits(text, 5);
  const day = digits(text, 8);
  const hour = digits(text, 11);
  const minute = digits(text, 14);
  const second = digits(text, 17);
  if (!isPunctuated(text) || !isDay(year, month, day) || !(hour < 24 && minute < 60 && second <= 60)) return NaN;

  let at = 19;
  let millis = 0;
  if (text.charCodeAt(at) === 46) {
    let scale = 100;
    const first = ++at;
    for (let digit = text.charCodeAt(at) - ZERO; digit >= 0 && digit <= 9; digit = text.charCodeAt(++at) - ZERO) {
      millis += digit * scale;
      scale = scale > 1 ? scale / 10 : 0;
    }
    if (at === first) return NaN;
  }
  const offset = offsetMs(text, at);
  return daysSince1970(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + millis - offset;
}

/** The time, or which code and sentence answer a text that is none. */
export function parseTime(value: unknown): ParsedTime {
  const ms = typeof value === 'string' ? timeMs(value) : NaN;
  if (ms >= 0) return { ms };
  if (ms < 0) return { code: 'time-before-1970', message: `is ${shown(value)}; it must not lie before 1970` };
  return { code: 'wrong-type', message: `is ${shown(value)}; it must be an RFC 3339 time such as "2024-05-06T07:08:09.123Z"` };
}

/** `YYYY-MM-DDTHH:mm:ss.sssZ`. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Two digits as a number, NaN where they are none. */
function digits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

function isPunctuated(text: string): boolean {
  const between = text.charCodeAt(10);
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    (between === 84 || between === 116) &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

function isDay(year: number, month: number, day: number): boolean {
  const days = DAYS_IN_MONTH[month - 1];
  if (days === undefined || !(day >= 1)) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && isLeap ? 29 : days);
}

/** `Z`, `z` or `+hh:mm` up to the end of the text; NaN otherwise. */
function offsetMs(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if (sign === 90 || sign === 122) return text.length === at + 1 ? 0 : NaN;
  if ((sign !== 43 && sign !== DASH) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return NaN;
  const hours = digits(text, at + 1);
  const minutes = digits(text, at + 4);
  if (!(hours < 24 && minutes < 60)) return NaN;
  return (hours * 60 + minutes) * (sign === DASH ? -MINUTE_MS : MINUTE_MS);
}

/** Days from civil date by Howard Hinnant's "chrono-compatible low-level date algorithms": no Date object, no table. */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}
