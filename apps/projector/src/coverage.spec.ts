// A position counts as covered only when everything that was published up to it is committed.
import fc from 'fast-check';
import type { Position } from '@trellis/event-sourcing';
import { Coverage } from './coverage.js';

const PARTITIONS = 3;
const at = (n: number): Position => String(n) as Position; // any text serves

it('never covers a message that is not committed, and in the end everything', () => {
  const pages = fc.array(fc.array(fc.nat(PARTITIONS - 1), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 40 });
  const looks = fc.array(fc.record({ after: fc.nat(39), committed: fc.array(fc.nat(60), { minLength: PARTITIONS, maxLength: PARTITIONS }) }), { maxLength: 20 });
  fc.assert(
    fc.property(pages, looks, (published, asked) => {
      const coverage = new Coverage();
      const next = Array.from({ length: PARTITIONS }, () => 0);
      // What each page needs to be committed.
      const needs: number[][] = [];
      published.forEach((page, n) => {
        const places = page.map((partition) => ({ partition, offset: BigInt((next[partition] = (next[partition] ?? 0) + 1) - 1) }));
        coverage.published(places, at(n));
        needs.push([...next]);
        for (const { committed } of asked.filter(({ after }) => after === n)) {
          const covered = coverage.covered(new Map(committed.map((offset, partition) => [partition, BigInt(offset)])));
          if (covered !== null) expect((needs[Number(covered)] ?? []).every((need, partition) => (committed[partition] ?? 0) >= need)).toBe(true);
        }
      });
      expect(coverage.covered(new Map(next.map((offset, partition) => [partition, BigInt(offset)])))).toBe(at(published.length - 1));
    }),
  );
});

it('covers nothing of which it does not know where it was published', () => {
  expect(new Coverage().covered(new Map([[0, 100n]]))).toBeNull();
});

it('forgets marks between others rather than grow', () => {
  const coverage = new Coverage();
  for (let n = 0; n < 5_000; n++) coverage.published([{ partition: 0, offset: BigInt(n) }], at(n));
  // Older marks are further apart.
  expect(Number(coverage.covered(new Map([[0, 4_900n]])))).toBeGreaterThan(4_500);
  expect(coverage.covered(new Map([[0, 5_000n]]))).toBe(at(4_999));
});
