// The faults of this adapter.

/** A file is not an archive, is damaged, or is one of another format; or the log changed under the one who wrote one. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly retriable = false;

  constructor(what: string, cause?: unknown) {
    super(what, cause === undefined ? {} : { cause });
  }
}
