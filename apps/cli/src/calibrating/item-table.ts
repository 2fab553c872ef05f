// The statistics of each item as a table: TSV, one line an item, the ones that behave badly with what was found.
import type { BadItems, Estimated, ItemStatistics } from '@trellis/mastery';

const HEAD = [
  ...['item', 'answers', 'exposure', 'pass_rate', 'pass_rate_low', 'pass_rate_high', 'difficulty', 'difficulty_se'],
  ...['discrimination', 'discrimination_low', 'discrimination_high', 'finding', 'evidence'],
];
const DIGITS = 4;

/** `ids`: of items, by their numbers. */
export function itemTable({ statistics, found }: { readonly statistics: readonly ItemStatistics[] } & Pick<BadItems, 'found'>, ids: readonly string[]): string {
  const bad = new Map(found.map((one) => [one.item, one]));
  const rows = statistics.map(({ item, answers, exposure, passRate, difficulty, standardError, discrimination }) => {
    const finding = bad.get(item);
    return [
      ...[ids[item] ?? String(item), String(answers), exposure.toFixed(DIGITS), ...interval(passRate), difficulty.toFixed(DIGITS), standardError.toFixed(DIGITS)],
      ...(discrimination === null ? ['', '', ''] : interval(discrimination)),
      ...[finding?.kind ?? '', finding?.detail ?? ''],
    ];
  });
  return `${[HEAD, ...rows].map((cells) => cells.join('\t')).join('\n')}\n`;
}

function interval({ value, low, high }: Estimated): readonly string[] {
  return [value, low, high].map((one) => one.toFixed(DIGITS));
}
