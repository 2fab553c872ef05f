import type { Fate } from './flood.js';
import { acceptedMs, lastThirds, middleP99Ms, p99sMs, recoverySeconds, shareOf, type Offered } from './overload-figures.js';

function offered(arrivals: readonly (readonly [fate: Fate | null, tookMs: number])[]): Offered {
  return {
    perSecond: 1,
    seconds: arrivals.length,
    fates: arrivals.map(([fate]) => fate),
    tookMs: Float64Array.from(arrivals, ([, ms]) => ms),
    lateMs: new Float64Array(arrivals.length),
    failure: () => null,
    settled: () => Promise.resolve(),
    kind: (arrival) => (arrival % 2 === 0 ? 'answer' : 'wish'),
  };
}

const calm = (arrivals: number): readonly (readonly [Fate, number])[] => Array.from({ length: arrivals }, () => ['accepted', 10]);

it('takes the times of what was accepted, each kind apart', () => {
  const all = offered([['accepted', 5], ['accepted', 50], ['accepted', 7], ['refused', 1]]);
  expect([acceptedMs(all, 'answer', 50), acceptedMs(all, 'answer', 99), acceptedMs(all, 'wish', 99)]).toEqual([5, 7, 50]);
  expect(acceptedMs(offered([['accepted', 5], ['refused', 1]]), 'wish', 99)).toBeNaN();
});

it('takes the middle of what the parts of the time show', () => {
  const all = offered([['accepted', 5], ['accepted', 6], ['accepted', 900], ['accepted', 1], ['refused', 1], ['accepted', 8]]);
  expect(p99sMs(all, 3)).toEqual([6, 900, 8]);
  expect(middleP99Ms(all, 3)).toBe(8);
  expect(middleP99Ms(offered([['refused', 1], ['accepted', 3]]), 2)).toBe(3);
  expect(middleP99Ms(offered([['refused', 1]]), 1)).toBeNaN();
});

it('says what became of all, and of those that were sent', () => {
  const all = offered([['accepted', 5], ['refused', 5], ['unsent', 0], [null, 0], ['failed', 3]]);
  expect(shareOf(all, ['refused'])).toBe(20);
  expect(shareOf(all, ['accepted', 'refused'], (fate) => fate !== 'unsent')).toBe(50);
});

describe('recovers', () => {
  const before = offered(calm(6));
  const slow = ['accepted', 26] as const;
  it.each([
    ['at once, which is told by the end of the first good part', calm(6), 1],
    ['after what was refused', [['refused', 1], ...calm(5)], 2],
    ['after what was slow', [slow, slow, ...calm(4)], 3],
    ['after what nobody answered', [['accepted', 3], [null, 0], ...calm(4)], 3],
    ['not as long as fewer than three parts are good', [slow, ...calm(2), slow, ...calm(2)], 7],
  ] as const)('%s', (_, after, seconds) => expect(recoverySeconds(offered(after), before, 6)).toBe(seconds));

  it('to what was normal before, however slow the machine was', () => {
    const lately = offered(Array.from({ length: 6 }, () => ['accepted', 70]));
    expect(recoverySeconds(lately, offered([['accepted', 40]]), 6)).toBe(1);
    expect(recoverySeconds(lately, offered([['accepted', 30]]), 6)).toBe(7);
  });
});

it('compares the last third with the one before', () => {
  expect(lastThirds([1, 1, 1, 2, 2, 2, 3, 3, 3])).toEqual({ last: 3, before: 2 });
  expect(lastThirds([4])).toEqual({ last: 4, before: 4 });
  expect(lastThirds([4, 5])).toEqual({ last: 5, before: 4 });
});
