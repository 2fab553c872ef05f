// Apps may not see adapters, and their specs need the other end of one.
export { openKurrentDouble } from '@trellis/kurrent/testing';
export type { KurrentDouble } from '@trellis/kurrent/testing';
