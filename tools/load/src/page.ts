// A load test as one HTML page: whether it held, how it fared, and the figures behind every chart.
import { escaped } from '@trellis/bench';
import { isSecond, partCharts } from './page-parts.js';
import { percentileCharts, secondsPerPoint, STATISTICS, timeCharts, trendsOf } from './page-charts.js';
import { PAGE_STYLE } from './page-style.js';
import { decimal, fixed, judgementsOf, partName } from './page-words.js';
import type { Part, Result } from './result.js';

/** Complete in itself: no scripts, nothing that is fetched. */
export function pageOf(result: Result): string {
  const title = `Load test: ${result.suite}, ${result.target}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${[head(title, result), judgements(result), parts(result), latencies(result), overTime(result), circumstances(result)].filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`;
}

function head(title: string, result: Result): string {
  const { at, commit, rate, seconds, learners, history, isShort, isKurrentDouble } = result;
  const all = judgementsOf(result);
  const broken = all.filter(({ ok }) => !ok).length;
  const [kind, verdict] = all.length === 0 ? ['none', 'No thresholds: the figures are what counts'] : broken === 0 ? ['held', `✓ Held: all ${all.length} thresholds`] : ['broken', `✗ Broken: ${broken} of ${all.length} thresholds`];
  const about = `${at.slice(0, 16).replace('T', ' ')} UTC, commit ${commit}: ${rateText(result, rate)} for ${decimal(seconds)} s, ${decimal(learners)} learners with ${decimal(history)} answers behind them`;
  return [
    `<h1>${escaped(title)}</h1>`,
    `<p class="quiet">${escaped(about)}</p>`,
    `<p class="verdict ${kind}">${verdict}</p>`,
    isKurrentDouble ? '<p class="note"><strong>KurrentDB protocol double.</strong> Decisions were kept by a double of KurrentDB\'s protocol, not by KurrentDB itself: all figures here rest on it and say nothing of KurrentDB\'s own speed.</p>' : '',
    isShort ? '<p class="note"><strong>Short form.</strong> It asks whether everything is right; times are shown and not judged.</p>' : '',
    tiles(result),
  ].join('\n');
}

/** Of each suite the rate means something else. */
function rateText({ suite }: Result, rate: number): string {
  switch (suite) {
    case 'breakpoint':
      return `a rate that rises to ${decimal(rate)}/s`;
    case 'ingest':
      return `at most ${decimal(rate)} events/s`;
    case 'overload':
      return `three times ${decimal(rate)}/s`;
    default:
      return `${decimal(rate)}/s`;
  }
}

function tiles(result: Result): string {
  const { figures, metrics, seconds, samples } = result;
  const [main] = trendsOf(result);
  const requests = metrics['http_reqs{phase:load}']?.values['count'];
  const memory = samples.flatMap(({ residentMiB }) => residentMiB ?? []);
  const time = (word: string, key: string): readonly Tile[] => (main?.values[key] === undefined ? [] : [{ name: `${word} of ${main.name}`, value: decimal(main.values[key], 2), unit: 'ms' }]);
  const all: readonly Tile[] = [
    ...figures.map(({ name, value, unit }) => ({ name, value: decimal(value, 3), unit })),
    ...time('p50', 'med'),
    ...time('p99', 'p(99)'),
    ...(requests === undefined ? [] : [{ name: 'requests a second', value: decimal(requests / seconds, 1), unit: '' }]),
    ...(memory.length === 0 ? [] : [{ name: 'resident memory at most', value: decimal(memory.reduce((a, b) => Math.max(a, b))), unit: 'MiB' }]),
  ];
  return `<dl class="tiles">${all.map(({ name, value, unit }) => `<div><dt>${escaped(name)}</dt><dd>${value}${unit === '' ? '' : ` <small>${escaped(unit)}</small>`}</dd></div>`).join('')}</dl>`;
}

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
}

function judgements(result: Result): string {
  const rows = judgementsOf(result).map(({ what, metric, limit, value, ok }) => [`${escaped(what)}${what === metric ? '' : `<br><code>${escaped(metric)}</code>`}`, escaped(limit), escaped(value), ok ? '<span class="held">✓<span class="word"> held</span></span>' : '<span class="broken">✗<span class="word"> broken</span></span>']);
  return rows.length === 0 ? '' : section('What was to hold', table('Thresholds', ['what', '#limit', '#measured', ''], rows));
}

function parts(result: Result): string {
  if (result.parts.length === 0) return '';
  const main = result.parts.filter((part) => !isSecond(part));
  const after = result.parts.filter(isSecond);
  const seconds = after.length === 0 ? '' : details('Figures of each second after the overload', partTable('Seconds after the overload', after));
  return section('Part by part', `${charts(partCharts(result))}${partTable('Parts', main)}<p class="quiet">Times as the generator measured them, of what was answered. Failed: neither answered nor refused. Unsent: all that the generator may have under way was waiting for answers.</p>${seconds}`);
}

