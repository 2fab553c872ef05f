export { isRefusal } from './decider.js';
export type { Decider, DomainEvent, Refusal } from './decider.js';
export { eventCodec } from './event-codec.js';
export type { CodecOptions, Envelope, EventCodec, Meta, Reads, Upcast } from './event-codec.js';
export type {
  Appended,
  EventStore,
  Expected,
  FollowedPage,
  FollowOptions,
  Observation,
  Outcome,
  Recording,
} from './event-store.js';
export { foldRanges } from './fold-ranges.js';
export type { FoldedRows, Folding } from './fold-ranges.js';
export { MemoryStore } from './memory-store.js';
export { MemoryViews, replaces } from './memory-views.js';
export { foldOn, follow, known, load, loadWith, refold, rowOf, streamOf, usable } from './projection.js';
export type { Loaded, Projection, Sources } from './projection.js';
export { Projector } from './projector.js';
export type { ProjectorOptions, ProjectorStatus } from './projector.js';
export type { Around, FoldingCounts } from './row-folding.js';
export { renewRows } from './renewal.js';
export { RowKeeper } from './row-keeper.js';
export type { KeptView, Tended } from './row-keeper.js';
export { SharedProjector } from './shared-projector.js';
export { EMPTY, EVENT_BYTES_MAX } from './records.js';
export type { Brand, EventId, Instant, Outgoing, Position, Recorded, Revision, StreamName, TenantId } from './records.js';
export { ContentionError, transact } from './transact.js';
export type { Settled, Target } from './transact.js';
export { Turns } from './turns.js';
export type { KeyedRow, Row, View, ViewStore } from './view-store.js';
