// The names that k6 and its scripts give to things, and what they measured, as a reader's words.
import type { Part, Result, Threshold } from './result.js';

export const NONE = '–';

const NAMES: Readonly<Record<string, string>> = {
  answer_to_next: 'answer to next',
  broken: 'requests neither answered nor refused',
  checks: 'checks that were right',
  dropped_iterations: 'arrivals that could not be sent',
  http_req_duration: 'a request',
  http_req_failed: 'requests that failed',
  http_reqs: 'requests',
  missing_from_based_on: 'answers that the next item did not know of',
};
const TAGS: Readonly<Record<string, string>> = { 'phase:load': '', 'calls:one': 'in one call', 'calls:two': 'in two calls' };
const STATISTICS: Readonly<Record<string, string>> = { med: 'p50', 'p(50)': 'p50', avg: 'mean', min: 'least', max: 'most', count: '', rate: '', seconds: '', ratio: '', persecond: '' };
const UNITS: Readonly<Record<string, string>> = { seconds: ' s', ratio: ' x', persecond: '/s' };
const SIGNS: Readonly<Record<string, string>> = { '<=': '≤', '>=': '≥', '==': '=', '===': '=', '!=': '≠', '<': '<', '>': '>' };
const THRESHOLD = /^\s*([a-z]*(?:\([\d.]+\))?)\s*(<=|>=|={2,3}|!=|<|>)\s*([\d.]+)\s*$/;

export interface Judgement {
  readonly what: string;
  /** As the script says it. */
  readonly metric: string;
  readonly limit: string;
  readonly value: string;
  readonly ok: boolean;
  /** Of a time: which statistic, and at most how many milliseconds. */
  readonly most?: { readonly statistic: string; readonly ms: number };
}

/** What was judged, what is broken first; a limit that nothing could pass is none. */
export function judgementsOf(result: Result): readonly Judgement[] {
  const all = result.thresholds.filter(({ threshold }) => threshold !== 'max>=0').map((threshold) => judgementOf(threshold, result));
  return all.toSorted((a, b) => Number(a.ok) - Number(b.ok) || (a.metric < b.metric ? -1 : Number(a.metric > b.metric)));
}

function judgementOf({ metric, threshold, ok, value: known }: Threshold, { metrics }: Result): Judgement {
  const [, statistic = '', sign = '', bound = ''] = THRESHOLD.exec(threshold) ?? [];
  const what = metricName(metric);
  if (sign === '') return { what, metric, limit: threshold, value: NONE, ok };
  const measured = metrics[metric];
  const value = known ?? measured?.values[statistic === 'p(50)' ? 'med' : statistic];
  const isTime = measured?.type === 'trend' && statistic !== 'count';
  const said = (number: number): string => (isTime ? `${decimal(number, number < 100 ? 3 : 1)} ms` : statistic === 'rate' ? percent(number) : decimal(number, 3) + (UNITS[statistic] ?? ''));
  const limit = [STATISTICS[statistic] ?? statistic.replace(/[()]/g, ''), SIGNS[sign] ?? sign, said(Number(bound))].filter((word) => word !== '').join(' ');
  const most = isTime && sign.startsWith('<') ? { most: { statistic: statistic === 'p(50)' ? 'med' : statistic, ms: Number(bound) } } : {};
  return { what, metric, limit, value: value === undefined ? NONE : said(value), ok, ...most };
}

/** 'answer_to_next{phase:load,calls:one}' is 'answer to next, in one call'. */
export function metricName(metric: string): string {
  const [, name = metric, tags = ''] = /^([^{]+)\{(.*)\}$/.exec(metric) ?? [];
  const words = NAMES[name] ?? name.replace(/^took_/, '').replaceAll('_', ' ');
  return [words, ...tags.split(',').map((tag) => TAGS[tag] ?? tag)].filter((word) => word !== '').join(', ');
}

/** 'ndjson_500' is 'NDJSON, 500 events'. */
export function partName({ name }: Part): string {
  const batch = batchOf(name);
  return batch === null ? name.replace(/^warmup/, 'warm-up').replaceAll('_', ' ') : `${batch.form}, ${batch.size === 1 ? '1 event' : `${decimal(batch.size)} events`}`;
}

export function batchOf(name: string): { readonly form: 'JSON' | 'NDJSON'; readonly size: number } | null {
  const [, form, size] = /^(json|ndjson)_(\d+)$/.exec(name) ?? [];
  return form === undefined ? null : { form: form === 'json' ? 'JSON' : 'NDJSON', size: Number(size) };
}

export function decimal(value: number | null | undefined, digits = 0): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NONE : value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** As many digits in every row of a column. */
export function fixed(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NONE : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Nearly all is not all, and hardly any is not none. */
function percent(share: number): string {
  const text = decimal(100 * share, 4);
  if (text === '100' && share < 1) return 'nearly 100 %';
  return text === '0' && share > 0 ? 'nearly 0 %' : `${text} %`;
}
