import { anonymousMiB, watchMemory } from './process-memory.js';

it('sees what this process holds of its own, and more of it once there is more', async () => {
  const before = (await anonymousMiB(process.pid)) ?? 0;
  const watch = watchMemory(process.pid);
  const held = Buffer.alloc(64 * 1_024 * 1_024, 1);
  const after = (await anonymousMiB(process.pid)) ?? 0;
  expect(before).toBeGreaterThan(0);
  expect(after - before).toBeGreaterThan(32);
  expect(held[0]).toBe(1);
  expect(await watch.stop()).toBeGreaterThanOrEqual(0);
});

it('says that a process is gone', async () => expect(await anonymousMiB(2 ** 30)).toBeNull());
