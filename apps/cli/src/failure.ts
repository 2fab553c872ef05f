// Why a command did not do what was asked, as one sentence.
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
  if (!(error instanceof Error)) return { sentence: String(error), exitCode: EXIT.failed, isUnknown: true };
  // Adapters declare their faults by saying whether they are retriable.
  const isForetold = FORETOLD.has(error.name) || 'retriable' in error;
  return { sentence: sentence(error), exitCode: EXIT.failed, isUnknown: !isForetold };
}

/** What the system says about a file, in words. */
export function whyNotRead(path: string, error: unknown): Failure {
  const code = codeOf(error);
  const why = (code === undefined ? undefined : FILE_WORDS[code]) ?? (error instanceof Error ? error.message : String(error));
  return new Failure(`${path} ${why}`, EXIT.failed, { cause: error });
}

const FILE_WORDS: Readonly<Record<string, string>> = {
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

export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

function sentence({ message }: Error): string {
  return message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
}
