import fc from 'fast-check';
import { Packer, Unpacker, type Members, type Packable } from './pack.js';

const DICTIONARY = ['item', 'score', 'skills', 'constructor'];
const PREFIX = 7;
const packer = new Packer(DICTIONARY);

function packed(...values: readonly Packable[]): Uint8Array {
  return packer.pack(PREFIX, ...values);
}

function unpacked(bytes: Uint8Array, unpacker = new Unpacker(DICTIONARY)): Packable {
  unpacker.open(bytes, 1);
  const value = unpacker.next();
  expect(unpacker.ended).toBe(true);
  return value;
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string({ minLength: 60, maxLength: 300 }), fc.constantFrom('\ufeffmarked', '\ufeff', 'ä'.repeat(64), 'toString'));
const key = fc.oneof(fc.constantFrom(...DICTIONARY, 'hasOwnProperty', '', '0'), text).filter((name) => name !== '__proto__');
const { value } = fc.letrec<{ value: Packable }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: -300, max: 70_000 }),
    fc.maxSafeInteger(),
    fc.double(),
    text,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(key, tie('value'), { maxKeys: 20, noNullPrototype: true }),
  ),
}));

describe('any value', () => {
  it('comes back as it was, also where one unpacker reads many', () => {
    const unpacker = new Unpacker(DICTIONARY);
    fc.assert(fc.property(value, (one) => expect(unpacked(packed(one), unpacker)).toEqual(one)), { numRuns: 500 });
  });

  const edges: [string, Packable][] = [
    ['every size of integer', [0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]],
    ['every size of negative integer', [-1, -32, -33, -128, -(2 ** 31), -(2 ** 31) - 1, Number.MIN_SAFE_INTEGER]],
    ['zero below zero', -0],
    ['what is no finite number', [NaN, Infinity, -Infinity]],
    ['fractions to the bit', [0.1 + 0.2, Number.MIN_VALUE, Number.MAX_VALUE, Math.PI]],
    ['texts at the edges of their forms', [0, 31, 32, 63, 64, 65, 255, 256, 70_000].map((length) => 'x'.repeat(length))],
    ['texts beyond ASCII', ['ä', 'Brüche', '分数', '👩🏽‍🚀', '\u0000', '\ufeffmarked', '…'.repeat(300)]],
    ['lists at the edges of their forms', [15, 16, 65_535, 65_536].map((length) => Array.from({ length }, () => 1))],
    ['maps at the edges of their forms', [15, 16, 65_536].map((size) => Object.fromEntries(Array.from({ length: size }, (_, n) => [`k${n}`, n])))],
    ['names that objects have already', { constructor: 1, toString: 2, hasOwnProperty: 3, '': 4 }],
  ];
  it.each(edges)('comes back: %s', (_, one) => expect(unpacked(packed(one))).toEqual(one));

  it('comes back from the middle of other bytes', () => {
    const bytes = packed({ item: 'i1', score: 0.5, 'Brüche': [70_000, -70_000] });
    const page = new Uint8Array(bytes.length + 10).fill(0xff);
    page.set(bytes, 6);
    expect(unpacked(page.subarray(6, 6 + bytes.length))).toEqual({ item: 'i1', score: 0.5, 'Brüche': [70_000, -70_000] });
  });

  it('follows the prefix, and others follow it', () => {
    const bytes = packed('one', { two: 2 });
    expect(bytes[0]).toBe(PREFIX);
    const unpacker = new Unpacker(DICTIONARY);
    unpacker.open(bytes, 1);
    expect([unpacker.next(), unpacker.ended, unpacker.next(), unpacker.ended]).toEqual(['one', false, { two: 2 }, true]);
  });

  it('leaves out members that are undefined', () => {
    expect(unpacked(packed({ item: undefined, score: 1 }))).toEqual({ score: 1 });
    expect(packed({ item: undefined, score: 1 })).toEqual(packed({ score: 1 }));
  });

  it('has a replacement character where half a surrogate pair stood', () => {
    expect(unpacked(packed('a\ud800b'))).toBe('a\ufffdb');
  });
});

describe('the dictionary', () => {
  it('makes a key one byte', () => {
    expect(packed({ skills: 1 }).length).toBe(packed({ s: 1 }).length - 1);
  });

  it('holds 128 keys at most', () => {
    const keys = Array.from({ length: 128 }, (_, n) => `key-${n}`);
    const all = Object.fromEntries(keys.map((name, n) => [name, n]));
    expect(unpacked(new Packer(keys).pack(PREFIX, all), new Unpacker(keys))).toEqual(all);
    expect(() => new Packer([...keys, 'one-more'])).toThrow('at most 128 keys, not 129');
  });

  it('may grow: what was written before is read as before', () => {
    const bytes = packed({ item: 1, later: 2 });
    expect(unpacked(bytes, new Unpacker([...DICTIONARY, 'later']))).toEqual({ item: 1, later: 2 });
  });

  it('names the key that a shorter one does not have', () => {
    expect(() => unpacked(packed({ skills: 1 }), new Unpacker(['item']))).toThrow('key 2 is not in the dictionary');
  });
});

