// How things grow, as one SVG: a panel for each curve, its goal as a dashed line. It follows the reader's light or dark.
import type { Curve } from './benchmark.js';
import { circumstancesText } from './circumstances.js';
import { numberText } from './report.js';
import type { Curves } from './circumstances.js';

const PANEL = { width: 260, height: 150 };
const GAP = { left: 64, right: 40, top: 48, bottom: 46 };
const HEAD = 40;
const FOOT = 30;
/** Of the axis above the highest mark. */
const ROOM = 1.15;

const STYLE = `text{font:12px system-ui,sans-serif;fill:#1f2933}.small{font-size:11px;fill:#5f6b7a}.axis{stroke:#9aa5b1}.line{stroke:#0b6e99;stroke-width:2;fill:none}.dot{fill:#0b6e99}.spread{stroke:#0b6e99}.goal{stroke:#c05621;stroke-dasharray:5 4}.goal-text{fill:#c05621;font-size:11px}
@media (prefers-color-scheme:dark){text{fill:#e4e7eb}.small{fill:#9aa5b1}.axis{stroke:#616e7c}.line,.spread{stroke:#5bb5da}.dot{fill:#5bb5da}.goal{stroke:#f0965a}.goal-text{fill:#f0965a}}`;

/** Curves along the same stand above each other. */
export function curvesChart({ title, curves, ...where }: Curves): string {
  const columns = [...new Set(curves.map(({ along }) => along))];
  const rows = [...new Set(curves.map(({ what }) => what))];
  const width = columns.length * (GAP.left + PANEL.width + GAP.right);
  const height = HEAD + rows.length * (GAP.top + PANEL.height + GAP.bottom) + FOOT;
  const panels = curves.map((curve) => {
    const left = columns.indexOf(curve.along) * (GAP.left + PANEL.width + GAP.right) + GAP.left;
    const top = HEAD + rows.indexOf(curve.what) * (GAP.top + PANEL.height + GAP.bottom) + GAP.top;
    return `<g transform="translate(${left} ${top})">${panel(curve)}</g>`;
  });
  const foot = text(GAP.left, height - 10, circumstancesText(where).replaceAll('`', ''), 'class="small"');
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${escaped(title)}</title><desc>${escaped(described(curves))}</desc><style>${STYLE}</style>${text(GAP.left, 24, title, 'font-weight="600"')}${panels.join('')}${foot}</svg>\n`;
}

function panel({ along, what, unit, points, factorMax }: Curve): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) throw new Error(`${what} along ${along} has no points`);
  const goal = factorMax === undefined ? null : first.median * factorMax;
  const most = Math.max(...points.map(({ max }) => max), goal ?? 0) * ROOM;
  const decades = Math.log(last.at / first.at);
  const x = (at: number): number => rounded(decades === 0 ? PANEL.width / 2 : (Math.log(at / first.at) / decades) * PANEL.width);
  const y = (value: number): number => rounded(PANEL.height * (1 - value / most));
  const line = (x1: number, y1: number, x2: number, y2: number, kind: string): string => `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
  return [
    text(0, -22, `${what}, ${unit}`),
    line(0, 0, 0, PANEL.height, 'axis'),
    line(0, PANEL.height, PANEL.width, PANEL.height, 'axis'),
    ...[0, most / 2, most].map((tick) => text(-8, y(tick) + 4, numberText(tick), 'class="small" text-anchor="end"')),
    ...(goal === null ? [] : [line(0, y(goal), PANEL.width, y(goal), 'goal'), text(PANEL.width, y(goal) - 5, `at most ${factorMax} x the first`, 'class="goal-text" text-anchor="end"')]),
    `<polyline class="line" points="${points.map(({ at, median }) => `${x(at)},${y(median)}`).join(' ')}"/>`,
    ...points.flatMap(({ at, median, min, max }) => [
      line(x(at), y(min), x(at), y(max), 'spread'),
      `<circle class="dot" cx="${x(at)}" cy="${y(median)}" r="4"/>`,
      text(x(at), PANEL.height + 16, at.toLocaleString('en'), 'class="small" text-anchor="middle"'),
    ]),
    text(PANEL.width / 2, PANEL.height + 33, along, 'class="small" text-anchor="middle"'),
  ].join('');
}

/** The same in words, for whoever does not see it. */
function described(curves: readonly Curve[]): string {
  return curves.map(({ along, what, unit, points }) => `${what} by ${along}: ${points.map(({ at, median }) => `${numberText(median)} ${unit} at ${at.toLocaleString('en')}`).join(', ')}.`).join(' ');
}

function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}"${more === '' ? '' : ` ${more}`}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** To a tenth: what a screen shows. */
function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
