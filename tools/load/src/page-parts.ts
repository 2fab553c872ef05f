// The charts of suites whose parts are judged by themselves: steps of a rate, kinds of batches, tenths of a run, an overload.
import { bars, barsHeight, linearAxis, logAxis, namesAxis, numberText, svgOf, type Bars, type Point, type Tone } from '@trellis/bench';
import { figure, SIZE } from './page-charts.js';
import { batchOf, decimal, partName } from './page-words.js';
import type { Part, Result } from './result.js';

const TIMES = [['p50', 'p50Ms', 0], ['p95', 'p95Ms', 2], ['p99', 'p99Ms', 1]] as const;
const FORMS = ['JSON', 'NDJSON'] as const;

export function partCharts(result: Result): readonly string[] {
  if (result.parts.length === 0) return [];
  switch (result.suite) {
    case 'breakpoint':
      return stepCharts(result);
    case 'ingest':
      return batchCharts(result);
    case 'soak':
      return tenthCharts(result);
    case 'overload':
      return overloadCharts(result);
    default:
      return [];
  }
}

function stepCharts({ parts, figures }: Result): readonly string[] {
  const along = 'requests a second that were due';
  const x = linearAxis([], { to: Math.max(...parts.map(({ offeredPerSecond }) => offeredPerSecond)) });
  const knee = figures.find(({ name }) => name.startsWith('knee'));
  const marks = knee === undefined ? [] : [{ x: knee.value, words: `${knee.name}: ${decimal(knee.value)}/s` }];
  const by = (of: (part: Part) => number | null): readonly Point[] => parts.map((part) => ({ x: part.offeredPerSecond, y: of(part) }));
  const share = (count: number, { offeredPerSecond, seconds }: Part): number => (100 * count) / Math.max(1, offeredPerSecond * seconds);
  const shares = [
    { name: 'refused', tone: 3 as Tone, points: by((part) => share(part.refused, part)) },
    { name: 'failed', tone: 1 as Tone, points: by((part) => share(part.failed, part)) },
    { name: 'unsent', tone: 2 as Tone, points: by((part) => share(part.unsent, part)) },
  ];
  return [
    figure({ title: 'latency of a step, ms', along, x, y: times(parts), series: timeSeries(parts, ({ offeredPerSecond }) => offeredPerSecond), marks }),
    figure({ title: 'not answered, % of what was due', along, x, y: linearAxis(values(shares), greatest(shares) < 1 ? { to: 1 } : {}), series: shares, marks }),
    figure({
      title: 'answered a second',
      along,
      x,
      y: linearAxis(parts.map(({ offeredPerSecond }) => offeredPerSecond)),
      series: [{ name: 'due', tone: 3, points: by(({ offeredPerSecond }) => offeredPerSecond) }, { name: 'answered', tone: 0, points: by(({ answeredPerSecond }) => answeredPerSecond) }],
      marks,
    }),
  ];
}

function batchCharts({ parts }: Result): readonly string[] {
  const batches = parts.flatMap((part) => (batchOf(part.name) === null ? [] : [{ ...part, ...batchOf(part.name) }]));
  const sizes = [...new Set(batches.map(({ size = 0 }) => size))].sort((a, b) => a - b);
  const found = (form: string, size: number): Part | undefined => batches.find((batch) => batch.form === form && batch.size === size);
  const colours = FORMS.map((name, n) => ({ name, tone: (n === 0 ? 0 : 3) as Tone }));
  const name = (size: number): string => `batches of ${decimal(size)}`;
  const x = namesAxis(sizes.map((size) => decimal(size)));
  const latency = (word: 'p50' | 'p99', of: (part: Part) => number | null) =>
    figure({ title: `${word} of a batch, ms`, along: 'events of a batch', x, y: times(parts), series: colours.map((colour) => ({ ...colour, points: sizes.map((size, at) => ({ x: at, y: known(found(colour.name, size), of) })) })) });
  return [
    barsFigure({ title: 'events a second', series: colours, rows: sizes.map((size) => ({ name: name(size), values: FORMS.map((form) => found(form, size)?.eventsPerSecond ?? null) })) }),
    latency('p50', ({ p50Ms }) => p50Ms),
    latency('p99', ({ p99Ms }) => p99Ms),
  ];
}

