// Every bound of the Redis view store, with its unit in its name.

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** How long one round trip may take; then its connection is given up and made anew. What was sent may have been carried out. */
export const CALL_MS_MAX = 5_000;

/** How long one attempt to connect may take, and all of them at the start. */
export const CONNECT_MS_MAX = 5_000;

/** A lost connection is made again after this long, then after twice that, up to the longest. Meanwhile every call fails at once. */
export const RECONNECT_PAUSE_MS = 50;
export const RECONNECT_PAUSE_MS_MAX = 1_000;

/** A server that loads its data is asked again no later than after this long. */
export const LOADING_PAUSE_MS_MAX = 1_000;

/** What is under way when the store is closed is waited for at most so long. */
export const CLOSE_MS_MAX = 2_000;

/** The slots of a cluster are looked up anew this often, and when a node says that they have moved. */
export const SLOTS_REFRESH_MS = 5_000;
export const REDIRECTIONS_MAX = 16;

/** Rows of one view and generation are spread over so many slots of a cluster. Part of the key layout: another number is another layout. */
export const BUCKETS = 64;

export const NAMESPACE_CHARACTERS_MAX = 64;
export const VIEW_NAME_CHARACTERS_MAX = 128;
export const ROW_KEY_BYTES_MAX = 1_024;
export const VERSION_BYTES_MAX = 65_535;
/** Redis holds up to 512 MiB; such a row would stop everybody else for too long. */
export const ROW_BYTES_MAX = 64 * MIB;

/** What one round trip writes, unless one row alone is longer. */
export const BATCH_ROWS_MAX = 512;
export const BATCH_BYTES_MAX = 1 * MIB;

/** Round trips of writes under way, and those that wait for one of them; beyond that a write is refused as busy. */
export const BATCHES_PARALLEL_MAX = 4;
export const BATCHES_WAITING_MAX = 4_096;

/** Rows that one round trip reads; reads of the same moment share one up to so many commands. */
export const READ_ROWS_MAX = 512;
export const TRIP_COMMANDS_MAX = 1_024;
/** Reads whose answer has not come; beyond that a read is refused as busy. */
export const READS_WAITING_MAX = 16_384;

/** Keys of each bucket that one round trip of a scan or a drop takes; a scan gives pages of so many rows. */
export const BUCKET_KEYS_MAX = 64;
export const PAGE_ROWS_MAX = 512;

/** Switches of the live generation during one read; each means that a rebuild has ended. */
export const SWITCHES_MAX = 8;

/** Views whose live generation, and builds whose beginning, this process remembers. */
export const VIEWS_KNOWN_MAX = 256;
export const BUILDS_KNOWN_MAX = 256;
