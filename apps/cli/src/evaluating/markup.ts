// Pieces of HTML.

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export interface Column {
  readonly name: string;
  /** Numbers stand to the right. */
  readonly kind: 'text' | 'number';
}

/** The first cell of each row heads it. Cells are text; a row may be marked as the one to read. */
export function table(caption: string, columns: readonly Column[], rows: readonly { readonly cells: readonly string[]; readonly isMarked?: boolean }[]): string {
  const kind = (at: number): string => (columns[at]?.kind === 'number' ? ' class="number"' : '');
  const head = columns.map(({ name }, at) => `<th scope="col"${kind(at)}>${escaped(name)}</th>`).join('');
  const body = rows.map(({ cells, isMarked }) => {
    const [first = '', ...rest] = cells;
    const others = rest.map((cell, at) => `<td${kind(at + 1)}>${escaped(cell)}</td>`).join('');
    return `<tr${isMarked === true ? ' class="marked"' : ''}><th scope="row"${kind(0)}>${escaped(first)}</th>${others}</tr>`;
  });
  // A wide table scrolls by itself, by keyboard too.
  return `<div class="scrolls" role="region" tabindex="0" aria-label="${escaped(caption)}"><table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

export function section(id: string, title: string, body: string): string {
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2>${body}</section>`;
}

export function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

export function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`;
}
