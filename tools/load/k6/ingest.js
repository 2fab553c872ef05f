// Facts in batches of four sizes, as a JSON array and as NDJSON, one scenario after another.
import exec from 'k6/execution';
import { batch, SIZES } from './lib/batches.js';
import { part } from './lib/parts.js';
import { hand, isRight } from './lib/requests.js';
import { rate, seconds, warmupSeconds } from './lib/setting.js';
import { arrivals, STATISTICS, thresholds } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

const FORMS = { json: 'application/json', ndjson: 'application/x-ndjson' };
/** What is sent apart from each other costs a request each. */
const BATCHES_PER_SECOND_MAX = 300;
const WARMUP = { form: 'json', size: 50 };

const kinds = Object.keys(FORMS).flatMap((form) => SIZES.map((size) => ({ form, size })));
const lasting = Math.max(1, Math.floor(seconds / kinds.length));
/** The same events a second in batches of each size, as far as requests allow. */
const batchesPerSecond = (size) => Math.max(1, Math.round(Math.min(BATCHES_PER_SECOND_MAX, rate / size)));

const scenarios = Object.fromEntries(
  kinds.map(({ form, size }, n) => {
    const shape = { perSecond: batchesPerSecond(size), from: warmupSeconds + n * lasting, lasting };
    return [`${form}_${size}`, { form, size, shape, part: part(`${form}_${size}`, { ...shape, events: size }) }];
  }),
);

export const options = {
  scenarios: {
    warmup: arrivals('ingest', { perSecond: batchesPerSecond(WARMUP.size), lasting: warmupSeconds, tags: { phase: 'warmup' } }),
    ...Object.fromEntries(Object.entries(scenarios).map(([name, { shape }]) => [name, arrivals('ingest', { ...shape, tags: { phase: 'load' } })])),
  },
  thresholds: thresholds(),
  summaryTrendStats: STATISTICS,
};

export function ingest() {
  const scenario = scenarios[exec.scenario.name];
  const { form, size } = scenario ?? WARMUP;
  const reply = hand(batch(form, size), FORMS[form]);
  scenario?.part.saw(reply);
  isRight(reply, 'every event is accepted', ({ body }) => body.includes(`"accepted":${size},`));
  isRight(reply, 'none is rejected', ({ body }) => body.includes('"rejected":[]'));
}

export const handleSummary = summaryOf('ingest', { parts: Object.values(scenarios).map(({ part: of }) => of) });
