import { EMPTY, MemoryStore, type EventId, type Outgoing, type StreamName } from '@trellis/event-sourcing';
import { trellisCodec } from '@trellis/learning';
import { appendParts } from './parts-append.js';

// The casts name things by their pattern.
const stream = 'calibration-default' as StreamName;
const codec = trellisCodec();
const part = (n: number): Outgoing =>
  codec.encode(`00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId, '0'.repeat(16), { type: 'CalibrationActivated', data: { calibration: `c${n}`, before: '' } }, { source: 'spec', occurredAt: 0, schema: 1 });
const parts = Array.from({ length: 8 }, (_, n) => part(n));

/** Remembers how many events came together. */
class CountingStore extends MemoryStore {
  readonly sizes: number[] = [];
  interruption: Outgoing | null = null;

  override async append(...[to, events, expected]: Parameters<MemoryStore['append']>): ReturnType<MemoryStore['append']> {
    this.sizes.push(events.length);
    const { interruption } = this;
    if (interruption !== null && this.sizes.length === 2) {
      this.interruption = null;
      await super.append(to, [interruption], 'any');
    }
    return super.append(to, events, expected);
  }
}

it('appends few at a time, one after the other', async () => {
  const store = new CountingStore(() => 0);
  expect(await appendParts(store, stream, parts, EMPTY)).toMatchObject({ revision: 7 });
  expect(store.sizes).toEqual([3, 3, 2]);
});

it('is a conflict where somebody came between, and a repeat where it is tried again', async () => {
  const store = new CountingStore(() => 0);
  store.interruption = part(99);
  expect(await appendParts(store, stream, parts, EMPTY)).toBe('conflict');
  const whole = new CountingStore(() => 0);
  await appendParts(whole, stream, parts, EMPTY);
  expect(await appendParts(whole, stream, parts, EMPTY)).toMatchObject({ repeated: true, revision: 7 });
  expect(await whole.lag(null)).toBe(8);
});
