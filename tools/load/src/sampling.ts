// Second for second, what the target says of itself and what the machine says of its processes.
import { readFileSync } from 'node:fs';
import { quantile, seriesOf, type Series } from './exposition.js';
import type { Sample } from './result.js';
import type { Target } from './target.js';

const EVERY_MS = 1_000;
/** Of a run of a day. */
const SAMPLES_MAX = 100_000;
/** Who is too busy to say how it is leaves a gap. */
const ANSWER_MS_MAX = 900;
const TICKS_PER_SECOND = 100;

const REQUESTS = 'trellis_http_request_seconds';
const NAMES = [REQUESTS, 'process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_p99_seconds'];
/** Not what is loaded: whoever watches it. */
const WATCHERS = /^\/(metrics|health)/;

export interface TimedSample extends Omit<Sample, 'second'> {
  /** Milliseconds since 1970. */
  readonly atMs: number;
}

/** What only grows, at one moment. Null where it could not be known. */
interface Reading {
  readonly atMs: number;
  readonly cpuSeconds: number | null;
  readonly residentMiB: number | null;
  readonly loopDelayP99Ms: number | null;
  readonly requests: Requests | null;
}

interface Requests {
  readonly atMs: number;
  readonly all: number;
  readonly refused: number;
  readonly buckets: ReadonlyMap<number, number>;
}

/** Takes samples until it is ended; then gives them. */
export function sampling(target: Target): { end(): Promise<readonly TimedSample[]> } {
  const samples: TimedSample[] = [];
  const abort = new AbortController();
  const run = (async () => {
    let before = await readingOf(target);
    while (!abort.signal.aborted && samples.length < SAMPLES_MAX) {
      await pause(before.atMs + EVERY_MS - Date.now(), abort.signal);
      const now = await readingOf(target);
      if (now.atMs - before.atMs < EVERY_MS / 2) break;
      samples.push(sampleOf(before, now));
      // After a gap requests are counted from what was known last.
      before = { ...now, requests: now.requests ?? before.requests };
    }
  })();
  return {
    async end() {
      abort.abort();
      await run;
      return samples;
    },
  };
}

function sampleOf(before: Reading, now: Reading): TimedSample {
  const { atMs, residentMiB, loopDelayP99Ms } = now;
  const cores = before.cpuSeconds === null || now.cpuSeconds === null ? null : rounded((now.cpuSeconds - before.cpuSeconds) / ((atMs - before.atMs) / 1_000), 2);
  return { atMs, cores, residentMiB, loopDelayP99Ms, ...between(before.requests, now.requests) };
}

function between(before: Requests | null, now: Requests | null): Pick<Sample, 'requestsPerSecond' | 'refusedPerSecond' | 'p50Ms' | 'p99Ms'> {
  if (before === null || now === null) return { requestsPerSecond: null, refusedPerSecond: null, p50Ms: null, p99Ms: null };
  const seconds = (now.atMs - before.atMs) / 1_000;
  const buckets = new Map([...now.buckets].map(([bound, count]) => [bound, count - (before.buckets.get(bound) ?? 0)]));
  const [p50, p99] = [quantile(buckets, 0.5), quantile(buckets, 0.99)];
  return {
    requestsPerSecond: rounded((now.all - before.all) / seconds, 1),
    refusedPerSecond: rounded((now.refused - before.refused) / seconds, 1),
    p50Ms: p50 === null ? null : rounded(p50 * 1_000, 2),
    p99Ms: p99 === null ? null : rounded(p99 * 1_000, 2),
  };
}

async function readingOf({ pids, metricsUrls }: Target): Promise<Reading> {
  const texts = await Promise.all(metricsUrls.map(metricsOf));
  const atMs = Date.now();
  const said = texts.every((text) => text !== null) ? texts.map((text) => seriesOf(text, NAMES)) : null;
  const sum = (name: string): number | null => said?.flat().filter((series) => series.name === name).reduce((total, { value }) => total + value, 0) ?? null;
  const usage = usageOf(pids);
  const bytes = sum('process_resident_memory_bytes');
  const delays = said?.flat().filter(({ name }) => name === 'nodejs_eventloop_lag_p99_seconds') ?? [];
  return {
    atMs,
    // Of processes here the machine knows, however busy they are.
    cpuSeconds: usage?.cpuSeconds ?? sum('process_cpu_seconds_total'),
    residentMiB: usage?.residentMiB ?? (bytes === null ? null : Math.round(bytes / 2 ** 20)),
    loopDelayP99Ms: delays.length === 0 ? null : rounded(Math.max(...delays.map(({ value }) => value)) * 1_000, 2),
    requests: said === null ? null : requestsOf(said.flat(), atMs),
  };
}

async function metricsOf(url: URL): Promise<string | null> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return reply.ok ? await reply.text() : null;
  } catch {
    // Too busy, or gone: its load is told by k6.
    return null;
  }
}

/** Everything that was asked for, refused requests in numbers alone. */
function requestsOf(series: readonly Series[], atMs: number): Requests {
  let [all, refused] = [0, 0];
  const buckets = new Map<number, number>();
  for (const { name, labels, value } of series) {
    if (!name.startsWith(REQUESTS) || WATCHERS.test(labels['route'] ?? '')) continue;
    const isRefused = labels['status'] === '429' || labels['status'] === '503';
    if (name === `${REQUESTS}_count`) {
      all += value;
      if (isRefused) refused += value;
    } else if (name === `${REQUESTS}_bucket` && !isRefused) {
      const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
      buckets.set(bound, (buckets.get(bound) ?? 0) + value);
    }
  }
  return { atMs, all, refused, buckets };
}

/** Of all these processes, without the pages of files that the system maps for them and takes back when it wants to; null where there are none, or one of them has ended. */
function usageOf(pids: readonly number[]): { readonly residentMiB: number; readonly cpuSeconds: number } | null {
  if (pids.length === 0) return null;
  let [kiB, ticks] = [0, 0];
  try {
    for (const pid of pids) {
      kiB += Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      ticks += Number(stat[11]) + Number(stat[12]);
    }
  } catch {
    // Ended, or no Linux: its own metrics may know.
    return null;
  }
  return { residentMiB: Math.round(kiB / 1_024), cpuSeconds: ticks / TICKS_PER_SECOND };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.max(0, ms));
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
