// What is too large for one event, in parts that follow each other.

/** Of JSON text. A character takes up to 3 bytes of an event, which leaves room for what each part repeats. */
const PART_CHARACTERS = 80_000;

/** The lists in order, cut so that no part grows too long; at least one part. */
export function inParts<Lists extends { readonly [name: string]: readonly object[] }>(lists: Lists): Lists[] {
  const empty = (): Record<string, object[]> => Object.fromEntries(Object.keys(lists).map((name) => [name, []]));
  const parts = [empty()];
  let room = PART_CHARACTERS;
  for (const [name, elements] of Object.entries<readonly object[]>(lists)) {
    for (const element of elements) {
      const size = JSON.stringify(element).length;
      if (size > room && room < PART_CHARACTERS) {
        parts.push(empty());
        room = PART_CHARACTERS;
      }
      room -= size;
      parts.at(-1)?.[name]?.push(element);
    }
  }
  // Each list holds what it held, in several parts.
  return parts as object[] as Lists[];
}
