// Bodies of batches. Drawing thousands of events costs k6 more than sending them: events are drawn once, and a batch is its
// template with new ids and a new time.
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';
import { busyLearner, item, seeded } from './draw.js';
import { seed } from './setting.js';

export const SIZES = [1, 50, 500, 5_000];
/** So many events of a size differ before they come again under other ids, though in four templates at least. */
const DRAWN = 2_000;
const TEMPLATES_MIN = 4;
const MARK = '@';
const BREAKS = { json: { begin: '[', between: ',', end: ']' }, ndjson: { begin: '', between: '\n', end: '\n' } };

/** Kept once for all virtual users, which keep those that they have used. */
const templates = Object.fromEntries(SIZES.map((size) => [size, new SharedArray(`events_${size}`, () => Array.from({ length: Math.max(TEMPLATES_MIN, DRAWN / size) }, (_, n) => drawn(size, n)))]));
const cut = new Map();

/** All of a batch happened at the same time, in the order of `sequence`. */
function drawn(size, number) {
  const random = seeded(size * DRAWN + number);
  return Array.from({ length: size }, (_, sequence) => {
    const { id, skills } = item(random);
    const data = { item: id, skills, correct: random() < 0.75, durationMs: 5_000 + Math.floor(random() * 60_000) };
    return `{"type":"AnswerGiven","learner":"${busyLearner(random)}","source":"load","sequence":${sequence},"data":${JSON.stringify(data)},"id":"${sequence}-${MARK}"}`;
  });
}

export function batch(form, size) {
  const { name, iterationInTest } = exec.scenario;
  const which = iterationInTest % templates[size].length;
  const key = `${form}_${size}_${which}`;
  if (!cut.has(key)) {
    const { begin, between, end } = BREAKS[form];
    cut.set(key, `${begin}${templates[size][which].join(between)}${end}`.split(MARK));
  }
  return cut.get(key).join(`k6-${seed}-${__ENV.TRELLIS_RUN}-${name}-${iterationInTest}","occurredAt":"${new Date().toISOString()}`);
}
