// Every bound of the Kafka adapter, with its unit in its name.

const MIB = 1_024 * 1_024;

/** How long a connection and a call may take before it is tried again, and how often. */
export const CONNECT_MS_MAX = 5_000;
export const REQUEST_MS_MAX = 15_000;
export const RETRIES_MAX = 5;
export const RETRY_PAUSE_MS = 100;
export const RETRY_PAUSE_MS_MAX = 2_000;

/** Looking for topics and making those that are missing, with all that is tried again for it. */
export const TOPICS_MS_MAX = 20_000;

/** A health check that takes longer has failed. */
export const HEALTH_MS_MAX = 1_500;

/** What one send carries; brokers refuse more than 1 MiB in a batch of one partition unless told otherwise. */
export const SEND_BYTES_MAX = MIB / 2;
export const SEND_MESSAGES_MAX = 1_000;
/** Calls that wait for an earlier one of the same publisher; beyond that one is refused as busy. */
export const PUBLICATIONS_WAITING_MAX = 256;

/** What a fetch brings: of one partition, and in all. More is never held. */
export const FETCH_PARTITION_BYTES_MAX = MIB;
export const FETCH_BYTES_MAX = 4 * MIB;
/** How long a broker may wait for messages before it answers with none. */
export const FETCH_WAIT_MS_MAX = 500;

/** Messages handed on at once, unless a consumer asks for another number. */
export const DELIVERED_MESSAGES_MAX = 1_000;
/** Partitions of one consumer that are worked on side by side. */
export const PARTITIONS_PARALLEL_MAX = 4;

/** A member of a group that is not heard for so long is taken to be gone, and its partitions go to others. */
export const SESSION_MS_MAX = 6_000;
export const HEARTBEAT_MS = 1_500;
/** Brokers that do not answer are left without a word after so long. */
export const LEAVE_MS_MAX = 3_000;
/** How long a rebalance waits for members that are at work. */
export const REBALANCE_MS_MAX = 15_000;

/** A batch that could not be taken is delivered again after pauses that grow from the first to the longest. */
export const REDELIVER_PAUSE_MS = 100;
export const REDELIVER_PAUSE_MS_MAX = 5_000;

/** A consumer that has lost its brokers joins again after pauses that grow from the first to the longest. */
export const REJOIN_PAUSE_MS = 250;
export const REJOIN_PAUSE_MS_MAX = 5_000;

/** Reading a topic to its end without a group may stand still for so long. */
export const READ_SILENCE_MS_MAX = 30_000;
/** Joins of a reader's group whose coordinator is not ready yet, and the pause between them. */
export const READ_RESTARTS_MAX = 20;
export const READ_RESTART_PAUSE_MS = 500;
/** Pages of such a reading that wait for a slow reader. */
export const READ_PAGES_MAX = 4;
