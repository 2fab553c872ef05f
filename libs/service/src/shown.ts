// How a value from outside is quoted in a message: enough to recognise it, never enough to flood a log or an answer.

export const SHOWN_CHARS_MAX = 80;

/** A value as JSON text, cut to 80 characters. */
export function shown(value: unknown): string {
  return cut(value === undefined ? 'nothing' : written(value));
}

/** Parsing takes any depth, writing does not. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return `${Array.isArray(value) ? 'an array' : 'an object'} nested very deeply`;
    throw error;
  }
}

/** A value as it goes into a `value` field: numbers, booleans and null as they are, everything else as cut text. */
export function shownValue(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? cut(value) : shown(value);
}

/** Cut inside a surrogate pair, a text would no longer be valid Unicode: hence `toWellFormed`. */
export function cut(text: string): string {
  return text.length <= SHOWN_CHARS_MAX ? text : `${text.slice(0, SHOWN_CHARS_MAX - 1).toWellFormed()}…`;
}
