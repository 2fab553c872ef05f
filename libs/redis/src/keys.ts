// The layout of the keys. What one script touches has one hash tag {...}, so a Redis Cluster keeps it in one slot; the rows of a build
// (one generation of one view) are spread over 64 tags, so that they spread over its nodes.
//
//   <namespace>:epoch                                     text    made once; gone when the data is
//   <namespace>:{<view>}:live                             text    the generation that readers see; absent: 0
//   <namespace>:{<view>}:newest                           text    the highest generation that was given out
//   <namespace>:{<view>}:builds                           set     generations that were begun and not dropped yet
//   <namespace>:{<view>}:<generation>                     hash    begun: a name of this build; checkpoint; incarnation: when it was written
//   <namespace>:{<view>.<generation>.<bucket>}:k          zset    keys of the rows of the bucket, all with score 0: in the order of their bytes
//   <namespace>:{<view>.<generation>.<bucket>}:r:<key>    text    one row, see row-value.ts
//
// <bucket> is the CRC-32 of the row's key modulo 64. Rows are scanned in the order of the bytes of their keys; for keys in ASCII,
// which is what row keys are, that is the order of strings too. No key has a time to live.
import { crc32 } from 'node:zlib';
import { RedisError } from './errors.js';
import { BUCKETS, NAMESPACE_CHARACTERS_MAX, ROW_KEY_BYTES_MAX, VIEW_NAME_CHARACTERS_MAX } from './limits.js';

export interface Build {
  readonly name: string;
  readonly generation: number;
}

export interface Keys {
  readonly epoch: string;
  live(view: string): string;
  newest(view: string): string;
  builds(view: string): string;
  build(build: Build): string;
  /** The index of one bucket. */
  index(build: Build, bucket: number): string;
  row(build: Build, bucket: number, key: Uint8Array): Buffer;
}

const NAME = /^[\w.-]+$/;
const NAMESPACE = /^[\w.:-]+$/;

export function keysOf(namespace: string): Keys {
  // A brace would move the hash tag.
  if (!NAMESPACE.test(namespace) || namespace.length > NAMESPACE_CHARACTERS_MAX) {
    throw new RedisError(`the namespace ${JSON.stringify(namespace)} must be 1 to ${NAMESPACE_CHARACTERS_MAX} letters, digits, or any of _ . : -`, false);
  }
  const tagged = (view: string): string => `${namespace}:{${checked(view)}}`;
  const bucketed = ({ name, generation }: Build, bucket: number): string => `${namespace}:{${checked(name)}.${generation}.${bucket}}`;
  return {
    epoch: `${namespace}:epoch`,
    live: (view) => `${tagged(view)}:live`,
    newest: (view) => `${tagged(view)}:newest`,
    builds: (view) => `${tagged(view)}:builds`,
    build: ({ name, generation }) => `${tagged(name)}:${generation}`,
    index: (build, bucket) => `${bucketed(build, bucket)}:k`,
    row: (build, bucket, key) => Buffer.concat([Buffer.from(`${bucketed(build, bucket)}:r:`), key]),
  };
}

/** The bytes of a row's key. */
export function keyBytes(key: string): Buffer {
  const bytes = Buffer.from(key);
  if (bytes.length > ROW_KEY_BYTES_MAX) throw new RedisError(`a row's key of ${bytes.length} bytes, ${JSON.stringify(key.slice(0, 64))}...; it may have ${ROW_KEY_BYTES_MAX}`, false);
  return bytes;
}

export function bucketOf(key: Uint8Array): number {
  return crc32(key) % BUCKETS;
}

function checked(view: string): string {
  if (!NAME.test(view) || view.length > VIEW_NAME_CHARACTERS_MAX) {
    throw new RedisError(`the view's name ${JSON.stringify(view)} must be 1 to ${VIEW_NAME_CHARACTERS_MAX} letters, digits, or any of _ . -`, false);
  }
  return view;
}
