// Who the events were that damage took: from what the index still says of their positions, else from the revisions that the streams
// around them lack. Whatever is decided here leaves no stream with a gap.
import type { Positions } from './salvage.js';
import type { RevisionGap, StreamLedger } from './stream-ledger.js';

/** What the index says of a position that was lost. */
export interface Claim {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

/** Where a lost event goes: its stream and revision, or a stream of its own. */
export interface Placed extends Claim {
  /** Somebody knows that it was this one; otherwise only that it had this position. */
  readonly isKnown: boolean;
}

export interface LostParts {
  readonly lost: readonly Positions[];
  /** In the order of the log. */
  readonly gaps: readonly RevisionGap[];
  readonly claims: readonly Claim[];
  readonly ledger: Pick<StreamLedger, 'get'>;
}

/** One for each lost position, in their order; or the first gap that no lost event can have left. */
export function placeLost(parts: LostParts): readonly Placed[] | RevisionGap {
  const placed = new Map<number, Placed>();
  const inGaps = claimsInGaps(parts);
  let unfilled = fillGaps(parts, inGaps, placed);
  // The index may be what is wrong.
  if (unfilled !== null) unfilled = fillGaps(parts, [], placed);
  if (unfilled !== null) return unfilled;
  for (const claim of claimsBehind(parts, placed)) placed.set(claim.position, { ...claim, isKnown: true });
  return [...positionsIn(parts.lost)].map((position) => placed.get(position) ?? { position, stream: `lost-${position}`, revision: 0, isKnown: false });
}

/** Claims that fit a gap of their stream: between its events, and in the order of the revisions. */
function claimsInGaps({ gaps, claims }: LostParts): readonly Claim[] {
  const byStream = Map.groupBy(inOrder(claims), ({ stream }) => stream);
  return gaps.flatMap(({ stream, from, before, after, until }) => {
    const fitting: Claim[] = [];
    for (const claim of byStream.get(stream) ?? []) {
      if (claim.position <= after || claim.position >= until || claim.revision < from || claim.revision >= before) continue;
      if (claim.revision > (fitting.at(-1)?.revision ?? -1)) fitting.push(claim);
    }
    return fitting;
  });
}

/** Claims of events behind the last one that a stream kept: as many as follow each other. */
function claimsBehind({ claims, ledger }: LostParts, placed: ReadonlyMap<number, Placed>): readonly Claim[] {
  const accepted: Claim[] = [];
  for (const [stream, own] of Map.groupBy(inOrder(claims), (claim) => claim.stream)) {
    const facts = ledger.get(stream);
    let next = (facts?.revision ?? -1) + 1;
    for (const claim of own) {
      if (claim.revision !== next || claim.position <= (facts?.position ?? 0) || placed.has(claim.position)) continue;
      accepted.push(claim);
      next++;
    }
  }
  return accepted;
}

interface OpenGap {
  readonly gap: RevisionGap;
  next: number;
}

/**
 * Gives every missing revision a lost position between the events around it: each position to the gap that has to be filled first,
 * which finds a way if there is one. Answers a gap that stays open, or null.
 */
function fillGaps({ lost, gaps }: LostParts, claims: readonly Claim[], placed: Map<number, Placed>): RevisionGap | null {
  placed.clear();
  for (const claim of claims) placed.set(claim.position, { ...claim, isKnown: true });
  const byStream = Map.groupBy(claims, ({ stream }) => stream);
  const waiting = gaps.flatMap((gap) => withoutClaims(gap, byStream.get(gap.stream) ?? [])).sort((one, other) => one.after - other.after);
  const open: OpenGap[] = [];
  let at = 0;
  for (const position of positionsIn(lost)) {
    for (let gap = waiting[at]; gap !== undefined && gap.after < position; gap = waiting[++at]) insert(open, { gap, next: gap.from });
    const first = open[0];
    if (first === undefined || placed.has(position)) continue;
    if (first.gap.until <= position) return first.gap;
    placed.set(position, { position, stream: first.gap.stream, revision: first.next, isKnown: true });
    first.next++;
    if (first.next === first.gap.before) open.shift();
  }
  return open[0]?.gap ?? waiting[at] ?? null;
}

/** What is left of a gap between the claims that fill a part of it. */
function withoutClaims(gap: RevisionGap, claims: readonly Claim[]): readonly RevisionGap[] {
  const left: RevisionGap[] = [];
  let { from, after } = gap;
  for (const { position, revision } of claims) {
    if (revision < gap.from || revision >= gap.before) continue;
    if (revision > from) left.push({ ...gap, from, before: revision, after, until: position });
    from = revision + 1;
    after = position;
  }
  if (gap.before > from) left.push({ ...gap, from, after });
  return left;
}

/** Keeps the gap first that has to be filled first. */
function insert(open: OpenGap[], gap: OpenGap): void {
  const at = open.findIndex((other) => other.gap.until > gap.gap.until);
  open.splice(at < 0 ? open.length : at, 0, gap);
}

function inOrder(claims: readonly Claim[]): readonly Claim[] {
  return [...claims].sort((one, other) => one.position - other.position);
}

function* positionsIn(ranges: readonly Positions[]): Generator<number> {
  for (const { from, before } of ranges) for (let position = from; position < before; position++) yield position;
}
