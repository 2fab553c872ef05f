// Every bound of the embedded store, with its unit in its name.

const KIB = 1_024;
const MIB = 1_024 * KIB;

/** A new segment begins once the current one is this long; a segment can be longer by one group. */
export const SEGMENT_BYTES = 64 * MIB;

/** What one write and one fdatasync carry together; an append finds room while the group is shorter than this. */
export const GROUP_BYTES = 4 * MIB;

/** One append of one stream, all or nothing. */
export const APPEND_BYTES_MAX = 32 * MIB;
export const APPEND_EVENTS_MAX = 10_000;

/** A longer batch of observations is decided in parts of this many. */
export const OBSERVATIONS_PART = 5_000;

/** Calls that wait for room in a group; beyond that an append is refused as busy. */
export const WAITING_CALLS_MAX = 4_096;

/** Encoding buffers are made in pieces of this size and shared by many small groups. */
export const CHUNK_BYTES = 1 * MIB;
export const CHUNK_FIRST_BYTES = 64 * KIB;

/** The newest batches, kept in memory for followers and fresh reads. */
export const RECENT_BYTES_MAX = 32 * MIB;

/** So many events go into one transaction of the index. */
export const FLUSH_EVENTS = 8_192;

/**
 * Events in memory that the index does not have, per generation; appends wait beyond that. A generation is one
 * transaction, which holds a page of 4 KiB for each stream, so this bounds its memory to 64 MiB.
 */
export const TAIL_EVENTS_MAX = 16_384;

/** So many runs of ids are merged into one. */
export const RUNS_MERGED = 8;

/** Entries merged behind each flush: four times what a flush of a log of ten million events needs. */
export const MERGED_A_FLUSH = 131_072;

/** Blocks of 4 KiB that one transaction of a merge writes or removes. */
export const BLOCKS_A_COMMIT = 128;

/** A quiet log is indexed after this long. */
export const FLUSH_DELAY_MS = 1_000;

/** After a failed write the log is tried again so soon, then after twice that, up to the longest. */
export const RESUME_DELAY_MS = 250;
export const RESUME_DELAY_MS_MAX = 5_000;

/** There is space again once a file of this length can be written. */
export const PROBE_BYTES = GROUP_BYTES;

/** The published head may be this much older than the durable one. */
export const PUBLISH_DELAY_MS = 5;

/** How often a read-only follower looks for a new head. */
export const POLL_MS = 20;

/** Stream heads in memory, in each of two generations. */
export const HEADS_MAX = 50_000;

/** One entry of the index lists at most this many events of a stream. */
export const RUN_EVENTS_MAX = 200;

/** A position is findable without reading more of a segment than this. */
export const SPARSE_BYTES = 256 * KIB;

/** A page of records has at most so many, and reads at most so much at once. */
export const PAGE_EVENTS_MAX = 2_048;
export const PAGE_BYTES = 1 * MIB;
/** A scan reads so much first, then twice as much each time, up to a page. */
export const READ_FIRST_BYTES = 32 * KIB;

/** A page of one stream. */
export const STREAM_PAGE_EVENTS_MAX = 512;

/** Records of one stream that lie nearer than this are fetched with one read. */
export const FETCH_GAP_BYTES = 32 * KIB;

/** What a read of one record takes at first; a longer record costs a second read. */
export const FRAME_GUESS_BYTES = 2 * KIB;

/** Segment files open for reading. */
export const OPEN_SEGMENTS_MAX = 128;

export const STREAM_NAME_BYTES_MAX = 512;
export const TYPE_BYTES_MAX = 255;
export const ROW_KEY_BYTES_MAX = 1_024;

/** Rows of one page, and of one transaction of a drop. */
export const PAGE_ROWS_MAX = 512;
export const DROP_ROWS_MAX = 4_096;

/** Writes of rows that one transaction joins, and that wait for it. */
export const WRITES_JOINED_MAX = 64;
export const WRITES_WAITING_MAX = 4_096;
