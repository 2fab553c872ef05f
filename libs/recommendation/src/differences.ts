// Where two values differ, as JSON Pointers (RFC 6901).

/** Numbers are equal only to the bit. An absent member and an undefined one are the same. */
export function differences(a: unknown, b: unknown, at = ''): readonly string[] {
  if (Object.is(a, b)) return [];
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return [at];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].flatMap((name) => differences(a[name], b[name], `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null;
}
