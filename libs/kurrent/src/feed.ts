// One subscription as pages that are pulled. What waits in this process is bounded: while nobody takes a page, the stream fills up and
// the server is held back by the flow control of HTTP/2.
import type { AllStreamSubscription, RecordedEvent } from '@kurrent/kurrentdb-client';
import { KurrentError } from './errors.js';
import { PAGE_EVENTS_MAX, SILENCE_MS_MAX } from './limits.js';
import { later, type Place } from './place.js';

export interface FeedPage {
  readonly events: readonly RecordedEvent[];
  /** The log was looked at up to here, by what the server said. */
  readonly reached: Place | null;
  /** The subscription has caught up since the page before. */
  readonly hasCaughtUp: boolean;
  /** Nothing that the server has sent waits, and the server has nothing more. */
  readonly isLive: boolean;
}

/** Something the server said between two events: after how many events, and what. */
interface Mark {
  readonly after: number;
  reached: Place | null;
  state: 'live' | 'behind' | null;
}

export class Feed {
  private readonly subscription: AllStreamSubscription;
  private readonly marks: Mark[] = [];
  private taken = 0;
  private isLive = false;
  private isConfirmed = false;
  private isOver = false;
  private failure: unknown = null;
  private wake: (() => void) | null = null;

  constructor(
    open: (onCheckpoint: (place: Place) => void) => AllStreamSubscription,
    private readonly confirmMsMax: number,
    private readonly signal: AbortSignal,
  ) {
    const subscription = open((reached) => this.mark(reached, null));
    this.subscription = subscription;
    subscription.on('confirmation', () => {
      this.isConfirmed = true;
      this.rouse();
    });
    subscription.on('caughtUp', () => this.mark(null, 'live'));
    subscription.on('fellBehind', () => this.mark(null, 'behind'));
    subscription.on('readable', this.rouse);
    subscription.on('error', (error) => this.over(error));
    subscription.on('end', () => this.over(null));
    subscription.on('close', () => this.over(null));
    signal.addEventListener('abort', this.rouse);
  }

  /** The next page once there is news, or null when the signal or the server has ended the subscription. Throws what broke it. */
  async next(): Promise<FeedPage | null> {
    for (;;) {
      if (this.signal.aborted) return null;
      const events: RecordedEvent[] = [];
      while (events.length < PAGE_EVENTS_MAX) {
        // `read` is not typed by the client: the stream holds what `subscribeToAll` promises, or nothing.
        const resolved = this.subscription.read() as { readonly event?: RecordedEvent } | null;
        if (resolved === null) break;
        this.taken++;
        if (resolved.event !== undefined) events.push(resolved.event);
      }
      const page = this.passed(events);
      if (page !== null) return page;
      if (this.failure !== null) throw this.failure;
      if (this.isOver) return null;
      await this.news();
    }
  }

  end(): void {
    this.signal.removeEventListener('abort', this.rouse);
    this.isOver = true;
    // Ends the call; a subscription that never came to be, or that broke, has nothing left to end.
    this.subscription.unsubscribe().catch(() => undefined);
    this.subscription.destroy();
  }

  /** The page with what the server said up to its last event; null if there is nothing to tell. */
  private passed(events: readonly RecordedEvent[]): FeedPage | null {
    let reached: Place | null = null;
    let hasCaughtUp = false;
    let isNews = events.length > 0;
    for (let mark = this.marks[0]; mark !== undefined && mark.after <= this.taken; mark = this.marks[0]) {
      this.marks.shift();
      isNews = true;
      reached = later(reached, mark.reached);
      if (mark.state !== null) this.isLive = mark.state === 'live';
      hasCaughtUp ||= mark.state === 'live';
    }
    return isNews ? { events, reached, hasCaughtUp, isLive: this.isLive && this.subscription.readableLength === 0 } : null;
  }

  /** Marks at the same event become one, so there are never more of them than events that wait. */
  private mark(reached: Place | null, state: Mark['state']): void {
    const after = this.taken + this.subscription.readableLength;
    const last = this.marks.at(-1);
    if (last?.after === after) {
      last.reached = later(last.reached, reached);
      last.state = state ?? last.state;
    } else this.marks.push({ after, reached, state });
    this.rouse();
  }

  private async news(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patienceMs = this.isConfirmed ? SILENCE_MS_MAX : this.confirmMsMax;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (this.isLive) return;
      timer = setTimeout(() => this.over(new KurrentError(`following the log: nothing came for ${patienceMs} ms`, true)), patienceMs);
    });
    clearTimeout(timer);
    this.wake = null;
  }

  private over(error: unknown): void {
    this.isOver = true;
    this.failure ??= error;
    this.rouse();
  }

  private readonly rouse = (): void => this.wake?.();
}
