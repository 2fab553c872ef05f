// Everything that a service process rests on, as the environment names it.
import { openConfigured, type EngineSettings } from './distributed-engine.js';
import type { Engine } from './engine.js';
import { openTransport, type Transport, type TransportOptions } from './transport.js';

export interface PartsSettings extends EngineSettings {
  readonly kafkaBrokers?: string;
  readonly ingressTenants: readonly string[];
}

export interface Parts {
  readonly engine: Engine;
  /** Null on one machine, and where no brokers are named. */
  readonly transport: Transport | null;
  close(): Promise<void>;
}

/** Throws a clear error that names what cannot be had. */
export async function openParts(settings: PartsSettings, options: TransportOptions & { readonly now: () => number }): Promise<Parts> {
  const engine = await openConfigured(settings, options);
  try {
    const { store, kafkaBrokers = '' } = settings;
    const transport = store === 'embedded' || kafkaBrokers === '' ? null : await openTransport({ ...settings, kafkaBrokers }, options);
    return {
      engine,
      transport,
      close: async () => {
        await transport?.close();
        await engine.close();
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}
