// What a cell of a table says. A cell that says nothing usable is handed on as it is: the edge refuses it by its field and value.
import { formatTime } from '@trellis/service';

export type TimeUnit = 's' | 'ms';

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
/** As seconds the year 5138, as milliseconds 1973. */
const SECONDS_BELOW = 100_000_000_000;
const TIME_MS_MAX = 8_640_000_000_000_000;
const SKILLS_APART = /[\s;,|]+/;

const TRUTH: Readonly<Record<string, boolean>> = { '1': true, '1.0': true, true: true, '0': false, '0.0': false, false: false };

export function truthOf(cell: string): boolean | string {
  return TRUTH[cell.toLowerCase()] ?? cell;
}

export function numberOf(cell: string): number | string {
  return NUMBER.test(cell) ? Number(cell) : cell;
}

export function skillsOf(cell: string): readonly string[] {
  return cell.split(SKILLS_APART).filter((skill) => skill !== '');
}

/**
 * RFC 3339 stays as it is. A number is seconds or milliseconds since 1970: as `unit` says, else seconds below 100,000,000,000.
 * Undefined for no time: an empty cell, or 0, which logs without times are full of.
 */
export function timeOf(cell: string, unit?: TimeUnit): string | undefined {
  if (cell === '') return undefined;
  if (!NUMBER.test(cell)) return cell;
  const number = Number(cell);
  if (number === 0) return undefined;
  const ms = Math.round(unit === 's' || (unit === undefined && Math.abs(number) < SECONDS_BELOW) ? number * 1000 : number);
  return Math.abs(ms) <= TIME_MS_MAX ? formatTime(ms) : cell;
}
