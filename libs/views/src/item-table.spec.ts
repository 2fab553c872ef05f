import fc from 'fast-check';
import { hash48, ItemTable } from './item-table.js';

describe('the hash of an item', () => {
  it('stays what it is, for rows hold it', () => {
    const golden: [string, string][] = [
      // id                     48 bits
      ['',                      'e3f36ea8e441'],
      ['i1',                    '6abfbe595c4b'],
      ['fs-id1169149017832.12', 'd3f074c19877'],
      ['~._:-',                 'f5c84affd992'],
    ];
    expect(golden.map(([id]) => [id, hash48(id).toString(16).padStart(12, '0')])).toEqual(golden);
  });

  it('parts the ids of a large course', () => {
    const ids = Array.from({ length: 50_000 }, (_, n) => [`item-${n}`, `${n}`, `m${n % 100}.exercise-${n}`]).flat();
    expect(new Set(ids.map(hash48)).size).toBe(ids.length);
  });

  it('fits into 48 bits whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const hash = hash48(text);
      expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 48).toBe(true);
    }));
  });
});

describe('the table of items', () => {
  it('says what a Map would say, in any order of answers', () => {
    // Few and extreme hashes, so that items repeat and both words of a hash matter.
    const hash = fc.oneof(fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 48 - 1), fc.integer({ min: 0, max: 40 }), fc.nat({ max: 2 ** 48 - 1 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(hash, fc.boolean()), { maxLength: 300 }), (answers) => {
        let table = ItemTable.empty();
        const map = new Map<number, { attempts: number; right: number; lastAnswer: number }>();
        answers.forEach(([item, right], at) => {
          const before = map.get(item) ?? { attempts: 0, right: 0, lastAnswer: 0 };
          map.set(item, { attempts: before.attempts + 1, right: before.right + (right ? 1 : 0), lastAnswer: at + 1 });
          table.add(item, right, at + 1);
          // As when a row is stored and read between two answers.
          if (at % 7 === 0) table = ItemTable.of(table.stored());
        });
        expect(table.size).toBe(map.size);
        for (const [item, history] of map) expect(table.get(item)).toEqual(history);
        expect(table.get(12_345_678_901_234)).toBe(map.get(12_345_678_901_234) ?? null);
      }),
    );
  });

  it('finds each of many whose hashes lie together', () => {
    const table = ItemTable.empty();
    const hashes = [...Array.from({ length: 300 }, (_, n) => 7 * n), ...Array.from({ length: 300 }, (_, n) => 2 ** 48 - 1 - 5 * n)];
    hashes.forEach((hash, n) => table.add(hash, true, n + 1));
    expect(hashes.map((hash) => table.get(hash)?.lastAnswer)).toEqual(hashes.map((_, n) => n + 1));
    expect([3, 2 ** 47, 2 ** 48 - 2].map((hash) => table.get(hash))).toEqual([null, null, null]);
  });

  it('has the same bytes whatever the order in which the items came', () => {
    const items = fc.uniqueArray(fc.nat({ max: 2 ** 48 - 1 }), { maxLength: 60 });
    fc.assert(
      fc.property(items.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([one, other]) => {
        const [a, b] = [ItemTable.empty(), ItemTable.empty()];
        one.forEach((item) => a.add(item, true, 3));
        other.forEach((item) => b.add(item, true, 3));
        expect(a.stored()).toEqual(b.stored());
      }),
    );
  });

  it('takes 12 bytes an item', () => {
    const table = ItemTable.empty();
    for (let n = 0; n < 300; n++) table.add(hash48(`item-${n}`), n % 3 === 0, n + 1);
    expect(table.stored().length).toBe(3_600);
  });

  it('stops counting at 255, and still knows the last answer', () => {
    const table = ItemTable.empty();
    for (let n = 1; n <= 300; n++) table.add(7, true, n);
    expect(table.get(7)).toEqual({ attempts: 255, right: 255, lastAnswer: 300 });
  });

  it('keeps its own copy of stored bytes', () => {
    const table = ItemTable.empty();
    table.add(7, true, 1);
    const stored = table.stored().slice();
    const other = ItemTable.of(stored);
    other.add(7, false, 2);
    expect(ItemTable.of(stored).get(7)).toEqual({ attempts: 1, right: 1, lastAnswer: 1 });
  });
});
