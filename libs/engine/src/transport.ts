// Kafka around the engine: the topics, and who may write what into them.
import type { Kafka, Topic } from '@trellis/kafka';
import type { TenantId } from '@trellis/learning';
import { reached } from './reached.js';

export interface TransportSettings {
  /** `host:port,host:port` */
  readonly kafkaBrokers: string;
  readonly namespace: string;
  /** Each has a topic of its own for what comes in: the right to write it is the credential. */
  readonly ingressTenants: readonly string[];
}

export interface Topics {
  /** Native events and CloudEvents come in here. */
  readonly ingress: ReadonlyMap<string, TenantId>;
  /** What could not be taken, until it is sent again or given up. */
  readonly parked: string;
  /** Every event of the log; the key is the name of its stream. */
  readonly events: string;
  /** How far the relay has come. */
  readonly relay: string;
}

export interface Groups {
  readonly ingest: string;
  readonly projector: string;
  readonly relay: string;
}

export interface Transport {
  readonly kafka: Kafka;
  readonly topics: Topics;
  readonly groups: Groups;
  close(): Promise<void>;
}

/** Of the topics that this makes where they are missing; who needs others makes them first. */
const PARTITIONS = 12;
/** A parked message is larger than it was: reason and coordinates come with it. Kafka's own limit is 1 MiB. */
const PARKED_BYTES_MAX = 2 * 1024 * 1024;

export const DEFAULT_INGRESS_TENANT = 'default';

export function topicsOf({ namespace, ingressTenants }: Pick<TransportSettings, 'namespace' | 'ingressTenants'>): Topics {
  // Tenants are checked where the settings are read.
  const ingress = ingressTenants.map((tenant) => [tenant === DEFAULT_INGRESS_TENANT ? `${namespace}.ingress` : `${namespace}.ingress.${tenant}`, tenant as TenantId] as const);
  return { ingress: new Map(ingress), parked: `${namespace}.parked`, events: `${namespace}.events`, relay: `${namespace}.relay` };
}

export interface TransportOptions {
  /** What the brokers see this process as. */
  readonly clientId: string;
  readonly log?: (level: 'warn' | 'error', message: string) => void;
}

/** Makes the topics that are missing. Throws a clear error where the brokers cannot be reached. */
export async function openTransport(settings: TransportSettings, options: TransportOptions): Promise<Transport> {
  // Loaded only where there are brokers.
  const { openKafka } = await import('@trellis/kafka');
  const { namespace, kafkaBrokers } = settings;
  const topics = topicsOf(settings);
  const kafka = openKafka(kafkaBrokers, options);
  try {
    await reached(kafka.ensureTopics(topicsNeeded(topics)));
  } catch (error) {
    await kafka.close();
    throw error;
  }
  const groups = { ingest: `${namespace}-ingest`, projector: `${namespace}-projector`, relay: `${namespace}-relay` };
  return { kafka, topics, groups, close: () => kafka.close() };
}

function topicsNeeded({ ingress, parked, events, relay }: Topics): Topic[] {
  return [
    // Whatever platforms compress with, the broker hands it on as everybody can read it.
    ...Array.from(ingress.keys(), (name) => ({ name, partitions: PARTITIONS, settings: { 'compression.type': 'gzip' } })),
    { name: events, partitions: PARTITIONS },
    { name: parked, partitions: 1, settings: { 'cleanup.policy': 'compact', 'max.message.bytes': String(PARKED_BYTES_MAX) } },
    { name: relay, partitions: 1, settings: { 'cleanup.policy': 'compact' } },
  ];
}
