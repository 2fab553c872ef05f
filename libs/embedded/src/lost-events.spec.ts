// Whatever is lost, and whatever the index says of it, no stream is left with a gap.
import fc from 'fast-check';
import { placeLost, type Claim, type Placed } from './lost-events.js';
import type { Positions } from './salvage.js';
import { StreamLedger, type RevisionGap } from './stream-ledger.js';

interface Event {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
}

/** A log whose n-th event is of the n-th of these streams. */
function logOf(streams: readonly string[]): readonly Event[] {
  const revisions = new Map<string, number>();
  return streams.map((stream, n) => {
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    return { position: n + 1, stream, revision };
  });
}

/** What a walk over the log finds when these positions are lost. */
function walked(log: readonly Event[], lost: ReadonlySet<number>): { readonly gaps: readonly RevisionGap[]; readonly ledger: StreamLedger; readonly lost: readonly Positions[] } {
  const ledger = new StreamLedger(() => -1);
  const gaps: RevisionGap[] = [];
  for (const { position, stream, revision } of log) {
    if (lost.has(position)) continue;
    const { gap } = ledger.note({ stream: stream as never, revision }, position);
    if (gap !== null) gaps.push(gap);
  }
  return { gaps, ledger, lost: [...lost].sort((one, other) => one - other).map((from) => ({ from, before: from + 1 })) };
}

const isPlaced = (answer: readonly Placed[] | RevisionGap): answer is readonly Placed[] => !('gap' in answer) && 'length' in answer;

const streams = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 30 });
const logs = streams.chain((names) => fc.record({ log: fc.constant(logOf(names)), lost: fc.uniqueArray(fc.integer({ min: 1, max: names.length })).map((positions) => new Set(positions)) }));

it('puts each lost event back where it was when the index says so', () => {
  fc.assert(
    fc.property(logs, ({ log, lost }) => {
      const placed = placeLost({ ...walked(log, lost), claims: log.filter(({ position }) => lost.has(position)) });
      expect(placed).toEqual(log.filter(({ position }) => lost.has(position)).map((event) => ({ ...event, isKnown: true })));
    }),
  );
});

it('leaves no gap and no revision twice whatever the index says', () => {
  const claims = fc.array(fc.record({ position: fc.integer({ min: 1, max: 30 }), stream: fc.constantFrom('a', 'b', 'c', 'd'), revision: fc.integer({ min: 0, max: 12 }) }), { maxLength: 20 });
  fc.assert(
    fc.property(logs, claims, ({ log, lost }, said) => {
      const onLost: readonly Claim[] = said.filter(({ position }) => lost.has(position));
      const placed = placeLost({ ...walked(log, lost), claims: onLost });
      if (!isPlaced(placed)) throw new Error(`the gap of ${placed.stream} stays open`);
      const all = [...log.filter(({ position }) => !lost.has(position)), ...placed].sort((one, other) => one.position - other.position);
      expect(all.map(({ position }) => position)).toEqual(log.map(({ position }) => position));
      const next = new Map<string, number>();
      for (const { stream, revision } of all) {
        expect(revision).toBe(next.get(stream) ?? 0);
        next.set(stream, revision + 1);
      }
    }),
  );
});

it('names a gap that nothing was lost in', () => {
  const gap: RevisionGap = { stream: 'a', from: 1, before: 3, after: 1, until: 4 };
  const parts = { gaps: [gap], claims: [], ledger: new StreamLedger(() => -1) };
  expect(placeLost({ ...parts, lost: [{ from: 2, before: 3 }, { from: 9, before: 10 }] })).toMatchObject({ stream: 'a', until: 4 });
  expect(placeLost({ ...parts, lost: [{ from: 2, before: 4 }] })).toEqual([
    { position: 2, stream: 'a', revision: 1, isKnown: true },
    { position: 3, stream: 'a', revision: 2, isKnown: true },
  ]);
});
