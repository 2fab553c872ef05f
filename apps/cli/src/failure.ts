// Why a command did not do what was asked, as one sentence.
import { types } from 'node:util';
import { EXIT } from './io.js';

export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** The command line itself is wrong. */
export function wrongUsage(message: string): Failure {
  return new Failure(message, EXIT.usage);
}

export interface Told {
  /** Without a full stop. */
  readonly sentence: string;
  readonly exitCode: number;
  /** Nobody foresaw it: the stack helps whoever looks for the reason. */
  readonly isUnknown: boolean;
}

/** Names of errors of other projects whose message is a sentence for people. */
const FORETOLD = new Set(['Problem', 'StartError']);

export function told(error: unknown): Told {
  if (error instanceof Failure) return { sentence: sentence(error), exitCode: error.exitCode, isUnknown: false };
  if (!isError(error)) return { sentence: String(error), exitCode: EXIT.failed, isUnknown: true };
  // Adapters declare their faults by saying whether they are retriable.
  const isForetold = FORETOLD.has(error.name) || 'retriable' in error;
  return { sentence: sentence(error), exitCode: EXIT.failed, isUnknown: !isForetold };
}

/** What the system says about a file, in words. */
export function whyNotRead(path: string, error: unknown): Failure {
  const code = codeOf(error);
  const why = (code === undefined ? undefined : FILE_WORDS[code]) ?? messageOf(error);
  return new Failure(`${path} ${why}`, EXIT.failed, { cause: error });
}

const FILE_WORDS: Readonly<Record<string, string>> = {
  ERR_ENCODING_INVALID_ENCODED_DATA: 'is not text in UTF-8; save it as UTF-8 and try again',
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder; name a file',
  EACCES: 'may not be read or written by this user',
  EPERM: 'may not be read or written by this user',
  EROFS: 'lies on a read-only disk',
  ENOSPC: 'cannot be written: the disk is full',
  Z_DATA_ERROR: 'is damaged: what it holds is not valid gzip data',
  Z_BUF_ERROR: 'is damaged: its gzip data breaks off before the end',
};

/** True of errors of another realm too, which `instanceof` misses. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

export function messageOf(error: unknown): string {
  return isError(error) ? error.message : String(error);
}

export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function sentence({ message }: Error): string {
  return message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
}
