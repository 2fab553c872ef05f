// kafkajs 2.2.4 keeps a timer of one millisecond on every connection for as long as it is open, and Node warns of the negative time that it
// asks for: an idle process spends 2 % of a core on it. The timer is for requests that a broker has throttled or that wait for
// others; here it is set for those only. https://github.com/tulios/kafkajs/issues/1751
import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const CHECK_MS = 10;

/** Where the client is another version and has no such queue, nothing is done. */
export function quietIdleTimers(): void {
  const queue = (createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as { readonly prototype?: Partial<RequestQueue> }).prototype;
  if (queue?.scheduleCheckPendingRequests === undefined) return;
  queue.scheduleCheckPendingRequests = function (this: RequestQueue) {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(CHECK_MS, this.throttledUntil - Date.now()),
    );
  };
}
