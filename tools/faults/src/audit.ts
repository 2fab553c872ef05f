// Checks of a whole reading of the log against everything that was sent, acknowledged and shown before it began.
import type { Recorded, StreamName } from '@trellis/event-sourcing';
import type { Ledger } from './ledger.js';
import { expectThat } from './promises.js';
import { numberOf, type ReferenceLog } from './reference-log.js';

/** What had to be in the log when the reading began. */
export interface Owed {
  readonly told: number;
  readonly toldBy: string;
}

export function owed({ told, toldBy }: ReferenceLog): Owed {
  return { told, toldBy };
}

export interface Books {
  readonly log: ReferenceLog;
  readonly ledger: Ledger;
}

/** `records` is all of the log, read at once or in pages while others went on writing. */
export function audit({ log, ledger }: Books, records: readonly Recorded[], before: Owed): void {
  records.forEach((record, n) => {
    const place = numberOf(record.position);
    expectThat(place === n + 1, 'positions', () => `position ${n + 1} next`, () => record.position);
  });
  expectThat(
    records.length >= before.told,
    log.brokenAt(records.length + 1, 'answers'),
    () => `the log to reach position ${before.told}, as ${before.toldBy} said`,
    () => `its end at ${records.length}`,
  );
  const revisions = new Map<StreamName, number>();
  for (const record of records) {
    const due = (revisions.get(record.stream) ?? -1) + 1;
    expectThat(record.revision === due, 'revisions', () => `${record.stream}@${due} at position ${record.position}`, () => `@${record.revision}`);
    revisions.set(record.stream, due);
    if (log.witness(record, 'a whole reading').isNew) ledger.checkSent({ stream: record.stream, event: record });
  }
  checkConfirmed({ log, ledger }, records.length);
  checkBatches({ log, ledger }, records.length);
  settle({ log, ledger });
}

/** What the store has said to be in the log is there, no further than it has said. */
function checkConfirmed({ log, ledger }: Books, end: number): void {
  for (const [id, { confirmed }] of ledger.sent) {
    if (confirmed === null || confirmed.covered > end) continue;
    const known = log.find(id);
    expectThat(known !== undefined, 'durable', () => `${id}, which was acknowledged, at or before position ${confirmed.covered}`, () => 'nothing');
    expectThat(known.position <= confirmed.covered, 'positions', () => `${id} at or before position ${confirmed.covered}`, () => `it at ${known.position}`);
  }
}

/** An append is there as a whole and in its order, behind the revision it expected, or not at all. */
function checkBatches({ log, ledger }: Books, end: number): void {
  for (const attempt of ledger.attempts) {
    const { batch, expected } = attempt;
    const sentOnce = batch.every(({ event }) => ledger.sent.get(event.id)?.attempts.length === 1);
    if (attempt.kind !== 'append' || !sentOnce) continue;
    const found = batch.map(({ event }) => log.find(event.id)).filter((known) => known !== undefined);
    const first = found[0];
    // Some of it may lie behind the reading, which others went on writing behind.
    if (first === undefined || found.some(({ position }) => position > end) || (attempt.open && first.position + batch.length > end)) continue;
    expectThat(found.length === batch.length, 'whole', () => `all ${batch.length} events of an append to ${first.stream}, or none`, () => `${found.length} of them, from position ${first.position} on`);
    found.forEach((known, n) => {
      expectThat(known.revision === first.revision + n, 'whole', () => `its event ${n} at revision ${first.revision + n}`, () => String(known.revision));
    });
    expectThat(expected === 'any' || first.revision === expected + 1, 'conflict', () => `an append that expected ${expected} right behind it`, () => `it at revision ${first.revision}`);
  }
}

/** What earlier lives left in doubt and is not there now is gone for good. */
function settle({ log, ledger }: Books): void {
  for (const [id, sent] of ledger.sent) {
    if (sent.confirmed !== null || log.find(id) !== undefined) continue;
    if (sent.attempts.every(({ open, life }) => !open && life < log.life)) sent.gone = true;
  }
}

