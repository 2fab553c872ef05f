// Places in the log of KurrentDB, and the opaque positions that stand for them outside.
import type { Position } from '@trellis/event-sourcing';
import { KurrentError } from './errors.js';

/**
 * Both numbers take 64 bits, more than a JavaScript number holds. They are equal for every event that is written through gRPC; a
 * checkpoint may lie between two events, and then only the pair says on which side of an event it is.
 */
export interface Place {
  readonly commit: bigint;
  readonly prepare: bigint;
}

const PATTERN = /^(0|[1-9]\d{0,19})(?:\.(0|[1-9]\d{0,19}))?$/;
const MAX = 2n ** 64n - 1n;

export function positionOf({ commit, prepare }: Place): Position {
  // Made from a place of the log: that is what a position of this store is.
  return (commit === prepare ? String(commit) : `${commit}.${prepare}`) as Position;
}

export function placeOf(position: Position): Place {
  const match = PATTERN.exec(position);
  const commit = BigInt(match?.[1] ?? -1);
  const prepare = BigInt(match?.[2] ?? commit);
  if (commit < 0n || commit > MAX || prepare > MAX) throw new KurrentError(`${JSON.stringify(position)} is not a position of this store`, false);
  return { commit, prepare };
}

export function isAfter(one: Place, other: Place): boolean {
  return one.commit > other.commit || (one.commit === other.commit && one.prepare > other.prepare);
}

export function later(one: Place | null, other: Place | null): Place | null {
  if (one === null || other === null) return one ?? other;
  return isAfter(one, other) ? one : other;
}
