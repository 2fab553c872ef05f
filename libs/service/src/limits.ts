// Bounds of what the service takes on at once, each with its unit in its name.

import type { AdmissionClass } from './route-config.js';

/** Let in or in line. */
export const REQUESTS_IN_FLIGHT_MAX = 1_000;
/** Bodies are held in memory, and parsed they take several times their size. */
export const BODY_BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024;

/**
 * Worked for at the same time; more wait in line. At 1,000 a second 32 are answered within 32 ms; where an answer takes 25 ms
 * of waiting for a server, 32 at a time are 1,280 a second. Each class has its own, so that a log that does not answer leaves reading alone.
 */
export const WORKED_FOR_MAX: Readonly<Record<AdmissionClass, number>> = { write: 32, recommendation: 32, read: 32 };

/** In line, for each class. */
export const WAITING_MAX = 512;
/** In line at most so long: a crowd that comes at once is served, if late. */
export const WAIT_MS_MAX = 1_000;
/** So many that are let in or wait, and stay so many however much is done, only make each other late. */
export const CROWD_MIN = 96;
/** In a crowd nobody waits for longer: one that comes from a moment's rush is worked off in this time. */
export const WAIT_CROWD_MS_MAX = 50;
/** A crowd that is as large after so long is no rush. */
export const RUSH_MS_MAX = 100;
/** Once a crowd stays nobody waits for longer than this, until it is gone. */
export const WAIT_OVERLOADED_MS_MAX = 20;
/** A crowd is gone once there was none, and nobody had to leave, for so long: who is turned away comes again a second later. */
export const CROWD_GONE_MS = 1_000;

/**
 * While a crowd stays, no more of a class are worked for than are answered in this time: then each is answered within it
 * (Little's law: L = λW), however slow the machine or a server behind it has become.
 */
export const WORK_OVERLOADED_MS = 50;
/** But so many at least: appends that are under way together share a sync. */
export const WORKED_FOR_MIN = 8;
/** How many are answered is counted for so long at a time. */
export const COUNTED_MS = 100;
/** What a request takes by itself is seen where no more than so many are worked for. */
export const FEW = 4;

/** In one turn of the event loop work is begun for so long: between turns connections are taken, and answers are written. */
export const TURN_MS_MAX = 5;

/** What waits yields to writes that wait, unless no write has been begun or answered for so long: then they wait for the log and not for us. */
export const WRITES_STALLED_MS = 100;

/** Connections that the system has taken and we have not; it drops what comes beyond, and the client tries again after 1, 3, 7 seconds. */
export const CONNECTIONS_WAITING_MAX = 4_096;
