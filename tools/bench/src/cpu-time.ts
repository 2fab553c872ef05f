// What work costs in processor time: all threads of this process, so garbage collection is counted and other programs are not.

/** Microseconds of processor time that `work` took. */
export async function cpuMicros(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
