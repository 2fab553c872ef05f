// One subscription as pages that are pulled. What waits in this process is bounded: while nobody takes a page, the call is paused, the
// stream fills up, and the server is held back by the flow control of HTTP/2.
import { setImmediate as turn } from 'node:timers/promises';
import { convertToCommandError } from '@kurrent/kurrentdb-client';
import type { Answer, KeptEvent } from './answers.js';
import { KurrentError } from './errors.js';
import { FEED_BYTES_MAX, FEED_EVENTS_MAX, GATHER_MS_MAX, SILENCE_MS_MAX } from './limits.js';
import { later, type Place } from './place.js';
import type { AnswerCall } from './reading-client.js';

export interface FeedPage {
  readonly events: readonly KeptEvent[];
  /** The log was looked at up to here, by what the server said. */
  readonly reached: Place | null;
  /** The subscription has caught up since the page before. */
  readonly hasCaughtUp: boolean;
  /** Nothing that the server has sent waits, and the server has nothing more. */
  readonly isLive: boolean;
}

export class Feed {
  private waiting: Answer[] = [];
  private waitingBytes = 0;
  private call: AnswerCall | null = null;
  /** By the last answer that was taken. */
  private isLive = false;
  /** By the last answer that has come. */
  private isLiveBehind = false;
  private isConfirmed = false;
  private isGathering = false;
  private isOver = false;
  private failure: unknown = null;
  private wake: (() => void) | null = null;

  constructor(
    open: (listen: (call: AnswerCall) => void) => Promise<unknown>,
    private readonly confirmMsMax: number,
    private readonly signal: AbortSignal,
  ) {
    open((call) => this.listen(call)).catch((error: unknown) => this.over(error));
    signal.addEventListener('abort', this.rouse);
  }

  /** The next page once there is news, or null when the signal or the server has ended the subscription. Throws what broke it. */
  async next(): Promise<FeedPage | null> {
    for (;;) {
      if (this.signal.aborted) return null;
      if (this.waiting.length > 0) {
        await this.gathered();
        const page = this.take();
        if (page !== null) return page;
        continue;
      }
      if (this.failure !== null) throw this.failure;
      if (this.isOver) return null;
      await this.news();
    }
  }

  end(): void {
    this.signal.removeEventListener('abort', this.rouse);
    this.isOver = true;
    this.call?.cancel();
  }

  private listen(call: AnswerCall): void {
    this.call = call;
    call.on('data', (answer: Answer) => this.heard(answer));
    call.on('error', (error) => this.over(convertToCommandError(error)));
    call.on('end', () => this.over(null));
    // Ended before it was opened.
    if (this.isOver) call.cancel();
  }

  private heard(answer: Answer): void {
    if (this.isOver) return;
    if (answer.kind === 'confirmation') this.isConfirmed = true;
    if (answer.kind === 'caught-up') this.isLiveBehind = true;
    if (answer.kind === 'fell-behind') this.isLiveBehind = false;
    this.waiting.push(answer);
    if (answer.kind === 'event') this.waitingBytes += answer.event.data.length;
    if (this.isFull()) this.call?.pause();
    if (!this.isGathering || this.isGathered()) this.rouse();
  }

  /** A page of what waits; null if it has no news. */
  private take(): FeedPage | null {
    const events: KeptEvent[] = [];
    let reached: Place | null = null;
    let hasCaughtUp = false;
    let isNews = false;
    // All of it: what waits is bounded by the size of a page.
    for (const answer of this.waiting) {
      if (answer.kind === 'event') events.push(answer.event);
      else if (answer.kind === 'checkpoint') reached = later(reached, answer.place);
      else if (answer.kind === 'caught-up') hasCaughtUp = this.isLive = true;
      else if (answer.kind === 'fell-behind') this.isLive = false;
      isNews ||= answer.kind !== 'confirmation' && answer.kind !== 'other';
    }
    this.waiting = [];
    this.waitingBytes = 0;
    const isLive = this.isLive && this.call?.readableLength === 0;
    if (this.call?.isPaused() === true) this.call.resume();
    return isNews ? { events, reached, hasCaughtUp, isLive } : null;
  }

  /** While there is much to catch up with, answers come one at a time but in quick succession: they make one page. */
  private async gathered(): Promise<void> {
    await turn();
    if (this.isGathered()) return;
    this.isGathering = true;
    await this.roused(GATHER_MS_MAX);
    this.isGathering = false;
  }

  private isGathered(): boolean {
    return this.isLiveBehind || this.isFull() || this.isOver || this.signal.aborted;
  }

  private async news(): Promise<void> {
    const patienceMs = this.isConfirmed ? SILENCE_MS_MAX : this.confirmMsMax;
    const isPatient = this.isLive;
    const isRoused = await this.roused(isPatient ? Infinity : patienceMs);
    if (!isRoused) this.over(new KurrentError(`following the log: nothing came for ${patienceMs} ms`, true));
  }

  /** False if it took too long. */
  private async roused(ms: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const isRoused = await new Promise<boolean>((resolve) => {
      this.wake = () => resolve(true);
      if (ms !== Infinity) timer = setTimeout(() => resolve(false), ms);
    });
    clearTimeout(timer);
    this.wake = null;
    return isRoused;
  }

  private isFull(): boolean {
    return this.waiting.length >= FEED_EVENTS_MAX || this.waitingBytes >= FEED_BYTES_MAX;
  }

  private over(error: unknown): void {
    this.isOver = true;
    this.failure ??= error;
    this.rouse();
  }

  private readonly rouse = (): void => this.wake?.();
}
