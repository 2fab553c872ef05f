export type { Copied } from './copy-in.js';
export { BusyError, CopyDiffersError, ForeignEventError, KurrentError, UnknownOutcomeError } from './errors.js';
export { openKurrent } from './open-kurrent.js';
export type { Kurrent, KurrentOptions } from './open-kurrent.js';
