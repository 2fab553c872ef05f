// The faults of this adapter. `retriable` tells the one loop that decides whether trying again can help.

/** Another process, or this one, has the data folder open for writing. */
export class DataHeldError extends Error {
  override readonly name = 'DataHeldError';
  readonly retriable = false;

  constructor(readonly directory: string, readonly pid: number | null) {
    super(`${directory} is held by ${pid === null ? 'another process' : `process ${pid}`}; stop it, or choose another data folder`);
  }
}

/** The data folder cannot be made, read or written. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly retriable = false;

  constructor(readonly directory: string, why: string, cause?: unknown) {
    super(`the data folder ${directory} cannot be used: ${why}`, { cause });
  }
}

/** Durable history is not what was written. Nothing is cut; `position` is the first event that cannot be trusted. */
export class DamageError extends Error {
  override readonly name = 'DamageError';
  readonly retriable = false;

  constructor(readonly position: string, readonly file: string, detail: string) {
    super(`the log is damaged at position ${position} (${file}): ${detail}; "trellis verify" says what is damaged, "trellis repair" keeps what can be read`);
  }
}

/**
 * Nothing more is acknowledged for now; reads go on. With a `cause`, the failed write or sync, it is a fault of the disk: it is
 * tried again until it works, and an append that was on its way may be in the log or not. Sending it again with its ids is safe.
 */
export class AppendsRefusedError extends Error {
  override readonly name = 'AppendsRefusedError';
  readonly retriable: boolean;

  constructor(why: string, cause?: unknown) {
    super(`appends are refused: ${why}`, { cause });
    this.retriable = cause !== undefined;
  }
}

/** The index leads to other events than it should, though the log is whole. It is built anew when the store is opened again. */
export class IndexDamageError extends Error {
  override readonly name = 'IndexDamageError';
  readonly retriable = false;

  constructor(readonly position: string) {
    super(`the index is damaged: it does not lead to the event at position ${position}; open the store again to have it built anew`);
  }
}

/** More appends wait than the queue may hold. Nothing of this one was written. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly retriable = true;

  constructor(waiting: number) {
    super(`busy: ${waiting} appends wait already; try again later`);
  }
}
