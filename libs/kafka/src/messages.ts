// Messages as this adapter hands them on, and as the client has them.
import type { IHeaders, KafkaMessage } from 'kafkajs';

export interface Message {
  readonly key: Uint8Array | null;
  /** Null marks the key as gone in a topic that is compacted. */
  readonly value: Uint8Array | null;
  /** Text in UTF-8. Of several headers of one name the last. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Delivered extends Message {
  readonly offset: bigint;
  /** Milliseconds since 1970, as its producer or the broker has set it; -1 for none. */
  readonly timestamp: number;
}

export function deliveredOf({ key, value, headers = {}, offset, timestamp }: KafkaMessage): Delivered {
  return { key, value, headers: textOf(headers), offset: BigInt(offset), timestamp: Number(timestamp) };
}

function textOf(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const last = Array.isArray(value) ? value.at(-1) : value;
      return last === undefined ? [] : [[name, typeof last === 'string' ? last : last.toString('utf8')]];
    }),
  );
}

export function bytesOf({ key, value, headers }: Message): number {
  let bytes = (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, text] of Object.entries(headers)) bytes += name.length + text.length;
  return bytes;
}

export function buffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
