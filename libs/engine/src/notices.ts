// What the store has to say to operators, as sentences: what opening it found, and what changed since.
import type { OpenReport, StoreEvent } from '@trellis/embedded';

export interface Notice {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly error?: unknown;
}

/** Kept for somebody who begins to listen later. */
const NOTICES_KEPT = 16;

export class Notices {
  private kept: Notice[] = [];
  private listener: ((notice: Notice) => void) | null = null;

  give(notice: Notice): void {
    if (this.listener !== null) this.listener(notice);
    else if (this.kept.length < NOTICES_KEPT) this.kept.push(notice);
  }

  /** One listener, who first hears what was kept. */
  hear(listener: (notice: Notice) => void): void {
    this.listener = listener;
    for (const notice of this.kept.splice(0)) listener(notice);
  }
}

export function openNotices({ torn, indexRebuilt, clean, position, scanned }: OpenReport): readonly Notice[] {
  return [
    ...(torn === null ? [] : [{ level: 'warn', message: `a crash had left ${torn.bytes} unfinished bytes at position ${torn.position}; they were never acknowledged and are kept in ${torn.file}` } as const]),
    ...(indexRebuilt ? [{ level: 'warn', message: `the index was built anew from ${scanned} events` } as const] : []),
    ...(clean || position === 0 ? [] : [{ level: 'info', message: `the last stop was not a clean one; ${scanned} events were read again up to position ${position}` } as const]),
  ];
}

export function eventNotice(event: StoreEvent): Notice {
  switch (event.kind) {
    case 'appends-refused':
      return { level: 'error', message: event.error.message, error: event.error };
    case 'appends-resumed':
      return { level: 'info', message: 'the log can be written again; appends are taken' };
    case 'index-failed':
      return { level: 'error', message: 'the index could not be written; it is tried again', error: event.error };
    case 'damage-found':
    case 'index-damaged':
      return { level: 'error', message: event.error.message, error: event.error };
    case 'publish-failed':
      return { level: 'warn', message: 'the head of the log, or the mark of a clean stop, could not be written', error: event.error };
  }
}