function tenthCharts({ parts }: Result): readonly string[] {
  const [first, last] = [parts[0], parts.at(-1)];
  const along = 'tenth of the run';
  const x = namesAxis(parts.map((_, n) => String(n + 1)));
  const memory = parts.map(({ residentMiB }, at) => ({ x: at, y: residentMiB ?? null }));
  return [
    figure({ title: 'latency of a tenth, ms', along, x, y: times(parts), series: timeSeries(parts, (_, n) => n) }),
    ...(memory.some(({ y }) => y !== null) ? [figure({ title: 'resident memory of a tenth, MiB', along, x, y: linearAxis(memory.flatMap(({ y }) => y ?? [])), series: [{ name: 'resident memory', tone: 2, points: memory }] })] : []),
    barsFigure({
      title: 'first and last tenth, ms',
      series: [{ name: 'first', tone: 0 }, { name: 'last', tone: 3 }],
      rows: TIMES.map(([word, key]) => ({ name: word, values: [first?.[key] ?? null, last?.[key] ?? null] })),
    }),
  ];
}

function overloadCharts({ parts }: Result): readonly string[] {
  const phases = parts.filter((part) => !isSecond(part));
  const after = parts.filter(isSecond);
  const x = linearAxis([], { to: after.length });
  const fates = [
    { name: 'answered', tone: 0 as Tone, of: ({ answered, seconds }: Part) => answered / seconds },
    { name: 'refused', tone: 3 as Tone, of: ({ refused, seconds }: Part) => refused / seconds },
    { name: 'failed', tone: 1 as Tone, of: ({ failed, seconds }: Part) => failed / seconds },
    { name: 'unsent', tone: 2 as Tone, of: ({ unsent, seconds }: Part) => unsent / seconds },
  ];
  const unanswered = fates.slice(1).map(({ name, tone, of }) => ({ name, tone, points: after.map((part, n) => ({ x: n + 1, y: of(part) })) }));
  const along = 'seconds after the overload';
  return [
    barsFigure({ title: 'what became of requests, a second', series: fates, rows: phases.map((part) => ({ name: partName(part), values: fates.map(({ of }) => of(part)) })) }),
    ...(after.length === 0
      ? []
      : [
          figure({ title: 'latency after the overload, ms', along, x, y: times(after), series: timeSeries(after, (_, n) => n + 1) }),
          figure({ title: 'not answered after the overload, a second', along, x, y: linearAxis(values(unanswered)), series: unanswered }),
        ]),
  ];
}

/** One of many that show how fast a target recovers. */
export function isSecond({ name }: Part): boolean {
  return name.startsWith('recovery_second_');
}

function barsFigure(spec: Omit<Bars, 'width'>): string {
  const all = { ...spec, width: SIZE.width };
  const said = spec.rows.map(({ name, values: of }) => `${name}: ${spec.series.map((series, n) => `${series.name} ${known(of[n], numberText) ?? 'none'}`).join(', ')}.`).join(' ');
  return svgOf({ width: SIZE.width, height: Math.max(SIZE.height, barsHeight(all)), title: spec.title, description: said, body: bars(all) });
}

function times(parts: readonly Part[]) {
  return logAxis(parts.flatMap((part) => TIMES.flatMap(([, key]) => part[key] ?? [])));
}

function timeSeries(parts: readonly Part[], x: (part: Part, n: number) => number) {
  return TIMES.map(([name, key, tone]) => ({ name, tone, points: parts.map((part, n) => ({ x: x(part, n), y: part[key] })) }));
}

function values(series: readonly { readonly points: readonly Point[] }[]): readonly number[] {
  return series.flatMap(({ points }) => points.flatMap(({ y }) => y ?? []));
}

function greatest(series: readonly { readonly points: readonly Point[] }[]): number {
  return values(series).reduce((a, b) => Math.max(a, b), 0);
}

/** Of what may not be there. */
function known<Value, Of>(value: Value | null | undefined, of: (value: Value) => Of): Of | null {
  return value === null || value === undefined ? null : of(value);
}
