// Noise that depends on what it is for and on nothing else: the same student, skill and answer give the same draw whatever the policy did before.
// 32-bit integer arithmetic, the same on every machine.
const { cos, imul, log, PI, sqrt } = Math;

/** Mixes the bits of a 32-bit number (the finaliser of MurmurHash3). */
export function mixed(bits: number): number {
  let h = bits;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Uniform in (0, 1): of a seed, a stream and two places in it. */
export function uniform(seed: number, stream: number, a: number, b: number): number {
  let h = mixed((seed + imul(0x9e3779b9, stream + 1)) | 0);
  h = mixed(h ^ ((imul(a, 0x85ebca6b) + 0x9e3779b9) | 0));
  h = mixed(h ^ ((imul(b, 0xc2b2ae35) + 0x9e3779b9) | 0));
  return (h + 0.5) / 4_294_967_296;
}

/** Standard normal (Box and Muller, 1958). */
export function normal(seed: number, stream: number, a: number, b: number): number {
  return sqrt(-2 * log(uniform(seed, stream, a, 2 * b))) * cos(2 * PI * uniform(seed, stream, a, 2 * b + 1));
}

/** Of student `number` in a split and a world. */
export function studentSeed(split: number, world: number, number: number): number {
  return 1_000_003 * split + 100_003 * world + number;
}

/** Shared by a hundred students, as a class shares its course. */
export function courseSeed(split: number, world: number, number: number): number {
  return 7919 * split + 101 * world + Math.floor(number / 100) + 1;
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
