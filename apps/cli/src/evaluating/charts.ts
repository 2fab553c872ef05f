// Charts as SVG text. Colours come from the page's style, so that they follow light and dark; shapes tell apart what colours do.
import type { ReliabilityBin } from '@trellis/mastery';
import { escaped } from './markup.js';

export interface Dot {
  readonly label: string;
  /** The accent is for what counts. */
  readonly kind: 'plain' | 'accent';
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const ROW = 26;
const LABEL = 150;
const WIDTH = 640;
const TOP = 8;
const AXIS = 28;
/** Between two ticks, or twice that where they would be more than so many. */
const TICK = 0.05;
const TICKS = 6;

/** One line each: a point and the interval around it. `labels`: the room that they take, in pixels. */
export function dotChart(dots: readonly Dot[], { title, description, labels = LABEL }: { readonly title: string; readonly description: string; readonly labels?: number }): string {
  const width = WIDTH + labels - LABEL;
  const rows = [...new Set(dots.map(({ label }) => label))];
  const shown = dots.filter(({ value }) => Number.isFinite(value));
  const ends = shown.flatMap(({ low, high, value }) => [low, high, value]).filter((value) => Number.isFinite(value));
  const [from, to] = ends.length === 0 ? [0, 1] : rounded(Math.min(...ends), Math.max(...ends));
  const right = width - 24;
  const x = (value: number): number => labels + ((value - from) / (to - from)) * (right - labels);
  const height = TOP + rows.length * ROW + AXIS;
  const bottom = TOP + rows.length * ROW;
  const step = to - from > TICKS * TICK ? 2 * TICK : TICK;
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, n) => from + n * step);
  const grid = ticks.map((tick) => `<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${TOP}" y2="${bottom}"/><text x="${at(x(tick))}" y="${bottom + 18}" text-anchor="middle">${tick.toFixed(2)}</text>`);
  const marks = rows.flatMap((label, row) => {
    const own = shown.filter((dot) => dot.label === label);
    const middle = TOP + row * ROW + ROW / 2;
    const lines = own.map((dot, n) => {
      const y = middle + (n - (own.length - 1) / 2) * 9;
      const cx = at(x(dot.value));
      const mark = dot.kind === 'accent' ? `<circle class="accent" cx="${cx}" cy="${at(y)}" r="4.5"/>` : `<rect class="plain" x="${at(x(dot.value) - 3.5)}" y="${at(y - 3.5)}" width="7" height="7"/>`;
      return `<line class="${dot.kind}" x1="${at(x(dot.low))}" x2="${at(x(dot.high))}" y1="${at(y)}" y2="${at(y)}"/>${mark}`;
    });
    return [`<text x="${labels - 12}" y="${at(middle + 4)}" text-anchor="end">${escaped(label)}</text>`, ...lines];
  });
  return svg({ width, height, title, description }, [...grid, ...marks].join(''));
}

const SIDE = 200;
const MARGIN = { left: 36, top: 10, right: 10, bottom: 56 };
const BAR = 18;

/** Predicted beside actual shares, the ideal as a diagonal, below how many predictions each bin has. */
export function reliabilityChart(bins: readonly ReliabilityBin[], { title, description }: { readonly title: string; readonly description: string }): string {
  const x = (value: number): number => MARGIN.left + value * SIDE;
  const y = (value: number): number => MARGIN.top + (1 - value) * SIDE;
  const most = Math.max(1, ...bins.map(({ n }) => n));
  const foot = MARGIN.top + SIDE + 24 + BAR;
  const grid = [0, 0.5, 1].map(
    (tick) =>
      `<line class="grid" x1="${at(x(0))}" x2="${at(x(1))}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${at(y(0))}" y2="${at(y(1))}"/>` +
      `<text x="${MARGIN.left - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${tick * 100}</text><text x="${at(x(tick))}" y="${at(y(0) + 16)}" text-anchor="middle">${tick * 100}</text>`,
  );
  const full = bins.filter(({ n }) => n > 0);
  const marks = full.map(
    ({ meanPredicted, shareRight, low, high }) =>
      `<line class="accent" x1="${at(x(meanPredicted))}" x2="${at(x(meanPredicted))}" y1="${at(y(low))}" y2="${at(y(high))}"/><circle class="accent" cx="${at(x(meanPredicted))}" cy="${at(y(shareRight))}" r="3.5"/>`,
  );
  const bars = full.map(({ from, to, n }) => {
    const height = (BAR * n) / most;
    return `<rect class="bar" x="${at(x(from) + 1)}" y="${at(foot - height)}" width="${at(x(to) - x(from) - 2)}" height="${at(height)}"/>`;
  });
  const diagonal = `<line class="ideal" x1="${at(x(0))}" y1="${at(y(0))}" x2="${at(x(1))}" y2="${at(y(1))}"/>`;
  return svg({ width: MARGIN.left + SIDE + MARGIN.right, height: MARGIN.top + SIDE + MARGIN.bottom, title, description }, [...grid, diagonal, ...bars, ...marks].join(''));
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
}

function svg({ width, height, title, description }: Frame, body: string): string {
  return `<svg role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" aria-label="${escaped(`${title}. ${description}`)}"><title>${escaped(title)}</title><desc>${escaped(description)}</desc>${body}</svg>`;
}

/** Coordinates to a tenth: what a screen shows. */
function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Ends on ticks. */
function rounded(low: number, high: number): readonly [number, number] {
  const coarse = high - low > TICKS * TICK ? 2 * TICK : TICK;
  const from = Math.floor(low / coarse) * coarse;
  const to = Math.ceil(high / coarse) * coarse;
  return to > from ? [from, to] : [from, from + coarse];
}