function partTable(caption: string, all: readonly Part[]): string {
  const has = (key: keyof Part): boolean => all.some((part) => part[key] !== undefined);
  const columns: readonly (readonly [head: string, of: (part: Part) => string])[] = [
    ['#due a second', ({ offeredPerSecond }) => fixed(offeredPerSecond, 1)],
    ['#answered a second', ({ answeredPerSecond }) => fixed(answeredPerSecond, 1)],
    ...(has('eventsPerSecond') ? [['#events a second', ({ eventsPerSecond }: Part) => decimal(eventsPerSecond)] as const] : []),
    ['#answered', ({ answered }) => decimal(answered)],
    ['#refused', ({ refused }) => decimal(refused)],
    ['#failed', ({ failed }) => decimal(failed)],
    ['#unsent', ({ unsent }) => decimal(unsent)],
    ['#p50, ms', ({ p50Ms }) => fixed(p50Ms, 2)],
    ['#p95, ms', ({ p95Ms }) => fixed(p95Ms, 2)],
    ['#p99, ms', ({ p99Ms }) => fixed(p99Ms, 2)],
    ...(has('residentMiB') ? [['#memory, MiB', ({ residentMiB }: Part) => decimal(residentMiB)] as const] : []),
  ];
  return table(caption, ['part', ...columns.map(([name]) => name)], all.map((part) => [escaped(partName(part)), ...columns.map(([, of]) => of(part))]));
}

function latencies(result: Result): string {
  const trends = trendsOf(result);
  if (trends.length === 0) return '';
  const rows = trends.map(({ name, values }) => [escaped(name), decimal(values['count']), ...STATISTICS.map(([, key]) => fixed(values[key], 2))]);
  return section('How long it took', `${charts(percentileCharts(result))}${table('Latency by percentile', ['ms', '#count', ...STATISTICS.map(([name]) => `#${name}`)], rows)}<p class="quiet">As the generator measured it, without the warm-up. Logarithmic; dashed lines are limits.</p>`);
}

function overTime(result: Result): string {
  const drawn = timeCharts(result);
  if (drawn.length === 0) return section('Second for second', '<p>The target said nothing of itself: there are no samples.</p>');
  const each = secondsPerPoint(result);
  const note = each === 1 ? '' : ` Each point of a line stands for ${each} samples: the mean of rates and cores, the most of everything else.`;
  const rows = result.samples.filter((_, n) => n % each === 0).map(({ second, requestsPerSecond, refusedPerSecond, p50Ms, p99Ms, residentMiB, cores, loopDelayP99Ms }) => [decimal(second), fixed(requestsPerSecond, 1), fixed(refusedPerSecond, 1), fixed(p50Ms, 2), fixed(p99Ms, 2), decimal(residentMiB), fixed(cores, 2), fixed(loopDelayP99Ms, 2)]);
  const head = ['#second', '#requests a second', '#of them refused', '#p50, ms', '#p99, ms', '#memory, MiB', '#cores', '#loop delay p99, ms'];
  return section('Second for second', `${charts(drawn)}<p class="quiet">As the target measured it, all its processes together; latencies between the bounds of its histogram.${note}</p>${details(each === 1 ? 'Figures of each second' : `Figures of every ${each}th second`, table('Samples', head, rows))}`);
}

function circumstances({ at, commit, command, target, node, k6, processor, cores, memoryGiB, warmupSeconds, seed }: Result): string {
  const facts: readonly (readonly [string, string])[] = [
    ['when', at],
    ['commit', commit],
    ['target', target],
    ['machine', `${processor}, ${cores} cores, ${memoryGiB} GiB; the generator included, where it runs on the same`],
    ['versions', `Node ${node.replace(/^v/, '')}, k6 ${k6.replace(/^v/, '')}`],
    ['warm-up', `${warmupSeconds} s, which do not count`],
    ['seed', String(seed)],
  ];
  return section('Where, and how to repeat it', `<pre><code>${escaped(command)}</code></pre><dl class="facts">${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`);
}

function section(title: string, body: string): string {
  return `<section><h2>${title}</h2>\n${body}</section>`;
}

function charts(all: readonly string[]): string {
  return all.length === 0 ? '' : `<div class="charts">${all.join('\n')}</div>`;
}

function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>${body}</details>`;
}

/** Cells are HTML already; a head with # before it stands over numbers. The first cell of a row names it. */
function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const kinds = head.map((name) => (name.startsWith('#') ? ' class="number"' : ''));
  const heads = head.map((name, n) => `<th scope="col"${kinds[n]}>${name.replace(/^#/, '')}</th>`);
  const body = rows.map((cells) => `<tr>${cells.map((cell, n) => (n === 0 ? `<th scope="row"${kinds[n]}>${cell}</th>` : `<td${kinds[n]}>${cell}</td>`)).join('')}</tr>`);
  return `<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
