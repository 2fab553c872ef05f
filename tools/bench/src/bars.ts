// One panel of a chart: bars that lie beside each other, each with its name above and its number behind.
import { BOLD, legend, type Tone } from './panel.js';
import { numberText } from './report.js';
import { fitted, rounded, text, widthOf } from './svg.js';

export interface Bars {
  readonly title: string;
  readonly width: number;
  readonly series: readonly { readonly name: string; readonly tone: Tone }[];
  /** A value for each series; null: there is none. */
  readonly rows: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

const BAR = 12;
const NAME = 20;
const HEAD = 44;
const GAP = 8;

export function barsHeight({ rows, series }: Bars): number {
  return HEAD + rows.length * (NAME + series.length * (BAR + 2) + GAP);
}

export function bars({ title, width, series, rows }: Bars): string {
  const all = rows.flatMap(({ values }) => values.filter((value) => value !== null));
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  const room = width - Math.max(0, ...all.map((value) => widthOf(numberText(value)))) - 8;
  const step = NAME + series.length * (BAR + 2) + GAP;
  const bar = (value: number | null | undefined, tone: Tone, top: number): string => {
    if (value === null || value === undefined) return text(0, top + 10, 'none', 'class="small"');
    const length = most === 0 ? 0 : (value / most) * room;
    // However little is seen; nothing is not.
    const rect = value === 0 ? '' : `<rect class="fill-${tone}" x="0" y="${top}" width="${rounded(Math.max(1, length))}" height="${BAR}" rx="2"/>`;
    return `${rect}${text(value === 0 ? 0 : length + 6, top + 10, numberText(value), 'class="small"')}`;
  };
  return [
    text(0, 14, fitted(title, width * BOLD), 'font-weight="600"'),
    legend(series, 30),
    ...rows.flatMap(({ name, values }, row) => [
      text(0, HEAD + row * step + 13, fitted(name, width * BOLD)),
      ...series.map(({ tone }, n) => bar(values[n], tone, HEAD + row * step + NAME + n * (BAR + 2))),
    ]),
  ].join('');
}
