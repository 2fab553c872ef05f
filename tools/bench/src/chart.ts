// How things grow, as one SVG: a panel for each curve, its goal as a dashed line. It follows the reader's light or dark.
import { linearAxis, type Axis } from './axis.js';
import type { Curve } from './benchmark.js';
import { circumstancesText, type Curves } from './circumstances.js';
import { panel } from './panel.js';
import { numberText } from './report.js';
import { CHART_STYLE, paletteOf, svgOf, text, wrapped } from './svg.js';

const PANEL = { width: 340, height: 250 };
const MARGIN = 24;
const HEAD = 56;
const FOOT_LINE = 16;

/** Curves along the same stand above each other. */
export function curvesChart({ title, curves, ...where }: Curves): string {
  const columns = [...new Set(curves.map(({ along }) => along))];
  const rows = [...new Set(curves.map(({ what }) => what))];
  const width = MARGIN + columns.length * (PANEL.width + MARGIN);
  const foot = wrapped(circumstancesText(where).replaceAll('`', ''), width - 2 * MARGIN);
  const below = HEAD + rows.length * (PANEL.height + MARGIN);
  const panels = curves.map((curve) => {
    const left = MARGIN + columns.indexOf(curve.along) * (PANEL.width + MARGIN);
    const top = HEAD + rows.indexOf(curve.what) * (PANEL.height + MARGIN);
    return `<g transform="translate(${left} ${top})">${curvePanel(curve)}</g>`;
  });
  const body = [text(MARGIN, 32, title, 'font-weight="600" style="font-size:16px"'), ...panels, ...foot.map((words, n) => text(MARGIN, below + n * FOOT_LINE, words, 'class="small"'))];
  return `${svgOf({ width, height: below + foot.length * FOOT_LINE + 8, title, description: described(curves), style: paletteOf('svg') + CHART_STYLE, body: body.join('') })}\n`;
}

function curvePanel({ along, what, unit, points, factorMax }: Curve): string {
  const [first] = points;
  if (first === undefined) throw new Error(`${what} along ${along} has no points`);
  const goal = factorMax === undefined ? [] : [{ y: first.median * factorMax, words: `at most ${factorMax} x the first` }];
  return panel({
    ...PANEL,
    title: `${what}, ${unit}`,
    along,
    x: sizes(points.map(({ at }) => at)),
    y: linearAxis([...points.map(({ max }) => max), ...goal.map(({ y }) => y)]),
    series: [{ name: what, tone: 0, points: points.map(({ at, median, min, max }) => ({ x: at, y: median, min, max })) }],
    limits: goal,
  });
}

/** By decades, with a little room beside the first and the last, and every one of them named. */
function sizes(all: readonly number[]): Axis {
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = least === most ? 2 : (most / least) ** 0.08;
  return { from: least / room, to: most * room, isLog: true, ticks: all.map((at) => ({ at, words: at.toLocaleString('en') })) };
}

/** The same in words, for whoever does not see it. */
function described(curves: readonly Curve[]): string {
  return curves.map(({ along, what, unit, points }) => `${what} by ${along}: ${points.map(({ at, median }) => `${numberText(median)} ${unit} at ${at.toLocaleString('en')}`).join(', ')}.`).join(' ');
}
