import { crc32 } from 'node:zlib';
import { ENTRY_BYTES, putEntry, type IdHit } from './id-entries.js';
import { IdFilter, idHashes } from './id-filter.js';
import { IdRuns } from './id-runs.js';
import { MemoryKeyValue } from './testing/memory-key-value.js';

/** Four words of the n-th id; without `random` they are counted up. */
function wordsOf(n: number, random: boolean): Uint32Array {
  return random ? Uint32Array.from({ length: 4 }, (_, word) => crc32(`${n} ${word}`)) : Uint32Array.of(0, 0x5000, 0x8000_0000, n);
}

const hitOf = (n: number): IdHit => ({ ordinal: n % 7, position: n, offset: 10 * n, revision: n % 11, digestHigh: n, digestLow: n + 1 });

function entriesOf(ns: readonly number[], random: boolean): Uint8Array {
  const all = ns.map((n) => ({ n, words: wordsOf(n, random) }));
  all.sort((one, other) => {
    for (let word = 0; word < 4; word++) if (one.words[word] !== other.words[word]) return (one.words[word] ?? 0) - (other.words[word] ?? 0);
    return 0;
  });
  const bytes = new Uint8Array(all.length * ENTRY_BYTES);
  all.forEach(({ n, words }, index) => putEntry(bytes, index * ENTRY_BYTES, hitOf(n), words, 0));
  return bytes;
}

/** Writes runs of these lengths one after the other, with a merge behind each, as flushes do. */
async function flushed(runs: IdRuns, keyValue: MemoryKeyValue, lengths: readonly number[], random = true): Promise<number> {
  let n = 0;
  for (const length of lengths) {
    const entries = entriesOf(Array.from({ length }, () => n++), random);
    let run: ReturnType<IdRuns['put']> | null = null;
    await keyValue.commit((batch) => (run = runs.put(batch, entries)));
    if (run !== null) runs.added(run);
    await runs.merge();
  }
  return n;
}

function found(runs: IdRuns, n: number, random = true): IdHit | null {
  const hit: IdHit = { ordinal: 0, position: 0, offset: 0, revision: 0, digestHigh: 0, digestLow: 0 };
  return runs.find(wordsOf(n, random), 0, hit) ? hit : null;
}

const LENGTHS = Array.from({ length: 150 }, (_, n) => 1 + ((n * 37) % 120));

describe.each([['hashes', true], ['counted up', false]])('ids that are %s', (_, random) => {
  it('are found with what was said of them, through every merge, also when opened again, and no others', async () => {
    const keyValue = new MemoryKeyValue();
    const runs = new IdRuns(keyValue);
    const count = await flushed(runs, keyValue, LENGTHS, random);
    const again = new IdRuns(keyValue);
    again.load();
    for (const each of [runs, again]) {
      expect(each.count).toBe(count);
      for (let n = 0; n < count; n++) expect(found(each, n, random)).toEqual(hitOf(n));
      for (let n = count; n < 2 * count; n++) expect(found(each, n, random)).toBeNull();
    }
  });
});

it('keeps few runs: eight of a kind are merged', async () => {
  const keyValue = new MemoryKeyValue();
  const runs = new IdRuns(keyValue);
  await flushed(runs, keyValue, Array(8 * 8 * 2 + 3).fill(2));
  const again = new IdRuns(keyValue);
  again.load();
  const kept = keyValue.range({ from: Uint8Array.of(8), before: Uint8Array.of(9), limit: 1_000 });
  expect(kept).toHaveLength(2 + 3);
  expect(again.count).toBe(2 * (8 * 8 * 2 + 3));
});

it('goes on after a merge that could not be written, and forgets what it left', async () => {
  const keyValue = new MemoryKeyValue();
  const runs = new IdRuns(keyValue);
  const count = await flushed(runs, keyValue, Array(7).fill(3_000));
  // The eighth run is written; its merge takes several transactions, of which the second fails.
  const entries = entriesOf(Array.from({ length: 3_000 }, (_, n) => count + n), true);
  let run: ReturnType<IdRuns['put']> | null = null;
  await keyValue.commit((batch) => (run = runs.put(batch, entries)));
  if (run !== null) runs.added(run);
  const { commit } = keyValue;
  let commits = 0;
  keyValue.commit = (fill) => (++commits === 2 ? Promise.reject(new Error('no space')) : commit.call(keyValue, fill));
  await expect(runs.merge()).rejects.toThrow('no space');
  for (let n = 0; n < count + 3_000; n += 97) expect(found(runs, n)).toEqual(hitOf(n));
  const crashed = new IdRuns(keyValue.snapshot());
  crashed.load();
  await crashed.tidy();
  for (let n = 0; n < count + 3_000; n += 97) expect(found(crashed, n)).toEqual(hitOf(n));
  await runs.merge();
  for (let n = 0; n < count + 3_000; n += 97) expect(found(runs, n)).toEqual(hitOf(n));
  await runs.tidy();
  const blocks = keyValue.range({ from: Uint8Array.of(7), before: Uint8Array.of(8), limit: 10_000 });
  expect(blocks).toHaveLength(Math.ceil((count + 3_000) / 88));
});

it('finds ids whose runs another process has merged meanwhile', async () => {
  const keyValue = new MemoryKeyValue();
  const writer = new IdRuns(keyValue);
  const before = await flushed(writer, keyValue, Array(7).fill(100));
  const reader = new IdRuns(keyValue);
  reader.load();
  const entries = entriesOf(Array.from({ length: 100 }, (_, n) => before + n), true);
  let run: ReturnType<IdRuns['put']> | null = null;
  await keyValue.commit((batch) => (run = writer.put(batch, entries)));
  if (run !== null) writer.added(run);
  await writer.merge();
  for (let n = 0; n < before; n++) expect(found(reader, n)).toEqual(hitOf(n));
});

it('lets through about one of 200 other ids', () => {
  const filter = IdFilter.for(10_000);
  const hashes = { high: 0, low: 0 };
  const hashesOf = (n: number): { high: number; low: number } => {
    idHashes(wordsOf(n, true), 0, hashes);
    return hashes;
  };
  for (let n = 0; n < 10_000; n++) filter.add(hashesOf(n).high, hashesOf(n).low);
  let through = 0;
  for (let n = 0; n < 10_000; n++) expect(filter.mayHave(hashesOf(n).high, hashesOf(n).low)).toBe(true);
  for (let n = 10_000; n < 60_000; n++) if (filter.mayHave(hashesOf(n).high, hashesOf(n).low)) through++;
  expect(through / 50_000).toBeLessThan(0.01);
});
