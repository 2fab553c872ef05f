import type { Loaded } from '@trellis/event-sourcing';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { newLearner, type LearnerState } from '@trellis/views';
import { RecentLearners } from './recent-learners.js';

const loaded = (revision: number): Loaded<LearnerState> => ({ state: newLearner(DEFAULT_CALIBRATION), revision });

describe('learners who were just worked for', () => {
  it('are given to one at a time', () => {
    const recent = new RecentLearners();
    const ana = loaded(3);
    recent.give('ana', ana);
    expect(recent.take('ana')).toBe(ana);
    expect(recent.take('ana')).toBeNull();
  });

  it('can be looked at and stay', () => {
    const recent = new RecentLearners();
    expect(recent.peek('ana')).toBeNull();
    recent.give('ana', loaded(3));
    expect([recent.peek('ana')?.revision, recent.take('ana')?.revision, recent.peek('ana')]).toEqual([3, 3, null]);
  });

  it('are as they were given back last', () => {
    const recent = new RecentLearners();
    recent.give('ana', loaded(3));
    recent.give('ana', loaded(4));
    expect(recent.take('ana')?.revision).toBe(4);
    expect(recent.take('ana')).toBeNull();
  });

  it('are forgotten, the one worked for longest ago first, where there is no room', () => {
    // An empty state counts for 2,048 bytes.
    const recent = new RecentLearners(3 * 2_048);
    for (const [n, key] of ['ana', 'ben', 'eva'].entries()) recent.give(key, loaded(n));
    recent.give('ana', loaded(3));
    recent.give('leo', loaded(4));
    expect(['ana', 'ben', 'eva', 'leo'].map((key) => recent.take(key)?.revision)).toEqual([3, undefined, 2, 4]);
    for (const key of ['one', 'two', 'three', 'four']) recent.give(key, loaded(9));
    expect(recent.take('one')).toBeNull();
    expect(recent.take('two')).not.toBeNull();
  });
});
