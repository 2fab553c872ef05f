// The log and what its bytes mean, for those who only read it.
import { openForReading } from '@trellis/embedded';
import type { EventCodec, EventStore } from '@trellis/event-sourcing';
import { trellisCodec } from '@trellis/learning';

export interface History {
  readonly store: EventStore;
  readonly codec: EventCodec;
  close(): Promise<void>;
}

/** Holds nothing: services may be started and stopped meanwhile. */
export async function openHistory(dataDir: string): Promise<History> {
  const { store, close } = await openForReading(dataDir);
  return { store, codec: trellisCodec(), close };
}
