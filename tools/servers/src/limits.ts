// Every bound of starting and stopping servers, with its unit in its name.

/** How long a server may take until it answers. Far more than it needs: a machine may be busy with many things. */
export const READY_MS_MAX = 60_000;

/** A server that was asked to stop and has not by then is killed. */
export const STOP_MS_MAX = 20_000;

/** Between two looks at whether something has happened. */
export const LOOK_MS = 20;

/** One question to a server that may not be there yet. */
export const ANSWER_MS_MAX = 2_000;

/** Another process may take a free port before the server does; then another one is tried. */
export const PORT_TRIES_MAX = 5;

/** What an error shows of the end of a server's log. */
export const LOG_LINES_SHOWN = 15;
export const LOG_BYTES_READ_MAX = 16_384;

/** Packages, jars and images come over the network. */
export const INSTALL_MS_MAX = 600_000;

/** `docker version` and `java -version`. */
export const LOOK_UP_MS_MAX = 10_000;

/** Services of the distributed system: until one is ready, until it has stopped, and how often one that dies is started again. */
export const SERVICE_READY_MS_MAX = 120_000;
export const SERVICE_STOP_MS_MAX = 30_000;
export const SERVICE_STARTS_MAX = 10;
export const SERVICE_PAUSE_MS = 500;

/** The longest line that the double of KurrentDB takes as an order. */
export const ORDER_CHARACTERS_MAX = 200;

/** How long the balancer waits for a service to take a connection and to answer. */
export const BALANCER_ANSWER_MS_MAX = 30_000;
