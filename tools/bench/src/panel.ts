// One panel of a chart: lines between two axes, limits as dashed lines, a legend. All of it fits its box.
import { shareOf, type Axis } from './axis.js';
import { fitted, line, rounded, text, widthOf } from './svg.js';

/** Which of the four colours. */
export type Tone = 0 | 1 | 2 | 3;

export interface Point {
  readonly x: number;
  /** Null: a gap in the line. */
  readonly y: number | null;
  readonly min?: number;
  readonly max?: number;
}

export interface Series {
  readonly name: string;
  readonly tone: Tone;
  readonly points: readonly Point[];
}

export interface Limit {
  readonly y: number;
  readonly words: string;
  /** For this part of the x axis only. */
  readonly from?: number;
  readonly to?: number;
}

export interface Panel {
  readonly title: string;
  /** Under the x axis. */
  readonly along: string;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  readonly limits?: readonly Limit[];
  readonly marks?: readonly { readonly x: number; readonly words: string }[];
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly words: string }[];
}

const TOP = 26;
const LEGEND = 18;
const BOTTOM = 40;
const RIGHT = 10;
const LABEL_PX_MIN = 32;
/** Bold letters are wider, and those of titles larger. */
export const BOLD = 0.8;
/** With more points a line says it better. */
const DOTS_MAX = 16;

export function panel(spec: Panel): string {
  const { title, along, width, height, x: xAxis, y: yAxis, series, limits = [], marks = [], bands = [] } = spec;
  const left = Math.max(LABEL_PX_MIN, ...yAxis.ticks.map(({ words }) => widthOf(words))) + 10;
  const top = TOP + (series.length > 1 ? LEGEND : 0);
  const [right, bottom] = [width - RIGHT, height - BOTTOM];
  const x = (value: number): number => left + shareOf(xAxis, value) * (right - left);
  const y = (value: number): number => bottom - shareOf(yAxis, value) * (bottom - top);
  /** In the middle of a place, if there is room for that. */
  const around = (at: number, baseline: number, words: string, kind: string, least = left): string => {
    const half = widthOf(words) / 2;
    return text(Math.max(least + half, Math.min(width - half, at)), baseline, words, `class="${kind}" text-anchor="middle"`);
  };
  const mark = ({ x: at, words }: { readonly x: number; readonly words: string }): string => {
    const isLate = x(at) + 5 + widthOf(words) > width;
    return line(x(at), top, x(at), bottom, 'mark') + text(x(at) + (isLate ? -5 : 5), top + 10, words, `class="halo" text-anchor="${isLate ? 'end' : 'start'}"`);
  };
  const limit = ({ y: at, words, from = xAxis.from, to = xAxis.to }: Limit): string => {
    const isPassed = series.some(({ points }) => points.some((point) => point.x >= from && point.x <= to && (point.y ?? 0) > at));
    return line(x(from), y(at), x(to), y(at), 'limit') + around((x(from) + x(to)) / 2, labelBeside(y(at), { isBelow: isPassed || bands.length > 0, top, bottom }), words, 'limit-text halo');
  };
  return [
    text(0, 14, fitted(title, width * BOLD), 'font-weight="600"'),
    series.length > 1 ? legend(series.map(({ name, tone }) => ({ name, tone })), TOP + 4) : '',
    ...bands.map(({ from, to, words }) => `<rect class="band" x="${rounded(x(from))}" y="${top}" width="${rounded(x(to) - x(from))}" height="${bottom - top}"/>${widthOf(words) < x(to) - x(from) ? text(x(from) + 3, top + 11, words, 'class="small"') : ''}`),
    ...yAxis.ticks.flatMap(({ at, words }) => [line(left, y(at), right, y(at), 'grid'), text(left - 6, y(at) + 4, words, 'class="small" text-anchor="end"')]),
    line(left, bottom, right, bottom, 'axis'),
    ...apart(xAxis.ticks, x).map(({ at, words }) => around(x(at), bottom + 15, words, 'small', 0)),
    text((left + right) / 2, bottom + 32, fitted(along, right - left), 'class="small" text-anchor="middle"'),
    ...series.map((one) => drawn(one, x, y)),
    ...limits.map(limit),
    ...marks.map(mark),
  ].join('');
}

/** From the left; gives the words of each after a stroke of its colour. */
export function legend(entries: readonly { readonly name: string; readonly tone: Tone }[], baseline: number): string {
  let at = 0;
  return entries
    .map(({ name, tone }) => {
      const entry = `<line class="line tone-${tone}" stroke-width="3" x1="${rounded(at)}" y1="${baseline}" x2="${rounded(at + 14)}" y2="${baseline}"/>${text(at + 18, baseline + 4, name, 'class="small"')}`;
      at += 18 + widthOf(name) + 10;
      return entry;
    })
    .join('');
}

function drawn({ tone, points }: Series, x: (value: number) => number, y: (value: number) => number): string {
  const lines = stretches(points).map((stretch) => `<polyline class="line tone-${tone}" points="${stretch.map((point) => `${rounded(x(point.x))},${rounded(y(point.y))}`).join(' ')}"/>`);
  const known = points.flatMap((point) => (point.y === null ? [] : [{ ...point, y: point.y }]));
  const spreads = known.flatMap(({ x: at, min, max }) => (min === undefined || max === undefined ? [] : [line(x(at), y(min), x(at), y(max), `line tone-${tone}`)]));
  const dots = known.length > DOTS_MAX ? [] : known.map((point) => `<circle class="fill-${tone}" cx="${rounded(x(point.x))}" cy="${rounded(y(point.y))}" r="3.5"/>`);
  return [...lines, ...spreads, ...dots].join('');
}

/** Points that follow one another without a gap. */
function stretches(points: readonly Point[]): readonly (readonly { readonly x: number; readonly y: number }[])[] {
  const all: { readonly x: number; readonly y: number }[][] = [[]];
  for (const { x, y } of points) {
    if (y === null) all.push([]);
    else all.at(-1)?.push({ x, y });
  }
  return all.filter((stretch) => stretch.length > 0);
}

/** Above the line, unless data or words are there or the panel ends. */
function labelBeside(at: number, { isBelow, top, bottom }: { readonly isBelow: boolean; readonly top: number; readonly bottom: number }): number {
  const [above, below] = [at - 5, at + 13];
  if (isBelow) return below < bottom ? below : above;
  return above - 9 > top ? above : below;
}

/** As many names as fit beside each other, the first always among them. */
function apart(ticks: Axis['ticks'], x: (value: number) => number): Axis['ticks'] {
  let end = -Infinity;
  return ticks.filter(({ at, words }) => {
    const half = widthOf(words) / 2;
    if (x(at) - half < end) return false;
    end = x(at) + half + 6;
    return true;
  });
}
