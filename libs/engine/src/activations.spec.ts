// Another calibration that comes into force has the rows of its tenant folded again, whoever activated it.
import { MemoryStore, MemoryViews, type EventId, type Sources } from '@trellis/event-sourcing';
import { calibration as rules, calibrationStream, eventSchema, learnerStream, rowKey, trellisCodec, type CalibrationActivated, type CalibrationPublished, type LearnerId, type TenantId } from '@trellis/learning';
import { calibrationDocument } from '@trellis/learning/testing';
import { engineOn } from './engine.js';

// The casts of this file name things: every text here keeps to the pattern of its kind.
const NORTH = 'north' as TenantId;
const SOUTH = 'south' as TenantId;
const ADA = 'ada' as LearnerId;

let last = 0;
const idOf = (): EventId => `00000000-0000-5000-8000-${(++last).toString(16).padStart(12, '0')}` as EventId;

async function append({ store, codec }: Sources, tenant: TenantId, events: readonly (CalibrationPublished | CalibrationActivated)[]): Promise<void> {
  const encoded = events.map((event) => codec.encode(idOf(), '0'.repeat(16), event, { source: 'spec', occurredAt: 0, schema: eventSchema(event.type) }));
  await store.append(calibrationStream(tenant), encoded, 'any');
}

async function answered({ store, codec }: Sources, tenant: TenantId): Promise<void> {
  const event = { type: 'AnswerGiven', data: { item: 'i1', skills: ['a'], score: 1, attempt: 1, hints: 0 } };
  await store.append(learnerStream(tenant, ADA), [codec.encode(idOf(), '0'.repeat(16), event, { source: 'spec', occurredAt: last, schema: 1 })], 'any');
}

it('in every process, the rows of that tenant and no others', async () => {
  const sources: Sources = { store: new MemoryStore(() => 0), views: new MemoryViews(), codec: trellisCodec() };
  for (const tenant of [NORTH, SOUTH]) await answered(sources, tenant);
  const engine = await engineOn(sources);
  for (const projector of engine.projectors) await projector.catchUp(new AbortController().signal);
  const versions = async (): Promise<(string | undefined)[]> => {
    const rows = await sources.views.read({ name: 'learner' }, [rowKey(NORTH, ADA), rowKey(SOUTH, ADA)]);
    return rows.map((row) => row?.version);
  };
  expect(await versions()).toEqual(['3/default-1', '3/default-1']);

  const stopping = new AbortController();
  const renewed = Promise.withResolvers<number>();
  const keeping = engine.keepRenewed(stopping.signal, (rows) => renewed.resolve(rows));
  const published = rules.decide({ type: 'PublishCalibration', document: calibrationDocument({ skills: ['a'] }), digest: 'd' }, rules.initial);
  if ('refused' in published) throw new Error(published.detail);
  // By another process: this one hears of it from the log.
  await append(sources, NORTH, published);
  await append(sources, NORTH, [{ type: 'CalibrationActivated', data: { calibration: 'c1', before: 'default-1' } }]);
  expect(await renewed.promise).toBe(1);
  expect(await versions()).toEqual(['3/c1', '3/default-1']);
  expect((await engine.recommender.learner(NORTH, ADA)).state.calibration.id).toBe('c1');
  stopping.abort();
  await keeping;
  await engine.close();
});
