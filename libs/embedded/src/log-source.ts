// What reads and followers need of a log, whether this process writes it or another one does.
import type { DamageError, IndexDamageError } from './errors.js';
import type { EventIndex } from './event-index.js';
import type { LogParts } from './log-reader.js';

export interface LogSource {
  readonly log: LogParts;
  readonly index: EventIndex;
  readonly closed: boolean;
  /** The newest durable position as far as this process knows; 0 for an empty log. */
  readonly durablePosition: number;
  /** Learns of what is durable now; throws once the store is closed. */
  refresh(): Promise<void> | undefined;
  /** Resolves when something behind `position` is durable, at the signal, or when the store closes. */
  more(position: number, signal: AbortSignal): Promise<void>;
  /** Hears that the index led to another event than it should have. */
  indexDamaged(error: IndexDamageError): Promise<void>;
  /** Hears of damage that a read met. */
  damageFound(error: DamageError): void;
}

/** Who waits for more, woken all at once. */
export class Waiting {
  private readonly resumes = new Set<() => void>();

  wake(): void {
    for (const resume of this.resumes) resume();
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        this.resumes.delete(resume);
        signal.removeEventListener('abort', resume);
        resolve();
      };
      this.resumes.add(resume);
      signal.addEventListener('abort', resume);
      if (signal.aborted) resume();
    });
  }
}
