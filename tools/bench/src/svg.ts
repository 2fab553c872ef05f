// What charts are made of: escaped words, lines, and colours that follow the reader's light or dark.

/** Of a character of 11 px, rather too much than too little: what is laid out by it is not cut. */
const CHARACTER_PX = 6.2;

/** Four kinds of data, told apart in grey as well; ink for words, faint for axes, limit for what must not be passed. */
const LIGHT = '--ink:#1f2933;--quiet:#5f6b7a;--faint:#c3cad3;--ground:#ffffff;--limit:#b3261e;--tone-0:#0b6e99;--tone-1:#7a4fc4;--tone-2:#1d8659;--tone-3:#c2571a;color-scheme:light dark';
const DARK = '--ink:#e4e7eb;--quiet:#a3aebb;--faint:#4a5563;--ground:#14181d;--limit:#ff8a80;--tone-0:#5bb5da;--tone-1:#b79cf0;--tone-2:#5fca9a;--tone-3:#f0965a';
const TONES = [0, 1, 2, 3].map((tone) => `.tone-${tone}{stroke:var(--tone-${tone})}.fill-${tone}{fill:var(--tone-${tone})}`).join('');

/** Which selector the colours are to hold for: `svg`, or `:root` of a page. */
export function paletteOf(selector: string): string {
  return `${selector}{${LIGHT}}@media (prefers-color-scheme:dark){${selector}{${DARK}}}`;
}

export const CHART_STYLE = `svg text{font-family:system-ui,sans-serif;font-size:12px;fill:var(--ink)}svg .small{font-size:11px;fill:var(--quiet)}svg .halo{paint-order:stroke;stroke:var(--ground);stroke-width:3px;stroke-linejoin:round}.axis{stroke:var(--quiet)}.grid{stroke:var(--faint);stroke-width:.5}.line{stroke-width:1.8;fill:none;stroke-linejoin:round}.limit{stroke:var(--limit);stroke-dasharray:5 4;stroke-width:1.4}svg .limit-text{fill:var(--limit);font-size:11px}.mark{stroke:var(--ink);stroke-dasharray:2 3}.band{fill:var(--faint);opacity:.35}${TONES}`;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** The same in words, for whoever does not see it. */
  readonly description: string;
  readonly body: string;
  /** For a file of its own; a page has it already. */
  readonly style?: string;
}

export function svgOf({ width, height, title, description, body, style }: Drawing): string {
  const own = style === undefined ? '' : `<style>${style}</style>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${escaped(title)}</title><desc>${escaped(description)}</desc>${own}${body}</svg>`;
}

export function text(x: number, y: number, words: string, more = ''): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}"${more === '' ? '' : ` ${more}`}>${escaped(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<line class="${kind}" x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}"/>`;
}

export function widthOf(words: string): number {
  return words.length * CHARACTER_PX;
}

/** Lines that are no wider, if no word is. */
export function wrapped(words: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || widthOf(`${last} ${word}`) > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** With an ellipsis where there is no room for all of it. */
export function fitted(words: string, width: number): string {
  return widthOf(words) <= width ? words : `${words.slice(0, Math.max(0, Math.floor(width / CHARACTER_PX) - 1))}…`;
}

/** For text and for attributes in double or single quotes. */
export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

/** To a tenth: what a screen shows. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
