// What platforms send over Kafka, in each form that it may have, as a row for the intake.
import type { Message } from '@trellis/engine';
import { BadRow } from './intake.js';
import { rowOf } from './ingress-message.js';

const data = { item: 'q1', correct: true };
const native = { id: 'a1', source: 'lms', type: 'AnswerGiven', learner: 'ana', occurredAt: '2026-03-02T08:00:00.000Z', data };
const attributes = { specversion: '1.0', id: 'a1', source: 'lms', type: 'org.example.AnswerGiven', subject: 'ana', time: '2026-03-02T08:00:00.000Z' };

const bytes = (value: unknown): Uint8Array => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const message = (value: Uint8Array | null, headers: Message['headers'] = {}): Pick<Message, 'value' | 'headers'> => ({ value, headers });
const binary = (changes: Readonly<Record<string, string | undefined>> = {}): Message['headers'] => {
  const all: Readonly<Record<string, string | undefined>> = { ...attributes, ...changes };
  return { 'content-type': 'application/json', ...Object.fromEntries(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[`ce_${name}`, value]]))) };
};
const structured = (event: object, type = 'application/cloudevents+json'): Pick<Message, 'value' | 'headers'> => message(bytes(event), { 'content-type': type });

it.each<[string, Pick<Message, 'value' | 'headers'>]>([
  ['JSON as over HTTP', message(bytes(native))],
  ['JSON with other headers', message(bytes(native), { 'content-type': 'application/json', traceparent: '00-1-2-01' })],
  ['a CloudEvent in binary mode', message(bytes(data), binary())],
  ['a CloudEvent in structured mode', structured({ ...attributes, datacontenttype: 'application/json', data })],
  ['one with its data in base64', structured({ ...attributes, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') })],
  ['one with a character set', structured({ ...attributes, data }, 'application/cloudevents+json; charset=UTF-8')],
])('reads %s', (_, sent) => {
  expect(rowOf(sent)).toEqual(native);
});

it('takes the sequence extension as a number, and leaves out what is not said', () => {
  expect(rowOf(message(bytes(data), binary({ sequence: '17', subject: undefined, time: undefined })))).toEqual({ id: 'a1', source: 'lms', type: 'AnswerGiven', sequence: 17, data });
});

it('fills in nothing: an id or a time that is missing is for the edge', () => {
  expect(rowOf(structured({ specversion: '1.0', source: 'lms', type: 'AnswerGiven', subject: 'ana', data }))).toEqual({ source: 'lms', type: 'AnswerGiven', learner: 'ana', data });
});

it.each<[string, Pick<Message, 'value' | 'headers'>, Partial<BadRow>]>([
  ['nothing', message(null), { field: 'value', code: 'missing-field' }],
  ['not JSON', message(bytes('{"id":')), { field: 'value', text: '{"id":', code: 'malformed-json' }],
  ['not text', message(Uint8Array.of(0x7b, 0xff, 0x7d)), { field: 'value', code: 'malformed-json' }],
  ['a CloudEvent of another version', structured({ ...attributes, specversion: '9.9', data }), { field: 'specversion', code: 'out-of-range' }],
  ['a CloudEvent of no version', message(bytes(data), binary({ specversion: undefined })), { field: 'specversion', code: 'out-of-range' }],
  ['a CloudEvent without a source', message(bytes(data), binary({ source: undefined })), { field: 'source', code: 'missing-field' }],
  ['a batch of CloudEvents', structured([attributes], 'application/cloudevents-batch+json'), { field: 'content-type', code: 'wrong-type' }],
  ['a CloudEvent that is a list', structured([attributes]), { field: 'value', code: 'wrong-type' }],
  ['a CloudEvent whose bytes are no JSON', structured({ ...attributes, data_base64: 'e3s=' }), { field: 'value', code: 'malformed-json' }],
])('says what is wrong with %s', (_, sent, wrong) => {
  const row = rowOf(sent);
  expect(row).toBeInstanceOf(BadRow);
  expect(row).toMatchObject(wrong);
});
