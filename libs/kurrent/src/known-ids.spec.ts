// Held against a Map of objects.
import type { EventId } from '@trellis/event-sourcing';
import fc from 'fast-check';
import { KnownIds, type Known } from './known-ids.js';

// Few ids that agree in their first words, so that they are met again and differ late.
const id = fc.tuple(fc.constantFrom('00000000', 'ffffffff'), fc.constantFrom('0000', '0001'), fc.nat({ max: 3 })).map(([first, second, last]) =>
  `${first}-${second}-5000-8000-00000000000${last}` as EventId); // a UUID
const sixteen = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => value.toString(16).padStart(16, '0'));
const text = fc.oneof({ weight: 5, arbitrary: sixteen }, fc.constantFrom('', 'odd', 'FFFFFFFFFFFFFFFF'));
const entries = fc.array(fc.tuple(id, text, text), { maxLength: 40 });

const known = (list: readonly (readonly [EventId, string, string])[], first = 0): [EventId, Known][] =>
  list.map(([each, digest, tag], n) => [each, { revision: first + n, digest, tag }]);

function both(list: readonly (readonly [EventId, Known])[]): { ids: KnownIds; map: Map<EventId, Known> } {
  const ids = new KnownIds();
  const map = new Map<EventId, Known>();
  for (const [each, what] of list) {
    ids.add(each, what);
    if (!map.has(each)) map.set(each, what);
  }
  return { ids, map };
}

const alike = (ids: KnownIds, map: ReadonlyMap<EventId, Known>, asked: readonly (readonly [EventId, ...unknown[]])[]): void => {
  expect(ids.size).toBe(map.size);
  for (const [each] of asked) expect(ids.get(each)).toEqual(map.get(each));
};

describe('known ids', () => {
  it('give back what was added first, digit for digit', () => {
    fc.assert(fc.property(entries, entries, (list, asked) => {
      const { ids, map } = both(known(list));
      alike(ids, map, [...list, ...asked]);
    }));
  });

  it('put another\'s behind their own', () => {
    fc.assert(fc.property(entries, entries, (older, newer) => {
      const first = both(known(older));
      const second = both(known(newer, older.length));
      first.ids.addAll(second.ids);
      for (const [each, what] of second.map) if (!first.map.has(each)) first.map.set(each, what);
      alike(first.ids, first.map, [...older, ...newer]);
    }));
  });

  it('forget the oldest, say from which revision on they know all, and go on', () => {
    fc.assert(fc.property(entries.filter((list) => list.length > 0), entries, fc.nat(), (list, more, seed) => {
      const { ids, map } = both(known(list));
      const count = seed % map.size;
      const left = [...map].slice(count);
      expect(ids.dropOldest(count)).toBe(left[0]?.[1].revision);
      const rest = new Map(left);
      for (const [each, what] of known(more, list.length)) {
        ids.add(each, what);
        if (!rest.has(each)) rest.set(each, what);
      }
      alike(ids, rest, [...list, ...more]);
    }));
  });
});
