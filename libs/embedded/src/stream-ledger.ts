// What the log says of each of its streams, as far as it was walked: the last revision, and a hash of where its events lie.
import type { Recorded } from '@trellis/event-sourcing';

export interface StreamFacts {
  readonly name: string;
  /** Its number in the index, or -1 where the index does not have it. */
  readonly ordinal: number;
  /** The newest event. */
  revision: number;
  position: number;
  /** Of the events that the index should have: the newest revision, and the hash of their places. */
  indexed: number;
  readonly places: PlacesHash;
  /** Revisions are missing or repeat: what the index says of them is not compared. */
  isBroken: boolean;
}

/** Revisions that no event has, between two events of a stream. */
export interface RevisionGap {
  readonly stream: string;
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly before: number;
  /** Positions of the events on both sides; 0 before the first. */
  readonly after: number;
  readonly until: number;
}

export type Step = { readonly facts: StreamFacts; readonly gap: RevisionGap | null; readonly repeats: boolean };

export class StreamLedger {
  private readonly byName = new Map<string, StreamFacts>();

  /** `ordinalOf` is asked once for each stream. */
  constructor(private readonly ordinalOf: (stream: string) => number) {}

  get size(): number {
    return this.byName.size;
  }

  get(name: string): StreamFacts | undefined {
    return this.byName.get(name);
  }

  all(): Iterable<StreamFacts> {
    return this.byName.values();
  }

  /** Takes in the next event of the log. */
  note({ stream, revision }: Pick<Recorded, 'stream' | 'revision'>, position: number): Step {
    const facts = this.byName.get(stream) ?? this.begin(stream);
    const gap = revision > facts.revision + 1 ? { stream, from: facts.revision + 1, before: revision, after: facts.position, until: position } : null;
    const repeats = revision <= facts.revision;
    facts.revision = revision;
    facts.position = position;
    if (gap !== null || repeats) facts.isBroken = true;
    return { facts, gap, repeats };
  }

  private begin(name: string): StreamFacts {
    const facts: StreamFacts = { name, ordinal: this.ordinalOf(name), revision: -1, position: 0, indexed: -1, places: { high: 0, low: 0 }, isBroken: false };
    this.byName.set(name, facts);
    return facts;
  }
}

/** Of a stream's events in their order: position and offset of each. 64 bits in two words. */
export interface PlacesHash {
  high: number;
  low: number;
}

export function addPlace(hash: PlacesHash, position: number, offset: number): void {
  hash.high = mix(hash.high, position) ^ offset;
  hash.low = mix(hash.low ^ offset, position);
}

/** One step of a hash of 32 bits. Numbers count with their lower 32 bits and with what is above them. */
export function mix(hash: number, value: number): number {
  const folded = (value >>> 0) ^ Math.imul(Math.floor(value / 2 ** 32), 0x9e3779b1);
  const mixed = Math.imul((hash >>> 0) ^ folded, 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35) ^ (mixed >>> 13);
}
