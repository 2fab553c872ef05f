// Random numbers that hang on names and not on the order of calls: (student, kind, a, b) always gives the same one, so that every policy
// meets the same student and the same luck. 32-bit arithmetic, the same in every language.

/** The finaliser of MurmurHash3 (Appleby, 2011). */
function mixed(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** 0..1, both exclusive. `kind` says what the number is for; `a` and `b` say which one. */
export function uniform(seed: number, kind: number, a: number, b: number): number {
  let h = mixed(seed + Math.imul(0x9e3779b9, kind + 1));
  h = mixed(h ^ (Math.imul(a, 0x85ebca6b) + 0x9e3779b9));
  h = mixed(h ^ (Math.imul(b, 0xc2b2ae35) + 0x9e3779b9));
  return ((h >>> 0) + 0.5) / 2 ** 32;
}

/** Standard normal (Box & Muller, 1958). */
export function normal(seed: number, kind: number, a: number, b: number): number {
  return Math.sqrt(-2 * Math.log(uniform(seed, kind, a, 2 * b))) * Math.cos(2 * Math.PI * uniform(seed, kind, a, 2 * b + 1));
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
