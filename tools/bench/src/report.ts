// Outcomes as a table in Markdown, which a terminal shows just as well.
import type { GoalOutcome, Outcome, Row } from './benchmark.js';
import type { Spread } from './statistics.js';

const HEAD = ['what', 'figure', 'beside it', 'ratio', 'goal', 'how far'];

export function tableOf({ rows }: Outcome): string {
  return markdownTable([HEAD, ...rows.map(cellsOf)]);
}

/** The first row is the head. */
export function markdownTable(cells: readonly (readonly string[])[]): string {
  const [head = [], ...body] = cells;
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body.map(line)].join('\n');
}

function cellsOf({ what, unit, figure, limit, ratio, goals }: Row): readonly string[] {
  return [
    what,
    `${spreadText(figure)} ${unit}`,
    limit === null ? '' : `${limit.what}: ${spreadText(limit)}`,
    ratio === null ? '' : spreadText(ratio),
    goals.map(goalText).join('; '),
    goals.map(distanceText).join('; '),
  ];
}

/** The median, and in brackets the least and the greatest of the rounds. */
export function spreadText({ median, min, max }: Spread): string {
  return min === max ? numberText(median) : `**${numberText(median)}** (${numberText(min)}..${numberText(max)})`;
}

/** Three significant digits, and every digit of a larger whole number. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}

export function goalText({ of, atLeast, atMost }: GoalOutcome): string {
  const sign = atLeast === undefined ? '<=' : '>=';
  const bound = numberText(atLeast ?? atMost ?? NaN);
  switch (of) {
    case 'figure':
      return `${sign} ${bound}`;
    case 'ratio':
      return `ratio ${sign} ${bound}`;
    case 'excess':
      return `${sign} beside it + ${bound}`;
  }
}

export function distanceText({ of, met, factor, value, atMost = NaN }: GoalOutcome): string {
  if (of === 'excess') return met ? `met (${numberText(value)} above)` : `missed: ${numberText(value)} above, ${numberText(value - atMost)} too much`;
  return met ? `met ${numberText(factor)} times over` : `missed: at ${numberText(factor)} of it`;
}
