import fc from 'fast-check';
import type { EventId, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import type { Message } from '@trellis/kafka';
import { eventMessage, eventRecord } from './event-message.js';

const records = fc.record({
  stream: fc.stringMatching(/^learner-[a-z0-9-]{1,20}\.[A-Za-z0-9_-]{1,30}$/).map((name) => name as StreamName),
  id: fc.uuid().map((id) => id as EventId),
  type: fc.constantFrom('AnswerGiven', 'CoursePublished', 'SomethingLater'),
  digest: fc.stringMatching(/^[0-9a-f]{16}$/),
  bytes: fc.uint8Array({ maxLength: 200 }),
  revision: fc.nat(),
  position: fc.stringMatching(/^[1-9]\d{0,19}(\.\d{1,19})?$/).map((position) => position as Position),
  recordedAt: fc.integer({ min: 0, max: 4_102_444_800_000 }),
});

it('gives back every record as it was', () => {
  fc.assert(fc.property(records, (record: Recorded) => expect(eventRecord(eventMessage(record))).toEqual(record)));
});

it('is a CloudEvent in binary mode', () => {
  const [record] = fc.sample(records, { numRuns: 1, seed: 1 });
  if (record === undefined) throw new Error('no sample');
  const { headers, key } = eventMessage(record);
  expect(headers).toMatchObject({ ce_specversion: '1.0', ce_id: record.id, ce_type: `trellis.${record.type}`, ce_subject: record.stream, ce_source: '/trellis' });
  expect(new TextDecoder().decode(key ?? new Uint8Array())).toBe(record.stream);
});

type Change = (message: Message) => Message;

it.each<[string, Change]>([
  ['without a key',                (message) => ({ ...message, key: null })],
  ['of another content type',      (message) => ({ ...message, headers: { ...message.headers, 'content-type': 'application/json' } })],
  ['whose revision is no number',  (message) => ({ ...message, headers: { ...message.headers, ce_revision: 'first' } })],
  ['whose time is none',           (message) => ({ ...message, headers: { ...message.headers, ce_time: 'now' } })],
  ['of somebody else',             (message) => ({ ...message, headers: { ...message.headers, ce_type: 'org.example.AnswerGiven' } })],
])('passes over a message %s', (_, change) => {
  const [record] = fc.sample(records, { numRuns: 1, seed: 2 });
  if (record === undefined) throw new Error('no sample');
  expect(eventRecord(change(eventMessage(record)))).toBeNull();
});
