import { flood, type Fate } from './flood.js';

const later = (fate: Fate, ms: number): Promise<Fate> => new Promise((resolve) => setTimeout(() => resolve(fate), ms));

it('begins as many as the rate and the time say, and keeps what became of each', async () => {
  const fates: readonly (Fate | null)[] = ['accepted', 'refused', 'unsent', 'failed'];
  const { fates: found, settled, failure } = await flood({ perSecond: 1_000, seconds: 0.02 }, (arrival) => {
    const fate = fates[arrival % 4] ?? 'unsent';
    return fate === 'unsent' ? null : fate === 'failed' ? Promise.reject(new Error(`the connection of ${arrival} broke`)) : Promise.resolve(fate);
  });
  await settled(10_000);
  expect(found).toEqual(Array.from({ length: 20 }, (_, n) => fates[n % 4]));
  expect(failure()).toEqual(new Error('the connection of 3 broke'));
});

it('does not wait for answers, and counts the time from when each was due', async () => {
  const { fates, tookMs, lateMs, settled } = await flood({ perSecond: 1_000, seconds: 0.01 }, () => later('accepted', 40));
  expect(fates).toContain(null);
  await settled(10_000);
  expect(fates.every((fate) => fate === 'accepted')).toBe(true);
  // A timer may be a millisecond early.
  expect(tookMs.every((ms, n) => ms >= 39 + (lateMs[n] ?? NaN))).toBe(true);
  expect(lateMs.every((ms) => ms >= 0)).toBe(true);
});

it('gives up on what nobody answers, which then has no fate', async () => {
  const { fates, settled } = await flood({ perSecond: 1_000, seconds: 0.003 }, (arrival) => (arrival === 1 ? new Promise(() => undefined) : Promise.resolve('accepted')));
  await settled(5);
  expect(fates).toEqual(['accepted', null, 'accepted']);
});
