import { inParts } from './parts.js';

const element = (n: number, length: number): { readonly n: number; readonly text: string } => ({ n, text: 'x'.repeat(length) });

it('keeps every element, in its list and its order', () => {
  const [skills, items] = [Array.from({ length: 40 }, (_, n) => element(n, 5_000)), Array.from({ length: 900 }, (_, n) => element(n, 400))];
  const parts = inParts({ skills, items });
  expect(parts.flatMap((part) => part.skills)).toEqual(skills);
  expect(parts.flatMap((part) => part.items)).toEqual(items);
  for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(90_000);
});

it('is one part where there is nothing, and an element that is long has one for itself', () => {
  expect(inParts({ skills: [], items: [] })).toEqual([{ skills: [], items: [] }]);
  expect(inParts({ items: [element(0, 10), element(1, 100_000), element(2, 10)] }).map(({ items }) => items.map(({ n }) => n))).toEqual([[0], [1], [2]]);
});
