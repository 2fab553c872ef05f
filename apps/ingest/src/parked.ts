// Messages that could not be taken: kept with the reason, the original bytes and where they came from, until somebody sends them
// again or gives them up. The key is where they came from, so that parking one twice is parking it once.
import { createHash } from 'node:crypto';
import type { Delivered, Message, Publisher, Transport } from '@trellis/engine';
import { formatTime } from '@trellis/service';
import type { Rejection } from './intake.js';

export interface Coordinates {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

export interface Parked extends Coordinates {
  /** `topic/partition/offset` */
  readonly at: string;
  readonly reason: { readonly code: string; readonly field: string; readonly message: string };
  /** RFC 3339. */
  readonly parkedAt: string;
  /** The message as it came. */
  readonly original: Message;
  /** Its value was too large to be parked: it cannot be sent again from here. */
  readonly isCut: boolean;
}

const PREFIX = 'parked-';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function parkedMessage(from: Omit<Coordinates, 'offset'>, { offset, key, value, headers }: Delivered, { code, field, message }: Rejection, now: number): Message {
  return {
    key: encoder.encode(`${from.topic}/${from.partition}/${offset}`),
    value: value ?? new Uint8Array(),
    headers: {
      ...headers,
      [`${PREFIX}code`]: code,
      [`${PREFIX}field`]: field,
      [`${PREFIX}message`]: message,
      [`${PREFIX}time`]: formatTime(now),
      ...(key === null ? {} : { [`${PREFIX}key`]: Buffer.from(key).toString('base64') }),
      ...(value === null ? { [`${PREFIX}empty`]: '1' } : {}),
    },
  };
}

/** For a value that the brokers refuse: it stays where it came from for as long as that topic keeps it. */
export function withoutValue(message: Message): Message {
  const value = message.value ?? new Uint8Array();
  return { ...message, value: new Uint8Array(), headers: { ...message.headers, [`${PREFIX}value-bytes`]: String(value.length), [`${PREFIX}value-sha256`]: createHash('sha256').update(value).digest('hex') } };
}

/** Those that nobody has dealt with yet, the oldest first. */
export async function listParked({ kafka, topics }: Transport): Promise<readonly Parked[]> {
  const found = new Map<string, Parked>();
  for await (const page of kafka.read(topics.parked)) {
    for (const message of page) {
      const at = message.key === null ? '' : decoder.decode(message.key);
      // A message without a value says that this one is dealt with.
      found.delete(at);
      const parked = message.value === null ? null : parkedOf(at, message);
      if (parked !== null) found.set(at, parked);
    }
  }
  return [...found.values()];
}

/** Sends them again to where they came from, the bytes as they were; those that still cannot be taken are parked anew. */
export function retryParked(transport: Transport, all: readonly Parked[]): Promise<void> {
  return settle(transport, all, (publisher, { topic, original }) => publisher.publish(topic, [original]));
}

/** Nobody will send them again. */
export function discardParked(transport: Transport, all: readonly Parked[]): Promise<void> {
  return settle(transport, all);
}

async function settle({ kafka, topics }: Transport, all: readonly Parked[], before?: (publisher: Publisher, parked: Parked) => Promise<unknown>): Promise<void> {
  const publisher = kafka.publisher();
  try {
    for (const parked of all) {
      await before?.(publisher, parked);
      // In this order: a crash between the two sends it once more, which is a repeat.
      await publisher.publish(topics.parked, [{ key: encoder.encode(parked.at), value: null, headers: {} }]);
    }
  } finally {
    await publisher.close();
  }
}

function parkedOf(at: string, { value, headers }: Message): Parked | null {
  const match = /^(.+)\/(\d+)\/(\d+)$/.exec(at);
  const { [`${PREFIX}code`]: code, [`${PREFIX}field`]: field, [`${PREFIX}message`]: message, [`${PREFIX}time`]: parkedAt } = headers;
  // Not written by us.
  if (match === null || code === undefined || field === undefined || message === undefined || parkedAt === undefined) return null;
  const [, topic = '', partition = '', offset = ''] = match;
  const key = headers[`${PREFIX}key`];
  return {
    at,
    topic,
    partition: Number(partition),
    offset: BigInt(offset),
    reason: { code, field, message },
    parkedAt,
    isCut: headers[`${PREFIX}value-sha256`] !== undefined,
    original: {
      key: key === undefined ? null : Buffer.from(key, 'base64'),
      value: headers[`${PREFIX}empty`] === '1' ? null : value,
      headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(PREFIX))),
    },
  };
}
