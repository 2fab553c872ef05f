// The whole distributed system on this machine as what is loaded.
import { startDistributed } from '@trellis/servers';
import type { Target } from './target.js';

/** Servers of its own: what is left of a load on others would be found by the next. */
export async function startDistributedTarget(): Promise<Target> {
  const { url, kurrent, services, stop } = await startDistributed({ own: true, variables: { TRELLIS_KEYS: '', TRELLIS_LOG_LEVEL: 'warn' } });
  return {
    url: new URL(url),
    pids: services.flatMap(({ pid }) => (pid === null ? [] : [pid])),
    metricsUrls: services.map((service) => new URL('/metrics', service.url)),
    label: 'distributed',
    isKurrentDouble: kurrent.isDouble,
    stop,
  };
}
