// The whole distributed system on this machine as what is loaded.
import { startDistributed } from '@trellis/servers';
import type { Target } from './target.js';

/** One of each: on the cores of one machine more of them would only take turns. */
const PROJECTORS = 1;
const RECOMMENDERS = 1;

/** KurrentDB, Kafka and Redis that are given are used, under a name of their own: what one load leaves is not found by the next. */
export async function startDistributedTarget(): Promise<Target> {
  const variables = { TRELLIS_KEYS: '', TRELLIS_LOG_LEVEL: 'warn', TRELLIS_NAMESPACE: `load-${Date.now().toString(36)}` };
  const { url, kurrent, services, stop } = await startDistributed({ projectors: PROJECTORS, recommenders: RECOMMENDERS, variables });
  const urlOf = (kind: string): URL => new URL(services.find(({ name }) => name.startsWith(kind))?.url ?? url);
  return {
    url: new URL(url),
    direct: { ingest: urlOf('ingest'), recommender: urlOf('recommender') },
    pids: services.flatMap(({ pid }) => (pid === null ? [] : [pid])),
    metricsUrls: services.map((service) => new URL('/metrics', service.url)),
    label: 'distributed',
    isKurrentDouble: kurrent.isDouble,
    stop,
  };
}