describe('what is refused', () => {
  const nested = (depth: number): Packable => (depth === 0 ? 1 : [nested(depth - 1)]);

  it('is a value nested deeper than 32, written or read', () => {
    expect(unpacked(packed(nested(32)))).toEqual(nested(32));
    expect(() => packed(nested(33))).toThrow('nested deeper than 32');
    expect(() => unpacked(Uint8Array.of(PREFIX, ...Array.from({ length: 40 }, () => 0x91), 1))).toThrow('nested deeper than 32');
    expect(unpacked(packed('still works'))).toBe('still works');
  });

  it('is a key that would change what an object is, written or read', () => {
    // JSON.parse makes a member of this name; a literal would not.
    expect(() => packed(JSON.parse('{"a":{"__proto__":{"admin":true}}}') as Packable)).toThrow('__proto__');
    const bytes = Uint8Array.of(PREFIX, 0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0x80);
    expect(() => unpacked(bytes)).toThrow('a key named __proto__ is not allowed');
  });
});

describe('damaged bytes', () => {
  it('that are cut short anywhere are refused', () => {
    fc.assert(fc.property(value, fc.nat(), (one, at) => {
      const bytes = packed(one);
      const unpacker = new Unpacker(DICTIONARY);
      unpacker.open(bytes.subarray(0, 1 + (at % (bytes.length - 1))), 1);
      expect(() => unpacker.next()).toThrow(/ends before it is whole|longer than the value|not valid/);
    }));
  });

  it('never hang, and give a value or an error that says what is wrong', () => {
    const says = /ends before it is whole|longer than the value|begins no value|not in the dictionary|nested deeper|__proto__|not valid/;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const unpacker = new Unpacker(DICTIONARY);
        unpacker.open(bytes, 0);
        try {
          unpacker.next();
        } catch (error) {
          expect(String(error)).toMatch(says);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([0xdd, 0xdf])('that claim billions of elements (tag %d) are refused at once', (tag) => {
    expect(() => unpacked(Uint8Array.of(PREFIX, tag, 0xff, 0xff, 0xff, 0xff, 1))).toThrow('a length of 4294967295 at byte 6 is longer than the value');
  });
});

it('never writes again where a packed value lies, however many follow and however long they are', () => {
  const packer = new Packer([]);
  const texts = Array.from({ length: 600 }, (_, n) => String(n).repeat(n % 97 === 0 ? 20_000 : (n % 50) + 1));
  const packed = texts.map((text) => packer.pack(1, text));
  expect(() => packer.pack(1, JSON.parse('{"__proto__":1}') as Packable)).toThrow('__proto__');
  packer.pack(1, 'behind one that could not be packed');
  const unpacker = new Unpacker([]);
  for (const [n, bytes] of packed.entries()) {
    unpacker.open(bytes, 1);
    expect(unpacker.next()).toBe(texts[n]);
    expect(unpacker.ended).toBe(true);
  }
});

describe('members that somebody reads', () => {
  /** What is left of a value: members of maps, of lists those of every element, and all that is neither. */
  function left(value: Packable, members: Members): Packable {
    if (Array.isArray(value)) return value.map((each: Packable) => left(each, members));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value as { readonly [key: string]: Packable }).flatMap(([name, each]) => {
        const inside = Object.hasOwn(members, name) ? members[name] : undefined;
        return inside === undefined ? [] : [[name, inside === true ? each : left(each, inside)]];
      }),
    );
  }

  it('come alone, and whatever stands between them is passed over', () => {
    const members: Members = { item: true, skills: { score: true, '': true }, score: { item: true } };
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(fc.constantFrom(...DICTIONARY), key), value, { maxKeys: 12, noNullPrototype: true }), (one) => {
        const unpacker = new Unpacker(DICTIONARY);
        unpacker.open(packed(one, 'behind it'), 1);
        expect(unpacker.pick(members)).toEqual(left(one, members));
        expect(unpacker.next()).toBe('behind it');
        expect(unpacker.ended).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are refused where the value is cut short', () => {
    const whole = packed({ item: 'abc', other: ['long enough to be cut', 1.5, { item: 3 }] });
    for (let end = 1; end < whole.length; end++) {
      const unpacker = new Unpacker(DICTIONARY);
      unpacker.open(whole.subarray(0, end), 1);
      expect(() => unpacker.pick({ item: true })).toThrow();
    }
  });
});
