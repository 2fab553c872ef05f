// What a process holds in memory of its own: pages that are neither in a file nor can be given back, as the kernel counts them.
import { readFile } from 'node:fs/promises';

const LOOK_EVERY_MS = 100;
const MIB = 1_024 * 1_024;

/** Anonymous resident memory in MiB, or null once the process is gone. Pages of mapped files, such as LMDB's, are not in it. */
export async function anonymousMiB(pid: number): Promise<number | null> {
  try {
    const kib = /^Anonymous:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kib === undefined ? null : (Number(kib) * 1_024) / MIB;
  } catch {
    // It ended between two looks, which is how a watch ends.
    return null;
  }
}

export interface MemoryWatch {
  /** The most that any look saw, in MiB. */
  stop(): Promise<number>;
}

export function watchMemory(pid: number): MemoryWatch {
  let peak = 0;
  let looking: Promise<void> = Promise.resolve();
  const look = async (): Promise<void> => {
    peak = Math.max(peak, (await anonymousMiB(pid)) ?? 0);
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await looking;
      return peak;
    },
  };
}
