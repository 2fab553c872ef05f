// What a log holds, as the store sees it: addressed, ordered bytes. What the bytes mean is the codec's business.

declare const brand: unique symbol;

/** A primitive that only its own parser or maker hands out. */
export type Brand<Type, Name extends string> = Type & { readonly [brand]: Name };

/** A district or a platform: owns everything, and comes only from the credential. `[a-z0-9-]{1,63}`. */
export type TenantId = Brand<string, 'TenantId'>;

/** `learner-{tenant}.{id}` and its like. */
export type StreamName = Brand<string, 'StreamName'>;

/** A lower-case UUID. */
export type EventId = Brand<string, 'EventId'>;

/** A place in the whole log. Opaque: only the adapter that gave it can order it. */
export type Position = Brand<string, 'Position'>;

/** A place in one stream: 0 is its first event. */
export type Revision = number;

/** The revision of a stream that holds nothing. */
export const EMPTY: Revision = -1;

/** Milliseconds since 1970 in UTC. */
export type Instant = number;

export interface Outgoing {
  readonly id: EventId;
  readonly type: string;
  /** 16 hex digits: a hash of what the source sent. The same id with another digest is a contradiction, not a repeat. */
  readonly digest: string;
  readonly bytes: Uint8Array;
  /** The id was drawn for this very append: no other writer can have it, so a store need not look for it. */
  readonly isDrawn?: boolean;
}

export interface Recorded extends Omit<Outgoing, 'isDrawn'> {
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly position: Position;
  /** When the store took it. Never decreases along positions. */
  readonly recordedAt: Instant;
}

/** No event is larger, so that every adapter can carry every event. */
export const EVENT_BYTES_MAX = 256 * 1024;
