// Processor time of a process that serves metrics: what its work costs, however busy the rest of the machine is.

/** Seconds of processor time, all threads, since the process started. */
export async function cpuSecondsOf(url: URL, key?: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url), key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } })).text();
  const seconds = /^process_cpu_seconds_total (\S+)/m.exec(text)?.[1];
  if (seconds === undefined) throw new Error(`${url.href} does not say what processor time it took`);
  return Number(seconds);
}

/** The one line that a limit has to say about itself, in the text format of Prometheus. */
export function ownCpuText(): string {
  const { user, system } = process.cpuUsage();
  return `process_cpu_seconds_total ${(user + system) / 1_000_000}\n`;
}
