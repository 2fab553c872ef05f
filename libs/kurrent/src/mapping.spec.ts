import type { RecordedEvent } from '@kurrent/kurrentdb-client';
import type { StreamName } from '@trellis/event-sourcing';
import { eventData, foundIn } from './mapping.js';
import { isAfter, later, placeOf, positionOf } from './place.js';
import { streamNames } from './stream-names.js';
import { eventOf } from './testing/kurrent-contract.js';

const names = streamNames('north-');
const stream = 'learner-t.ana' as StreamName; // a name of ours

/** An event as KurrentDB gives it back. */
function kept(change: Partial<RecordedEvent> = {}, writing = {}): RecordedEvent {
  const { id, type, data, metadata } = eventData(eventOf(1), { tag: 'abc', ...writing });
  const place = { commit: 2n ** 60n + 1n, prepare: 2n ** 60n + 1n };
  // The union of JSON and binary events is wider than what a test makes.
  return { streamId: `north-${stream}`, id, type, data, metadata, isJson: false, revision: 7n, created: new Date(1_700_000_000_789), position: place, ...change } as RecordedEvent;
}

describe('an event in KurrentDB', () => {
  it('has our id, type and bytes, and the rest as texts in its metadata', () => {
    const { id, type, digest, bytes } = eventOf(1);
    expect(eventData(eventOf(1), { tag: 'abc' })).toMatchObject({ id, type, data: bytes, contentType: 'application/octet-stream' });
    expect(eventData(eventOf(1), { tag: 'abc', recordedAt: 5 }).metadata).toEqual({ 'trellis-digest': digest, 'trellis-append': 'abc', 'trellis-recorded-at': '5' });
  });

  it('becomes our record again, with every bit of its position and the second in which it was taken', () => {
    expect(foundIn(kept(), names)).toMatchObject({ tag: 'abc', record: { ...eventOf(1), stream, revision: 7, position: '1152921504606846977', recordedAt: 1_700_000_000_000 } });
  });

  it('keeps the time at which another store took it', () => {
    expect(foundIn(kept({}, { recordedAt: 1_600_000_000_123 }), names)?.record.recordedAt).toBe(1_600_000_000_123);
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['is in a stream of another namespace', { streamId: stream }],
    ['is in a stream of another kind',      { streamId: 'north-order-1' }],
    ['has no metadata',                     { metadata: undefined }],
    ['has other metadata',                  { metadata: { 'trellis-digest': 1, 'trellis-append': 'abc' } }],
    ['has a time that is none',             { metadata: { 'trellis-digest': 'f', 'trellis-append': 'abc', 'trellis-recorded-at': 'now' } }],
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
