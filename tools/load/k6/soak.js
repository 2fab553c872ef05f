// A moderate rate for long. What drifts, drifts between the tenths of the run.
import exec from 'k6/execution';
import { MIX_THRESHOLDS, request } from './lib/mix.js';
import { part } from './lib/parts.js';
import { rate, seconds, warmupSeconds } from './lib/setting.js';
import { STATISTICS, thresholds, warmedUp } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

const TENTHS = 10;
const tenths = Array.from({ length: TENTHS }, (_, n) => part(`tenth_${n + 1}`, { perSecond: rate, from: warmupSeconds + (n * seconds) / TENTHS, lasting: seconds / TENTHS }));

export const options = {
  scenarios: warmedUp('soak'),
  thresholds: { ...thresholds({ 'http_req_duration{phase:load}': ['p(99)<=100'] }), ...MIX_THRESHOLDS },
  summaryTrendStats: STATISTICS,
};

export function soak() {
  const { name, progress } = exec.scenario;
  const tenth = Math.min(TENTHS - 1, Math.floor(progress * TENTHS));
  const { reply } = request();
  if (name === 'load') tenths[tenth].saw(reply);
}

export const handleSummary = summaryOf('soak', { parts: tenths });
