// How what the engine reckons is shown: times as RFC 3339, reasons with their sentences in the reader's language.
import type { Reason } from '@trellis/learning';
import { reasonText, teacherText, type Language } from '@trellis/recommendation';
import { formatTime } from '@trellis/service';

/** Members that hold an instant, in everything that `shownBody` is given. */
const TIMES: ReadonlySet<string> = new Set(['at', 'due', 'since', 'dueAt', 'doneAt', 'nextAt', 'lastAt', 'recordedAt', 'completedAt']);

/** Holds counts alone, what is due on a day among them. */
const COUNTS = 'days';

export function shownBody(value: object, language: Language): object {
  return shown(value, language) as object;
}

function shown(value: unknown, language: Language): unknown {
  if (Array.isArray(value)) return value.map((each) => shown(each, language));
  if (typeof value !== 'object' || value === null) return value;
  if (isReason(value)) return { ...value, text: reasonText(value, language), teacher: teacherText(value, language) };
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, TIMES.has(name) && typeof each === 'number' ? formatTime(each) : name === COUNTS ? each : shown(each, language)]));
}

function isReason(value: object): value is Reason {
  return 'key' in value && 'params' in value;
}

export const REASON_JSON = {
  type: 'object',
  required: ['key', 'params', 'text', 'teacher'],
  properties: {
    key: { type: 'string' },
    params: { type: 'object' },
    text: { type: 'string', description: 'For the learner, in the language of Accept-Language, else that which the learner stated (en, es)' },
    teacher: { type: 'string', description: 'For the teacher, fuller' },
  },
};

export const TIME_JSON = { type: 'string', format: 'date-time' };
