// What is parked comes back as it was, from a real Kafka.
import { randomUUID } from 'node:crypto';
import { openTransport, type Delivered, type Message, type Transport } from '@trellis/engine';
import { startKafka, type RunningServer } from '@trellis/servers';
import type { Rejection } from './intake.js';
import { discardParked, listParked, parkedMessage, retryParked, withoutValue } from './parked.js';
import { START } from './testing.js';

const LONG = 90_000;
const REJECTION: Rejection = { index: 0, id: 'e1', field: 'data.item', value: 'nowhere', code: 'unknown-item', message: 'data.item is "nowhere"; no course has an item “nowhere”' };

let server: RunningServer;
let transport: Transport;
beforeAll(async () => {
  server = await startKafka();
}, LONG);
beforeEach(async () => {
  transport = await openTransport({ kafkaBrokers: server.address, namespace: `spec-${randomUUID()}`, ingressTenants: ['default'] }, { clientId: 'spec' });
}, LONG);
afterEach(() => transport.close(), LONG);
afterAll(() => server.stop(), LONG);

const bytes = (text: string): Buffer => Buffer.from(text);
const ingress = (): string => `${transport.topics.parked.replace(/\.parked$/, '')}.ingress`;

async function publish(topic: string, messages: readonly Message[]): Promise<void> {
  const publisher = transport.kafka.publisher();
  await publisher.publish(topic, messages);
  await publisher.close();
}

async function park(offset: bigint, original: Partial<Message> = {}, rejection: Partial<Rejection> = {}): Promise<void> {
  const delivered: Delivered = { key: bytes('ada'), value: bytes('{"id":"e1"}'), headers: {}, timestamp: START, offset, ...original };
  await publish(transport.topics.parked, [parkedMessage({ topic: ingress(), partition: 3 }, delivered, { ...REJECTION, ...rejection }, START)]);
}

async function sentAgain(): Promise<readonly object[]> {
  const found: object[] = [];
  for await (const page of transport.kafka.read(ingress())) for (const { key, value, headers } of page) found.push({ key, value, headers });
  return found;
}

const places = async (): Promise<readonly string[]> => (await listParked(transport)).map(({ at }) => at);

it.each<[string, Message]>([
  ['key, bytes and headers', { key: bytes('ada'), value: bytes('{"id":"e1"}'), headers: { 'content-type': 'application/json', ce_id: 'e1' } }],
  ['bytes that are no text', { key: Buffer.of(0xff, 0, 0x80), value: Buffer.of(0, 0xff, 0xfe, 0x0a), headers: {} }],
  ['no key',                 { key: null, value: bytes('x'), headers: { traceparent: '00-1-2-01' } }],
  ['no value',               { key: bytes('ada'), value: null, headers: {} }],
  ['an empty value',         { key: bytes('ada'), value: bytes(''), headers: {} }],
  ['an empty key',           { key: bytes(''), value: bytes('x'), headers: {} }],
])('gives back a message with %s, where it came from and why', async (_, original) => {
  await park(41n, original);
  const [parked, ...more] = await listParked(transport);
  expect(more).toEqual([]);
  expect(parked).toEqual({
    at: `${ingress()}/3/41`,
    topic: ingress(),
    partition: 3,
    offset: 41n,
    reason: { code: 'unknown-item', field: 'data.item', message: REJECTION.message },
    parkedAt: '2026-03-02T08:00:00.000Z', isCut: false,
    original,
  });
  if (parked === undefined) throw new Error('it was there');
  await retryParked(transport, [parked]);
  expect(await sentAgain()).toEqual([original]);
  expect(await listParked(transport)).toEqual([]);
});

it('holds a message once that was parked twice, with the newer reason', async () => {
  await park(1n);
  await park(2n);
  await park(1n, {}, { code: 'unknown-course' });
  expect((await listParked(transport)).map(({ at, reason: { code } }) => [at, code])).toEqual([[`${ingress()}/3/2`, 'unknown-item'], [`${ingress()}/3/1`, 'unknown-course']]);
});

it('deals with those that are named, and leaves the others', async () => {
  for (const offset of [1n, 2n, 3n]) await park(offset);
  const [first, second, third] = await listParked(transport);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three were parked');
  await discardParked(transport, [second]);
  expect(await places()).toEqual([first.at, third.at]);
  await retryParked(transport, [third]);
  expect(await places()).toEqual([first.at]);
  expect(await sentAgain()).toHaveLength(1);
});

it('can be parked again after it was dealt with', async () => {
  await park(1n);
  await discardParked(transport, await listParked(transport));
  await park(1n);
  expect(await places()).toEqual([`${ingress()}/3/1`]);
});

it('says of a value that was too large to be parked how large it was, and what it was', async () => {
  const whole = parkedMessage({ topic: ingress(), partition: 3 }, { key: bytes('ada'), value: bytes('abc'), headers: {}, timestamp: START, offset: 7n }, REJECTION, START);
  const cut = withoutValue(whole);
  // By `printf abc | sha256sum`.
  expect(cut).toMatchObject({ key: whole.key, value: new Uint8Array(), headers: { ...whole.headers, 'parked-value-bytes': '3', 'parked-value-sha256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' } });
  await publish(transport.topics.parked, [cut]);
  expect(await listParked(transport)).toMatchObject([{ at: `${ingress()}/3/7`, isCut: true, reason: { code: 'unknown-item' } }]);
});

it('passes over what somebody else has written into the topic', async () => {
  await publish(transport.topics.parked, [{ key: bytes('note'), value: bytes('hello'), headers: {} }, { key: bytes('a/1/2'), value: bytes('no reason'), headers: {} }]);
  expect(await listParked(transport)).toEqual([]);
});
