import { closedLoop, openLoop, workOff } from './load.js';

it('begins as many in the open loop as the rate and the time say, whatever the answers do', async () => {
  const begun: number[] = [];
  const took = await openLoop({ perSecond: 1_000, seconds: 0.02 }, async (arrival) => {
    begun.push(arrival);
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  expect(begun).toEqual(Array.from({ length: 20 }, (_, n) => n));
  expect(took).toHaveLength(20);
  expect(took.every((ms) => ms > 0)).toBe(true);
});

it('fails with the first failure of the open loop', () =>
  expect(openLoop({ perSecond: 1_000, seconds: 0.05 }, (arrival) => (arrival === 3 ? Promise.reject(new Error('the fourth')) : Promise.resolve()))).rejects.toThrow('the fourth'));

it('keeps each worker of the closed loop to one piece of work at a time', async () => {
  const busy = new Set<number>();
  let overlapped = false;
  const perSecond = await closedLoop({ workers: 3, seconds: 0.02 }, async (worker) => {
    overlapped ||= busy.has(worker);
    busy.add(worker);
    await new Promise((resolve) => setTimeout(resolve, 1));
    busy.delete(worker);
  });
  expect(overlapped).toBe(false);
  expect(perSecond).toBeGreaterThan(0);
});

it('works off what is ready, each once, so many at a time, and says what each took', async () => {
  const done: number[] = [];
  let busy = 0;
  let most = 0;
  const { took, perSecond } = await workOff([1, 2, 3, 4, 5], 2, async (one) => {
    most = Math.max(most, ++busy);
    await new Promise((resolve) => setTimeout(resolve, 1));
    busy--;
    done.push(one);
  });
  expect([done.toSorted(), took.length, most]).toEqual([[1, 2, 3, 4, 5], 5, 2]);
  expect(perSecond).toBeGreaterThan(0);
});
