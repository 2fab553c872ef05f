import fc from 'fast-check';
import { ByteReader, ByteWriter } from './byte-stream.js';

const written = (write: (to: ByteWriter) => void): ByteReader => {
  const writer = new ByteWriter();
  writer.begin();
  write(writer);
  return new ByteReader(writer.end());
};

describe('what is written can be read', () => {
  it('holds for integers up to 2^53 - 1', () => {
    fc.assert(fc.property(fc.array(fc.maxSafeNat()), (values) => {
      const reader = written((to) => values.forEach((value) => to.varint(value)));
      expect(values.map(() => reader.varint())).toEqual(values);
    }));
    const edges = [0, 127, 128, 2 ** 14 - 1, 2 ** 14, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER];
    const reader = written((to) => edges.forEach((value) => to.varint(value)));
    expect(edges.map(() => reader.varint())).toEqual(edges);
  });

  it('holds for doubles and 48-bit numbers', () => {
    fc.assert(fc.property(fc.double(), fc.nat({ max: 2 ** 48 - 1 }), (double, integer) => {
      const reader = written((to) => (to.double(double), to.uint48(integer)));
      expect([reader.double(), reader.uint48()]).toEqual([double, integer]);
    }));
  });

  it.each(['', 'fractions', 'Brüche', '分数 ½', '\u{1f600}', '\ufeffmarked', 'x'.repeat(40_000)].map((text) => [text.slice(0, 10), text]))('holds for the text "%s"', (_, text) => {
    const reader = written((to) => (to.string(text), to.string('after')));
    expect([reader.string(), reader.string()]).toEqual([text, 'after']);
  });

  it('holds for UUIDs, in 16 bytes', () => {
    fc.assert(fc.property(fc.uuid(), (id) => {
      const reader = written((to) => to.uuid(id));
      expect(reader.raw(16).length).toBe(16);
      expect(written((to) => to.uuid(id)).uuid()).toBe(id);
      expect(() => reader.raw(1)).toThrow(RangeError);
    }));
  });
});

describe('bytes that end too early', () => {
  it.each<[string, (from: ByteReader) => unknown]>([
    ['a varint',      (from) => from.varint()],
    ['a double',      (from) => from.double()],
    ['a single',      (from) => from.single()],
    ['a 48-bit number', (from) => from.uint48()],
    ['a UUID',        (from) => from.uuid()],
    ['a text',        (from) => from.string()],
    ['a list',        (from) => from.list(() => from.varint())],
  ])('are refused in %s', (_, read) => {
    expect(() => read(new ByteReader(Uint8Array.of(0x83)))).toThrow(RangeError);
  });
});
