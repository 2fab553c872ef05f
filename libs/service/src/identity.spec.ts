import { createHash } from 'node:crypto';
import { digest16, randomId, TRELLIS_NAMESPACE, uuidV5, uuidV5Under } from './identity.js';

const DNS = '6ba7b810-9dad-11d1-80b4-00c04fd430c8';

it('makes the UUID of the example in RFC 9562, appendix A.4', () => {
  expect(uuidV5Under(DNS)('www.example.com')).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
});

it('never changes its namespace, or stored ids would no longer be found', () => {
  expect(TRELLIS_NAMESPACE).toBe('53f9e058-6461-441b-9926-5d18f301110b');
  expect(uuidV5('default api event-1')).toBe('6e3f9bb5-b2f2-5a9d-9065-a764b00a1562');
});

it('agrees with the definition, bit by bit, for every value of the digit that holds the variant', () => {
  const namespace = Buffer.from(DNS.replaceAll('-', ''), 'hex');
  const seen = new Set<number>();
  for (let n = 0; n < 200; n += 1) {
    const bytes = createHash('sha1').update(namespace).update(`name ${n}`).digest().subarray(0, 16);
    seen.add(bytes.readUInt8(8) >> 4);
    bytes[6] = (bytes.readUInt8(6) & 0x0f) | 0x50;
    bytes[8] = (bytes.readUInt8(8) & 0x3f) | 0x80;
    expect(uuidV5Under(DNS)(`name ${n}`).replaceAll('-', '')).toBe(bytes.toString('hex'));
  }
  expect(seen.size).toBe(16);
});

it('gives the same id for the same name, whatever was hashed before', () => {
  const names = ['', 'a', 'ü', '😀', '\ud800', 'a'.repeat(1365), 'a'.repeat(1366), 'ü'.repeat(5000)];
  const before = names.map(uuidV5);
  expect(names.toReversed().map(uuidV5).toReversed()).toEqual(before);
  expect(new Set(before).size).toBe(names.length);
  for (const id of before) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('digests a text to 16 hex digits', () => {
  // printf abc | sha256sum
  expect(digest16('abc')).toBe('ba7816bf8f01cfea');
  expect(digest16('abc ')).not.toBe(digest16('abc'));
});

it('draws ids that differ', () => {
  expect(randomId()).not.toBe(randomId());
});
