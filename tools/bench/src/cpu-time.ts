// What work costs in processor time: all threads of this process, so garbage collection is counted and other programs are not.

import { median } from './statistics.js';

/** Microseconds of processor time that `work` took. */
export async function cpuMicros(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** The median over blocks of calls of what one call costs, in microseconds: the clock is read once a block. `call` answers a number, so that its work cannot be left out. */
export async function cpuMicrosACall(calls: number, block: number, call: (n: number) => number): Promise<number> {
  const costs: number[] = [];
  let kept = 0;
  for (let from = 0; from < calls; from += block) {
    const cost = await cpuMicros(() => {
      for (let n = from; n < from + block; n++) kept += call(n);
    });
    costs.push(cost / block);
  }
  if (Number.isNaN(kept)) throw new Error('a call came to nothing');
  return median(costs);
}
