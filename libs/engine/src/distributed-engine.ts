// The engine as one of many processes: the log in KurrentDB, the rows in Redis.
import { trellisCodec } from '@trellis/learning';
import { engineOf, type Engine, type EngineOptions } from './engine.js';
import { openEngine } from './embedded-engine.js';
import { reached } from './reached.js';
import { sparedViews } from './spared-views.js';

export interface DistributedSettings {
  /** `kurrentdb://...` */
  readonly kurrentUrl: string;
  /** `redis://...` */
  readonly redisUrl: string;
  /** What keeps several installations on the same servers apart. */
  readonly namespace: string;
}

/** The namespace that adds nothing to the names of streams, so that they are those of the embedded log. */
export const DEFAULT_NAMESPACE = 'trellis';

/** What KurrentDB's streams begin with. */
export function kurrentNamespace(namespace: string): string {
  return namespace === DEFAULT_NAMESPACE ? '' : `${namespace}-`;
}

/** Throws a clear error where KurrentDB or Redis cannot be had. */
export async function openDistributed({ kurrentUrl, redisUrl, namespace }: DistributedSettings, { calibration }: Pick<EngineOptions, 'calibration'> = {}): Promise<Engine> {
  // Loaded only when they are needed: on one machine nobody should wait for them.
  const [{ openKurrent }, { openRedis }] = await Promise.all([import('@trellis/kurrent'), import('@trellis/redis')]);
  const kurrent = openKurrent(kurrentUrl, { namespace: kurrentNamespace(namespace) });
  const closing = [() => kurrent.close()];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
  };
  try {
    const redis = await reached(openRedis(redisUrl, { namespace }));
    closing.push(() => redis.close());
    const dependencies = [{ name: 'log', whyNot: () => kurrent.whyNot() }, { name: 'views', whyNot: () => redis.whyNot() }] as const;
    const engine = await reached(engineOf({ sources: { store: kurrent.store, views: redis.views, codec: trellisCodec() }, dependencies, forReaders: sparedViews }, calibration));
    closing.push(() => engine.close());
    return { ...engine, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the environment says: see `Config` of the services. */
export type EngineSettings = {
  readonly store: 'embedded' | 'kurrent';
  readonly data: string;
  readonly namespace: string;
  /** Both are there where the store is KurrentDB. */
  readonly kurrentUrl?: string;
  readonly redisUrl?: string;
};

/** The engine of whichever kind the settings name. */
export function openConfigured({ store, data, kurrentUrl = '', redisUrl = '', namespace }: EngineSettings, options: EngineOptions): Promise<Engine> {
  return store === 'embedded' ? openEngine(data, options) : openDistributed({ kurrentUrl, redisUrl, namespace }, options);
}
