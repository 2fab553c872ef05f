// Single events of a learner's log, found by the order that they were kept under.
import type { Instant, Revision, Sources } from '@trellis/event-sourcing';
import { learnerStream, type LearnerId, type TenantId } from '@trellis/learning';
import { orderedId } from './plan-desk.js';

export interface Kept<Data> {
  readonly data: Data;
  readonly revision: Revision;
  readonly recordedAt: Instant;
}

/** The n-th event of an order, whose name says what it holds; null if it was never kept. */
export async function keptBy<Data>({ store, codec }: Sources, tenant: TenantId, learner: LearnerId, order: { readonly orderId: string; readonly n?: number }): Promise<Kept<Data> | null> {
  const record = await store.find(learnerStream(tenant, learner), orderedId(order.orderId, order.n ?? 0));
  const event = record === null ? null : codec.decode(record);
  // The name of the order is that of what it keeps.
  return event === null ? null : { data: event.data as Data, revision: event.revision, recordedAt: event.recordedAt };
}

/** The name of an order: the same words are the same order, however often it is sent. */
export function orderOf(tenant: TenantId, learner: LearnerId, ...what: readonly string[]): string {
  return [tenant, learner, ...what].join('\n');
}
