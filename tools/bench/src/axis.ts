// Where a value stands along one side of a chart, and which values are named there.
import { numberText } from './report.js';

export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly isLog: boolean;
  readonly ticks: readonly { readonly at: number; readonly words: string }[];
}

/** Of the axis above the highest value. */
const ROOM = 1.12;
const TICKS = 4;
/** A logarithm begins somewhere. */
const LEAST = 0.01;

/** From 0 (or `from`) to a little more than the greatest, or to `to`. */
export function linearAxis(values: readonly number[], { from = 0, to }: { readonly from?: number; readonly to?: number } = {}): Axis {
  const most = to ?? greatest(values) * ROOM;
  const end = most > from ? most : from + 1;
  const step = roundStep((end - from) / TICKS);
  const first = Math.ceil(from / step);
  const ticks = Array.from({ length: Math.floor(end / step + 1e-9) - first + 1 }, (_, n) => Number(((first + n) * step).toPrecision(12)));
  return { from, to: end, isLog: false, ticks: ticks.map((at) => ({ at, words: numberText(at) })) };
}

/** Decades; where they are few, also 2 and 5 of each. */
export function logAxis(values: readonly number[]): Axis {
  const positive = values.filter((value) => value > 0);
  const least = Math.max(LEAST, positive.reduce((a, b) => Math.min(a, b), Infinity));
  const from = lower(Number.isFinite(least) ? least / ROOM : 1);
  const to = upper(Math.max(greatest(positive) * ROOM, from * 10));
  const decades = Math.log10(to / from);
  const steps = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
    ticks.push(...steps.map((step) => Number((step * 10 ** power).toPrecision(6))).filter((at) => at >= from * 0.999 && at <= to * 1.001));
  }
  return { from, to, isLog: true, ticks: ticks.map((at) => ({ at, words: numberText(at) })) };
}

/** A place for each name. */
export function namesAxis(names: readonly string[]): Axis {
  return { from: -0.5, to: Math.max(0, names.length - 1) + 0.5, isLog: false, ticks: names.map((words, at) => ({ at, words })) };
}

/** 0 at the beginning, 1 at the end; what lies outside comes to its nearer end. */
export function shareOf({ from, to, isLog }: Axis, value: number): number {
  if (!isLog) return clamped((value - from) / (to - from));
  return value <= 0 ? 0 : clamped(Math.log(value / from) / Math.log(to / from));
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}

/** 1, 2, 2.5 or 5 times a power of ten, at least that much. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= least * 0.999) ?? 10;
  return step * power;
}

function lower(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return ([5, 2, 1].find((factor) => factor * power <= value * 1.001) ?? 1) * power;
}

function upper(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return ([1, 2, 5].find((factor) => factor * power >= value * 0.999) ?? 10) * power;
}
