// Processor time of a process that serves metrics: what its work costs, however busy the rest of the machine is.
import { readFile } from 'node:fs/promises';

/** Seconds of processor time, all threads, since the process started. */
export async function cpuSecondsOf(url: URL, key?: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url), key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } })).text();
  const seconds = /^process_cpu_seconds_total (\S+)/m.exec(text)?.[1];
  if (seconds === undefined) throw new Error(`${url.href} does not say what processor time it took`);
  return Number(seconds);
}

/** Seconds that the main thread of a process was ready to run and had no core, since it started, as the kernel counts them. */
export async function coreWaitSeconds(pid: number): Promise<number> {
  const [, waited = NaN] = (await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ').map(Number);
  return waited / 1_000_000_000;
}

/** The one line that a limit has to say about itself, in the text format of Prometheus. */
export function ownCpuText(): string {
  const { user, system } = process.cpuUsage();
  return `process_cpu_seconds_total ${(user + system) / 1_000_000}\n`;
}
