// Rows are kept close behind the log for as long as the service runs, also when the view store fails for a while.
import { engineOn, type Engine } from '@trellis/engine';
import { eventCodec, MemoryStore, MemoryViews, type EventId, type EventStore, type StreamName } from '@trellis/event-sourcing';
import { createService, type Service } from '@trellis/service';
import { LogLines, requestsTo, testConfig, type Send } from '@trellis/service/testing';
import { ProjectorModule } from './projector.module.js';

/** Fails to write the rows of one view for as long as it is told to. */
class FailingViews extends MemoryViews {
  failing: string | null = null;

  override write(...asked: Parameters<MemoryViews['write']>): Promise<void> {
    return asked[0].name === this.failing ? Promise.reject(new Error('the rows of learner-north.ada are out of reach')) : super.write(...asked);
  }
}

let store: EventStore;
let views: FailingViews;
let engine: Engine;
let service: Service;
let send: Send;
let logTo: LogLines;
beforeEach(async () => {
  store = new MemoryStore(Date.now);
  views = new FailingViews();
  engine = await engineOn({ store, views, codec: eventCodec({ dictionary: [], types: {} }) }, undefined, { writeAfterMs: 20 });
  logTo = new LogLines();
  service = await createService(ProjectorModule.over(engine), { name: 'projector', config: testConfig(), logTo, close: () => engine.close() });
  send = requestsTo(service);
});
afterEach(() => service.stop());

let last = 0;
async function answered(learner: string): Promise<void> {
  // The casts name things by their pattern.
  const id = `00000000-0000-5000-8000-${String(++last).padStart(12, '0')}` as EventId;
  const event = { type: 'AnswerGiven', data: { item: 'a1', skills: ['a'], score: 1, attempt: 1, hints: 0 } };
  await store.append(`learner-north.${learner}` as StreamName, [engine.sources.codec.encode(id, '0'.repeat(16), event, { source: 'spec', occurredAt: last, schema: 1 })], 'any');
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`still not so after 10 s: ${what}`);
}

const revision = async (learner: string): Promise<number> => (await views.read({ name: 'learner' }, [`north.${learner}`]))[0]?.revision ?? -1;
const ready = async (): Promise<{ ready: boolean; checks: { [name: string]: string | null } }> => (await send('GET', '/health/ready')).json<{ ready: boolean; checks: { [name: string]: string | null } }>();

it('writes a row for each learner soon after the event', async () => {
  for (const learner of ['ada', 'bob', 'ada']) await answered(learner);
  await until('both rows are there', async () => (await revision('ada')) === 1 && (await revision('bob')) === 0);
  await answered('bob');
  await until('the row has followed', async () => (await revision('bob')) === 1);
  expect(await ready()).toMatchObject({ ready: true, checks: { 'view learner': null, 'view course': null, 'view classroom': null } });
});

it('is not ready while rows cannot be written, says why, and goes on by itself', async () => {
  views.failing = 'learner';
  await answered('ada');
  await until('it has noticed', async () => !(await ready()).ready);
  // Not for a moment does a new try look like success.
  await until('it has tried again', async () => {
    expect((await ready()).ready).toBe(false);
    return logTo.text.includes('"retryInMs":200');
  });
  expect((await ready()).checks).toMatchObject({ 'view learner': 'the rows of learner-north.ada are out of reach', 'view course': null });
  expect((await send('GET', '/metrics')).text).toContain('trellis_projector_lag_events{view="learner",partition="log"} 1');
  const [line] = logTo.lines.filter(({ msg }) => msg === 'a projector failed');
  expect(line).toMatchObject({ level: 'error', view: 'learner', retryInMs: 100, err: { message: 'the rows of learner-north.* are out of reach' } });
  views.failing = null;
  await until('it has caught up', async () => (await revision('ada')) === 0);
  await until('it is ready', async () => (await ready()).ready);
});

it('tries less and less often, and stops also while it waits', async () => {
  views.failing = 'learner';
  await answered('ada');
  await until('it has failed four times', async () => Promise.resolve(logTo.text.includes('"retryInMs":800')));
  await service.stop();
  expect(logTo.lines.filter(({ msg }) => msg === 'a projector failed').map(({ retryInMs }) => retryInMs)).toEqual([100, 200, 400, 800]);
});
