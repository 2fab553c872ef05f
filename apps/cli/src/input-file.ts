// A file of rows, looked through once before anything is made of it: so a file that breaks off, or is no text, changes nothing.
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Failure, whyNotRead } from './failure.js';

export interface InputFile {
  readonly path: string;
  readonly isGzip: boolean;
  /** On disk, for progress. */
  readonly bytes: number;
  /** The start of the text. */
  readonly head: string;
  /** Of the text, packed or not: SHA-256 in hex. */
  readonly hash: string;
}

const HEAD_BYTES = 64 * 1024;
const READ_BYTES = 256 * 1024;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** Throws when the signal is given. */
export async function inspect(path: string, signal?: AbortSignal): Promise<InputFile> {
  const { size, isGzip } = await begin(path);
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let head = '';
  try {
    for await (const chunk of bytesOf({ path, isGzip })) {
      signal?.throwIfAborted();
      hash.update(chunk);
      const text = decoder.decode(chunk, { stream: true });
      if (head.length < HEAD_BYTES) head += text.slice(0, HEAD_BYTES - head.length);
    }
    decoder.decode();
  } catch (error) {
    throw whyNotRead(path, error);
  }
  if (head.includes('\0')) throw new Failure(`${path} is not text: it holds zero bytes; a file of rows is CSV, TSV or JSON lines, gzip or not`);
  if (head.trim() === '') throw new Failure(`${path} is empty`);
  return { path, isGzip, bytes: size, head, hash: hash.digest('hex') };
}

/** The bytes of the text. `onRead` hears how many bytes of the file have been read. */
export function bytesOf({ path, isGzip }: Pick<InputFile, 'path' | 'isGzip'>, onRead?: (bytes: number) => void): Readable {
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  if (onRead !== undefined) {
    let read = 0;
    file.on('data', (chunk) => onRead((read += chunk.length)));
    // Listening sets it flowing; whoever consumes it says when.
    file.pause();
  }
  if (!isGzip) return file;
  const text = createGunzip({ chunkSize: READ_BYTES });
  file.on('error', (error) => text.destroy(error));
  text.on('close', () => file.destroy());
  return file.pipe(text);
}

/** The whole text of a small file. */
export async function textOf(path: string, bytesMax: number): Promise<string> {
  const { isGzip } = await begin(path);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of bytesOf({ path, isGzip })) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw new Failure(`${path} is longer than ${bytesMax} bytes, the most that is read`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Failure ? error : whyNotRead(path, error);
  }
  if (bytes === 0) throw new Failure(`${path} is empty`);
  try {
    // The decoder takes a byte order mark away.
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    throw whyNotRead(path, error);
  }
}

async function begin(path: string): Promise<{ readonly size: number; readonly isGzip: boolean }> {
  let stats: Stats;
  const magic = new Uint8Array(GZIP_MAGIC.length);
  try {
    stats = await stat(path);
    // A pipe could be read only once.
    if (!stats.isFile()) throw new Failure(`${path} is not a file`);
    const handle = await open(path);
    await handle.read(magic).finally(() => handle.close());
  } catch (error) {
    throw error instanceof Failure ? error : whyNotRead(path, error);
  }
  return { size: stats.size, isGzip: GZIP_MAGIC.every((byte, at) => magic[at] === byte) };
}
