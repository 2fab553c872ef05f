// What a run came to, as lines for people.
import type { Part, Summary } from './result.js';

const DOUBLE = 'Decisions were kept by a double of KurrentDB\'s protocol: these figures rest on it.';

export function figures({ metrics, thresholds, parts, figures: all, isKurrentDouble = false }: Summary & { readonly isKurrentDouble?: boolean }): string {
  const trends = Object.entries(metrics).filter(([name, { type }]) => type === 'trend' && (name.includes('phase:load') || name.startsWith('answer_to_next')));
  const lines = trends.map(([name, { values }]) => `${name}: p50 ${ms(values['med'])}, p95 ${ms(values['p(95)'])}, p99 ${ms(values['p(99)'])}, most ${ms(values['max'])} of ${values['count'] ?? 0}`);
  const held = thresholds.map(({ metric, threshold, ok }) => `${ok ? 'holds ' : 'BROKEN'} ${metric}: ${threshold}`);
  return [...(isKurrentDouble ? [DOUBLE] : []), ...lines, ...parts.map(partLine), ...all.map(({ name, value, unit }) => `${name}: ${value} ${unit}`.trimEnd()), ...held].join('\n');
}

function partLine({ name, offeredPerSecond, answeredPerSecond, answered, refused, failed, unsent, eventsPerSecond, p50Ms, p99Ms, residentMiB }: Part): string {
  const events = eventsPerSecond === undefined ? '' : ` (${Math.round(eventsPerSecond)} events/s)`;
  const memory = typeof residentMiB === 'number' ? `, ${residentMiB} MiB` : '';
  return `${name}: ${offeredPerSecond.toFixed(1)}/s due, ${answeredPerSecond.toFixed(1)}/s answered${events}: ${answered} answered, ${refused} refused, ${failed} failed, ${unsent} unsent, p50 ${ms(p50Ms)}, p99 ${ms(p99Ms)}${memory}`;
}

function ms(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : `${value.toFixed(2)} ms`;
}
