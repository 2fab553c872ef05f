// Random numbers that a seed repeats.

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { imul } = Math;

/** Numbers in [0, 1): mulberry32 (Ettinger, 2017, public domain). `seed` is a 32-bit integer. */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Into an order drawn by `random`, in place: Fisher and Yates (Durstenfeld, 1964). */
export function shuffle<List extends Int32Array | unknown[]>(list: List, random: () => number): List {
  for (let n = list.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    const kept = list[n];
    list[n] = list[other];
    list[other] = kept;
  }
  return list;
}
