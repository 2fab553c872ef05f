import { Randomness } from './randomness.js';
import { SimulatedScheduler, type Owner } from './simulated-scheduler.js';

const world = (seed = 1): { scheduler: SimulatedScheduler; owner: Owner; ran: string[]; task: (name: string, delayMs?: number, owner?: Owner) => () => void } => {
  const scheduler = new SimulatedScheduler(new Randomness(seed));
  const owner: Owner = { name: 'a process', alive: true };
  const ran: string[] = [];
  const task = (name: string, delayMs = 0, of = owner): (() => void) => scheduler.add({ owner: of, label: name, run: () => void ran.push(name) }, delayMs);
  return { scheduler, owner, ran, task };
};

async function drain(scheduler: SimulatedScheduler): Promise<void> {
  while (await scheduler.step());
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

it('runs what is ready in an order that the seed chooses', async () => {
  const orders: string[] = [];
  for (const seed of [1, 1, 2]) {
    const { scheduler, ran, task } = world(seed);
    for (const name of NAMES) task(name);
    await drain(scheduler);
    expect([...ran].sort()).toEqual(NAMES);
    orders.push(ran.join());
  }
  expect(orders[0]).toBe(orders[1]);
  expect(orders[2]).not.toBe(orders[0]);
});

it('lets time go by only when nothing is ready', async () => {
  const { scheduler, ran, task } = world();
  task('late', 30);
  task('soon', 10);
  task('now');
  await scheduler.step();
  expect([ran, scheduler.now]).toEqual([['now'], 0]);
  await drain(scheduler);
  expect([ran, scheduler.now]).toEqual([['now', 'soon', 'late'], 30]);
});

it('lets promises settle before the next task', async () => {
  const { scheduler, owner } = world();
  const seen: string[] = [];
  const work = async (name: string): Promise<void> => {
    await scheduler.sleep(owner, 1);
    for (let n = 0; n < 20; n++) await Promise.resolve();
    seen.push(name, scheduler.now.toFixed());
  };
  await Promise.all([work('first'), drain(scheduler)]);
  expect(seen).toEqual(['first', '1']);
});

it.each([0, 10])('takes a task away again that waits %s ms', async (delayMs) => {
  const { scheduler, ran, task } = world();
  task('stays', delayMs);
  const cancel = task('goes', delayMs);
  cancel();
  cancel();
  await drain(scheduler);
  expect(ran).toEqual(['stays']);
});

it('runs nothing of an owner that died, and tells its tasks that they were cut', async () => {
  const { scheduler, owner, ran, task } = world();
  const other: Owner = { name: 'another', alive: true };
  task('dead');
  task('dead later', 5);
  task('alive', 5, other);
  scheduler.add({ owner, label: 'cut', run: () => void ran.push('ran'), cut: () => void ran.push('cut') });
  scheduler.kill(owner);
  task('after death');
  await drain(scheduler);
  expect(ran).toEqual(['cut', 'alive']);
});
