// Text and tables of Markdown from ids and sentences that anybody may have written.

/** Of a cell that names something, and of one that holds a sentence. */
export const NAME_CHARS_MAX = 60;
export const SENTENCE_CHARS_MAX = 240;

/** On one line, at most so long, and with nothing in it that Markdown or HTML would take for markup. */
export function plain(text: string, charsMax = NAME_CHARS_MAX): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  let out = '';
  // By whole characters, and as they are written: half a pair or half an escape would be no text.
  for (const character of line) {
    const written = character.replace(/[\\|<`*[\]&]/, '\\$&');
    if (out.length + written.length >= charsMax) return `${out}…`;
    out += written;
  }
  return out;
}

/** Cells as they are: `plain` made them safe. Without rows, nothing. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export const NOT_MEASURED = 'not measured';

/** A number that may be absent, or none. */
export function measured(value: number | null | undefined, digits: number): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NOT_MEASURED : value.toFixed(digits);
}

/** With commas between thousands. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NOT_MEASURED : String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 learner", "2 learners". */
export function counted(value: number | null | undefined, one: string): string {
  return `${count(value)} ${one}${value === 1 ? '' : 's'}`;
}
