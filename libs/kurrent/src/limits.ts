// Every bound of the KurrentDB store, with its unit in its name.

const KIB = 1_024;

/** A page of a stream or of the log. */
export const PAGE_EVENTS_MAX = 500;

/** What a follower gives at once, and what waits in this process for a slow consumer; beyond that the server is held back. */
export const FEED_EVENTS_MAX = 1_000;
export const FEED_BYTES_MAX = 4_096 * KIB;

/** A follower that is behind waits so long for a page to fill. */
export const GATHER_MS_MAX = 20;

/** How long one call may take. A call that took longer may have been carried out or not. */
export const CALL_MS_MAX = 5_000;

/** How long a service that asks whether it is ready waits for the answer. */
export const WHY_NOT_MS_MAX = 1_000;

/** A failed call that is safe to repeat is repeated after these pauses, and never later than so long after its beginning. */
export const RETRY_PAUSES_MS = [10, 50, 250, 1_000] as const;
export const RETRY_MS_MAX = 15_000;

/** Another writer may get ahead of an append that does not mind where it lands; it tries so often to find the end of the stream. */
export const OVERTAKEN_TRIES_MAX = 32;

/** Ids are looked up among so many events at the end of a stream: for an append, and for observations, which are imported again. */
export const APPEND_LOOK_BACK_EVENTS = 256;
export const OBSERVATION_LOOK_BACK_EVENTS = 4_096;

/**
 * Ids in memory over all streams, of 36 bytes each and up to half as much again where a tail grows; those of streams that were not
 * written for longest go first. A stream whose ids are gone costs a look back, so what is written to all the time has to fit in.
 */
export const KNOWN_IDS_MAX = 2_000_000;

/** Of them of one stream. Who looks for one id of a stream that has no more than these reads it once; a quarter more may be kept for a while. */
export const STREAM_IDS_MAX = 16_384;

/** What the tail of a stream takes beside its ids, in ids. */
export const TAIL_IDS = 16;

/** Streams whose end is read at the same time, for all appends together, and those that wait for it; beyond that an append is refused as busy. */
export const LOOK_BACKS_PARALLEL_MAX = 32;
export const LOOK_BACKS_WAITING_MAX = 4_096;

/** Appends that wait for an earlier one of the same stream, over all streams; beyond that an append is refused as busy. */
export const WAITING_APPENDS_MAX = 4_096;

/** What one append of observations carries; the server's own bound is 1 MiB unless it is configured otherwise. */
export const PART_BYTES = 512 * KIB;
export const PART_EVENTS_MAX = 500;

/** Streams of one append to many streams, and such appends under way for one batch. */
export const PART_STREAMS_MAX = 64;
export const PARTS_PARALLEL_MAX = 4;

/** Streams that are read or appended to at the same time for one part. */
export const STREAMS_PARALLEL_MAX = 16;

/** `lag` counts so many events; beyond that it estimates. */
export const LAG_COUNTED_EVENTS_MAX = 500;

/** A subscription that has not caught up and brings nothing for so long is opened anew. */
export const SILENCE_MS_MAX = 30_000;

/** A follower opens its subscription again so often without getting anything, with pauses that grow to the longest. */
export const SUBSCRIBE_TRIES_MAX = 10;
export const SUBSCRIBE_PAUSE_MS = 50;
export const SUBSCRIBE_PAUSE_MS_MAX = 5_000;

/** Records of another store that are copied and compared together; a page of the log begins with the record before them. */
export const COPY_PART_EVENTS = PAGE_EVENTS_MAX - 1;
