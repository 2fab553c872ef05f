// What k6 cannot judge, because it rests on the target's memory, or compares a part of the run with another.
import type { Found } from './acknowledged.js';
import type { Figure, Part, Sample, Summary, Threshold } from './result.js';

/** `found`: what was looked for after a crash. */
export interface Known {
  readonly samples: readonly Sample[];
  readonly found?: Found | null;
  readonly isEmbedded?: boolean;
}

export interface Judged {
  readonly parts: readonly Part[];
  readonly figures: readonly Figure[];
  readonly thresholds: readonly Threshold[];
}

const SOAK_LATENCY_MAX = 2;
const SOAK_MEMORY_MAX = 1.2;
const OVERLOAD_MEMORY_MAX = 1.15;
const RECOVERY_SECONDS_MAX = 10;
/** So many good seconds in a row are a recovery. */
const GOOD_SECONDS = 3;
/** What is normal again: twice what the warm-up took, but within these bounds. */
const NORMAL_MAX = 2;
const NORMAL_P99_MS = { least: 25, most: 100 };
/** What one machine must bear with the generator on it; of several services on one machine nothing is asked. */
const KNEE_PER_SECOND_MIN = 1_000;
/** Less than this of what was due is no overload. */
const SENT_SHARE_MIN = 0.95;

export function judged({ suite, parts, figures, metrics }: Summary, { samples, found = null, isEmbedded = false }: Known): Judged {
  const withMemory = parts.map((part) => ({ ...part, ...memoryOf(part, samples) }));
  switch (suite) {
    case 'breakpoint':
      return { parts: withMemory, figures: [], thresholds: isEmbedded ? figures.flatMap(knee) : [] };
    case 'soak':
      return { parts: withMemory, ...drift(withMemory) };
    case 'overload': {
      const noticed = (metrics['acknowledged_answers']?.values['count'] ?? 0) - (found?.acknowledged ?? 0);
      const all = [overloadMemory(parts, samples), recovery(parts), sent(parts), ...(found === null ? [] : [kept(found, noticed)])];
      return { parts: withMemory, figures: all.flatMap(({ figures }) => figures), thresholds: all.flatMap(({ thresholds }) => thresholds) };
    }
    default:
      return { parts: withMemory, figures: [], thresholds: [] };
  }
}

type Verdict = Omit<Judged, 'parts'>;

function knee({ name, value }: Figure): readonly Threshold[] {
  return name === 'knee' ? [{ metric: name, threshold: `persecond>=${KNEE_PER_SECOND_MIN}`, value, ok: value >= KNEE_PER_SECOND_MIN }] : [];
}

function drift(tenths: readonly Part[]): Verdict {
  // The second: the first still warms up. Memory beside the fifth: until then histories grow into caches that have limits.
  const [, early, , , middle] = tenths;
  const late = tenths.at(-1);
  return ratios([
    ['drift of p99', late?.p99Ms, early?.p99Ms, SOAK_LATENCY_MAX],
    ['drift of p50', late?.p50Ms, early?.p50Ms, SOAK_LATENCY_MAX],
    ['drift of resident memory', late?.residentMiB, (middle ?? early)?.residentMiB, SOAK_MEMORY_MAX],
  ]);
}

function overloadMemory(parts: readonly Part[], samples: readonly Sample[]): Verdict {
  const overload = parts.find(({ name }) => name.startsWith('overload_'));
  if (overload?.fromSecond === undefined) return { figures: [], thresholds: [] };
  const { fromSecond, seconds } = overload;
  const third = (n: number): number | null => memory(samples, fromSecond + (n * seconds) / 3, fromSecond + ((n + 1) * seconds) / 3);
  // In the first the heap grows to what so much work needs.
  return ratios([['resident memory, last third of the overload to the one before', third(2), third(1), OVERLOAD_MEMORY_MAX]]);
}

function recovery(parts: readonly Part[]): Verdict {
  const before = parts.filter(({ name }) => name.startsWith('warmup_')).map(({ p99Ms }) => p99Ms ?? 0);
  const normal = Math.min(NORMAL_P99_MS.most, Math.max(NORMAL_P99_MS.least, NORMAL_MAX * Math.max(0, ...before)));
  const isGood = parts.filter(({ name }) => name.startsWith('recovery_second_')).map(({ p99Ms, refused, failed, unsent }) => refused + failed + unsent === 0 && (p99Ms ?? 0) <= normal);
  const first = isGood.findIndex((_, at) => isGood.slice(at, at + GOOD_SECONDS).every(Boolean));
  // Never within what was watched: longer than that.
  const value = first < 0 ? isGood.length + 1 : first;
  return {
    figures: [{ name: `full seconds until nothing is refused and p99 is at most ${normal.toFixed(0)} ms again`, value, unit: 's' }],
    thresholds: [{ metric: 'recovery', threshold: `seconds<=${RECOVERY_SECONDS_MAX}`, value, ok: value <= RECOVERY_SECONDS_MAX }],
  };
}

function sent(parts: readonly Part[]): Verdict {
  const overload = parts.filter(({ name }) => name.startsWith('overload_'));
  const due = overload.reduce((sum, { offeredPerSecond, seconds }) => sum + offeredPerSecond * seconds, 0);
  const share = due === 0 ? 0 : 1 - overload.reduce((sum, { failed, unsent }) => sum + failed + unsent, 0) / due;
  return {
    figures: [{ name: 'share of the overload that was answered or refused', value: rounded(share), unit: '' }],
    thresholds: [{ metric: 'share of the overload that was answered or refused', threshold: `>=${SENT_SHARE_MIN}`, value: rounded(share), ok: share >= SENT_SHARE_MIN }],
  };
}

/** Whatever the machine: this must hold in every form. */
function kept({ acknowledged, lost, changed }: Found, noticed: number): Verdict {
  return {
    figures: [{ name: 'answers acknowledged', value: acknowledged, unit: '' }, { name: 'of them lost', value: lost + changed, unit: '' }],
    thresholds: [
      { metric: 'acknowledged answers that were lost', threshold: 'count==0', value: lost + changed, ok: lost + changed === 0 },
      { metric: 'acknowledged answers that were not looked for', threshold: 'count==0', value: noticed, ok: noticed === 0 },
    ],
  };
}

/** Of those where both are known. */
function ratios(all: readonly (readonly [name: string, late: number | null | undefined, early: number | null | undefined, most: number])[]): Verdict {
  const known = all.flatMap(([name, late, early, most]) => (typeof late === 'number' && typeof early === 'number' && early > 0 ? [{ name, value: rounded(late / early), most }] : []));
  return {
    figures: known.map(({ name, value }) => ({ name, value, unit: 'x' })),
    thresholds: known.map(({ name, value, most }) => ({ metric: name, threshold: `ratio<=${most}`, value, ok: value <= most })),
  };
}

function memoryOf({ fromSecond, seconds }: Part, samples: readonly Sample[]): { readonly residentMiB?: number | null } {
  return fromSecond === undefined ? {} : { residentMiB: memory(samples, fromSecond, fromSecond + seconds) };
}

/** The median of what was resident in these seconds. */
function memory(samples: readonly Sample[], from: number, to: number): number | null {
  const all = samples.flatMap(({ second, residentMiB }) => (second >= from && second < to && residentMiB !== null ? [residentMiB] : [])).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)] ?? null;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
