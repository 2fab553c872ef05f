// Rows that are right, wrong, missing, too many, behind, ahead: whatever is folded together, the same are found.
import { MemoryStore, MemoryViews, Projector, type EventId, type KeyedRow, type Sources } from '@trellis/event-sourcing';
import { learnerStream, trellisCodec, type LearnerId, type TenantId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerView } from '@trellis/views';
import { verifyRows, type RowsVerified } from './row-verification.js';

const NOW = Date.UTC(2026, 2, 2, 8);
const view = learnerView(() => DEFAULT_CALIBRATION);
const signal = new AbortController().signal;
// The casts name things: every text keeps to the pattern of its kind.
const TENANT = 'default' as TenantId;

let last = 0;
/** An answer of a learner; `minutes` after all others, or before them. */
async function answer({ store, codec }: Sources, learner: string, minutes = ++last): Promise<void> {
  const id = `00000000-0000-5000-8000-${String(++last).padStart(12, '0')}` as EventId;
  const data = { item: 'q1', skills: ['sums'], score: last % 2, attempt: 1, hints: 0 };
  const event = codec.encode(id, '0'.repeat(16), { type: 'AnswerGiven', data }, { source: 'spec', occurredAt: NOW + minutes * 60_000, sequence: last, schema: 1 });
  await store.append(learnerStream(TENANT, learner as LearnerId), [event], 'any');
}

/** Six learners with five answers each, the last of one of them late; all rows are kept. */
async function folded(): Promise<Sources> {
  const sources: Sources = { store: new MemoryStore(() => NOW), views: new MemoryViews(), codec: trellisCodec() };
  for (let n = 0; n < 30; n++) await answer(sources, `l${n % 6}`);
  await answer(sources, 'l5', -100);
  await new Projector(sources, view).catchUp(signal);
  return sources;
}

async function changed({ views }: Sources, change: (row: KeyedRow) => readonly KeyedRow[]): Promise<void> {
  const rows: KeyedRow[] = [];
  for await (const page of views.scan({ name: view.name })) rows.push(...page.flatMap(change));
  const checkpoint = await views.checkpoint({ name: view.name });
  await views.drop({ name: view.name });
  await views.write({ name: view.name }, rows, checkpoint ?? undefined);
}

const verified = (sources: Sources, rowsAPass: number): Promise<RowsVerified> => verifyRows(sources, view, { signal, watch: () => undefined, isMoving: false, rowsAPass });

describe.each([1, 2, 4, 100])('with %i rows at a time', (rowsAPass) => {
  it('finds rows sound that are, late events and later ones too', async () => {
    const sources = await folded();
    await answer(sources, 'l2');
    await answer(sources, 'newcomer');
    expect(await verified(sources, rowsAPass)).toEqual({ rows: 6, wrong: [], wrongTotal: 0 });
  });

  it('names those that are not', async () => {
    const sources = await folded();
    await changed(sources, ({ key, row }) => {
      if (key === 'default.l0' || key === 'default.l5') return [];
      if (key === 'default.l1') return [{ key, row: { ...row, revision: row.revision - 1 } }];
      if (key === 'default.l2') return [{ key, row: { ...row, revision: row.revision + 1 } }];
      if (key === 'default.l3') return [{ key, row: { ...row, version: 'another' } }];
      return [{ key, row }, { key: 'default.l4x', row }];
    });
    const { rows, wrong, wrongTotal } = await verified(sources, rowsAPass);
    expect({ rows, wrong: wrong.toSorted(), wrongTotal }).toEqual({ rows: 5, wrong: ['default.l0', 'default.l1', 'default.l2', 'default.l4x', 'default.l5'], wrongTotal: 5 });
  });
});

it('ends at the signal', async () => {
  const sources = await folded();
  await expect(verifyRows(sources, view, { signal: AbortSignal.abort(new Error('enough')), watch: () => undefined, isMoving: false })).rejects.toThrow('enough');
});
