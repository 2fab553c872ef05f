import type { StreamName } from '@trellis/event-sourcing';
import type { KeptEvent } from './answers.js';
import { eventData, foundIn } from './mapping.js';
import { isAfter, later, placeOf, positionOf } from './place.js';
import { streamNames } from './stream-names.js';
import { eventOf } from './testing/kurrent-contract.js';

const names = streamNames('north-');
const stream = 'learner-t.ana' as StreamName; // a name of ours

/** An event as KurrentDB gives it back. */
function kept(change: Partial<KeptEvent> = {}, writing = {}): KeptEvent {
  const { id, type, data, metadata, contentType } = eventData(eventOf(1), { tag: 'abc', ...writing });
  const place = { commit: 2n ** 60n + 1n, prepare: 2n ** 60n + 1n };
  return { stream: `north-${stream}`, id, type, data, metadata: json(metadata), contentType, revision: 7n, created: 1_700_000_000_789, place, ...change };
}

function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

describe('an event in KurrentDB', () => {
  it('has our id, type and bytes, and the rest as texts in its metadata', () => {
    const { id, type, digest, bytes } = eventOf(1);
    expect(eventData(eventOf(1), { tag: 'abc' })).toMatchObject({ id, type, data: bytes, contentType: 'application/octet-stream' });
    expect(eventData(eventOf(1), { tag: 'abc', recordedAt: 5 }).metadata).toEqual({ 'trellis-digest': digest, 'trellis-append': 'abc', 'trellis-recorded-at': '5' });
  });

  it('becomes our record again, with every bit of its position and the millisecond in which it was taken', () => {
    expect(foundIn(kept(), names)).toMatchObject({ tag: 'abc', record: { ...eventOf(1), stream, revision: 7, position: '1152921504606846977', recordedAt: 1_700_000_000_789 } });
  });

  it('keeps the time at which another store took it', () => {
    expect(foundIn(kept({}, { recordedAt: 1_600_000_000_123 }), names)?.record.recordedAt).toBe(1_600_000_000_123);
  });

  it.each<[string, Partial<KeptEvent>]>([
    ['is in a stream of another namespace', { stream }],
    ['is in a stream of another kind',      { stream: 'north-order-1' }],
    ['is JSON to the server',               { contentType: 'application/json' }],
    ['has no metadata',                     { metadata: new Uint8Array() }],
    ['has metadata that is no object',      { metadata: json(null) }],
    ['has other metadata',                  { metadata: json({ 'trellis-digest': 1, 'trellis-append': 'abc' }) }],
    ['has a time that is none',             { metadata: json({ 'trellis-digest': 'f', 'trellis-append': 'abc', 'trellis-recorded-at': 'now' }) }],
  ])('is not ours if it %s', (_, change) => expect(foundIn(kept(change), names)).toBeNull());
});

describe('positions', () => {
  it.each([[0n, 0n], [2n ** 64n - 1n, 2n ** 64n - 1n], [2n ** 53n + 1n, 0n], [5n, 4n]])('keep every bit of %d and %d', (commit, prepare) => {
    expect(placeOf(positionOf({ commit, prepare }))).toEqual({ commit, prepare });
  });

  it('order by commit, then by prepare', () => {
    const [low, middle, high] = [{ commit: 9n, prepare: 9n }, { commit: 10n, prepare: 0n }, { commit: 10n, prepare: 10n }] as const;
    expect([isAfter(middle, low), isAfter(high, middle), isAfter(middle, high), isAfter(low, low)]).toEqual([true, true, false, false]);
    expect([later(low, high), later(high, low), later(null, low), later(null, null)]).toEqual([high, high, low, null]);
  });
});

describe('stream names', () => {
  it('are ours only with a kind of ours behind the namespace', () => {
    expect(names.inside(stream)).toBe('north-learner-t.ana');
    expect(['north-learner-t.ana', 'learner-t.ana', 'north-orders-1'].map(names.outside)).toEqual([stream, null, null]);
    expect(() => names.inside('orders-1' as StreamName)).toThrow(/"orders-1" must begin with/); // a name of nobody here
  });

  it('are asked for by prefixes that cannot meet foreign streams', () => {
    expect(names.prefixes('course-a')).toEqual(['north-course-a']);
    expect(names.prefixes('c')).toEqual(['north-classroom-', 'north-course-', 'north-calibration-']);
    expect(names.prefixes('orders-')).toEqual([]);
    expect(names.prefixes()).toHaveLength(5);
  });
});
