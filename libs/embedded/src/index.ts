export type { Disk, DiskFile } from './disk.js';
export { nodeDisk } from './disk.js';
export { AppendsRefusedError, BusyError, DamageError, DataFolderError, DataHeldError } from './errors.js';
export type { Entry, KeyValue, WriteBatch } from './key-value.js';
export type { Lock } from './lock.js';
export { openEmbedded } from './open-embedded.js';
export type { Embedded, EmbeddedOptions, EmbeddedPorts } from './open-embedded.js';
export type { OpenReport, StoreEvent, Torn } from './report.js';
export type { Scheduler } from './scheduler.js';
