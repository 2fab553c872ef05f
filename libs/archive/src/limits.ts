// How much of an archive is in memory at once.

/** Rows of a batch of an Arrow file: few columns of a batch fit into the cache of a core. */
export const BATCH_ROWS_MAX = 16_384;
/** Rows of a row group of a Parquet file: they are objects until they are written. */
export const GROUP_ROWS_MAX = 32_768;
/** A batch ends sooner once its values take so much. */
export const BATCH_BYTES_MAX = 32 * 1024 * 1024;
/** Histories that are collected at once while the log is read, in bytes; a learner alone may have more. */
export const RANGE_BYTES_MAX = 128 * 1024 * 1024;
/** Learners in a page of folded rows. */
export const PAGE_ROWS = 512;
