// Numbers keys in the order in which they first come: open addressing over typed arrays, so a million keys are a few arrays.

/** Grows as keys come, up to `KEYS_MAX`. */
export interface KeyNumbers {
  /** By number. */
  keys: Float64Array;
  size: number;
  /** By hash: a number and one, 0 where free. At most half are taken. */
  slots: Int32Array;
}

/** Keys that come when so many are there stay without a number. */
export const KEYS_MAX = 2 ** 23;
export const NO_NUMBER = -1;
const SLOTS_MIN = 64;

export function newKeyNumbers(keys: Float64Array = new Float64Array(0)): KeyNumbers {
  let slots = SLOTS_MIN;
  while (slots < 2 * keys.length) slots *= 2;
  const numbers = { keys, size: keys.length, slots: new Int32Array(slots) };
  fill(numbers);
  return numbers;
}

export function numberOf({ slots, keys }: KeyNumbers, key: number): number {
  const mask = slots.length - 1;
  for (let at = hash(key) & mask; ; at = (at + 1) & mask) {
    const number = (slots[at] as number) - 1;
    if (number < 0 || keys[number] === key) return number;
  }
}

/** As `numberOf`, but gives a new key the next number. */
export function numberFor(numbers: KeyNumbers, key: number): number {
  const mask = numbers.slots.length - 1;
  let at = hash(key) & mask;
  for (; ; at = (at + 1) & mask) {
    const number = (numbers.slots[at] as number) - 1;
    if (number < 0) break;
    if (numbers.keys[number] === key) return number;
  }
  if (numbers.size === KEYS_MAX) return NO_NUMBER;
  if (numbers.size === numbers.keys.length) numbers.keys = larger(numbers.keys, Math.max(SLOTS_MIN, 2 * numbers.size));
  numbers.keys[numbers.size] = key;
  numbers.size++;
  if (2 * numbers.size > numbers.slots.length) {
    numbers.slots = new Int32Array(2 * numbers.slots.length);
    fill(numbers);
  } else {
    numbers.slots[at] = numbers.size;
  }
  return numbers.size - 1;
}

function fill({ keys, size, slots }: KeyNumbers): void {
  const mask = slots.length - 1;
  for (let number = 0; number < size; number++) {
    let at = hash(keys[number] as number) & mask;
    while (slots[at] !== 0) at = (at + 1) & mask;
    slots[at] = number + 1;
  }
}

function larger(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(length);
  out.set(from);
  return out;
}

/** Named once: where tests run, each look at a global costs more than the rest of a hash. */
const { floor, imul } = Math;

/** Finalizer of MurmurHash3 (Appleby, public domain) over both halves of an integer below 2^53. */
function hash(key: number): number {
  const high = floor(key / 0x1_0000_0000);
  let mixed = (key - high * 0x1_0000_0000) ^ imul(high, 0x9e3779b1);
  mixed = imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
