// What a double can be told to do wrong. Each list is used up from its front: one entry for one call.

/**
 * What became of an append whose answer never comes: it was not written, was written at once, or is still on its way and lands
 * just before or just after the next append that arrives.
 */
export type Fate = 'lost' | 'written' | 'lands-before-the-next' | 'lands-after-the-next';

export type AppendFault =
  | { readonly kind: 'disconnect' | 'no-answer'; readonly fate: Fate }
  /** Answered although the stream is where it was expected. */
  | { readonly kind: 'wrong-version' }
  | { readonly kind: 'unavailable' };

export type ReadFault = 'disconnect' | 'no-answer' | 'unavailable';

export type SubscriptionFault =
  /** The connection breaks, or the server ends the subscription, after so many events of it. */
  | { readonly kind: 'disconnect' | 'drop'; readonly afterEvents: number }
  /** Every event comes twice. */
  | { readonly kind: 'duplicate' }
  /** The server waits so long before each event. */
  | { readonly kind: 'slow'; readonly waitMs: number }
  /** The call is taken, and nothing is ever said. */
  | { readonly kind: 'unconfirmed' };

export interface Faults {
  readonly appends: AppendFault[];
  readonly reads: ReadFault[];
  readonly subscriptions: SubscriptionFault[];
}

export interface EndPoint {
  readonly host: string;
  readonly port: number;
}

/** What the handlers of one double share. */
export interface DoubleNode {
  readonly faults: Faults;
  /** Writes that are still on their way. */
  readonly underway: { readonly before: (() => void)[]; readonly after: (() => void)[] };
  /** How often each kind of call arrived, and how many events went out on subscriptions. */
  readonly counts: { appends: number; sessions: number; inOrder: number; reads: number; subscriptions: number; eventsSent: number };
  /** Where the leader is when it is not this node. */
  leader: EndPoint | null;
  /** Before each append and each page of events; 0: none. */
  waitMs: number;
  /** Breaks every connection. */
  cut(): void;
}
