// A running engine over HTTP. Everything sent is idempotent, so what got no answer is simply sent again.
import { setTimeout as pause } from 'node:timers/promises';
import { shown, type ProblemBody } from '@trellis/service';
import { codeOf, Failure, isError, messageOf, wrongUsage } from './failure.js';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: string;
  /** JSON if left out. */
  readonly type?: string;
}

export interface ClientOptions {
  readonly url: string;
  readonly key?: string;
  readonly signal: AbortSignal;
}

const TRIES_MAX = 8;
const ANSWER_MS_MAX = 60_000;
const PAUSE_FIRST_MS = 250;
const PAUSE_MAX_MS = 30_000;

export class ServiceClient {
  private readonly url: string;
  private hasAnswered = false;

  constructor(private readonly options: ClientOptions) {
    this.url = addressOf(options.url);
  }

  /** The answer's JSON. Tries again while the service is busy or cannot be reached, as often as `TRIES_MAX` says. */
  async send(request: Request): Promise<unknown> {
    let pauseMs = PAUSE_FIRST_MS;
    for (let tried = 1; ; tried++) {
      const answer = await this.once(request);
      if ('json' in answer) return answer.json;
      // Somebody wants to stop, and what was in flight has been turned away.
      const isLast = tried >= TRIES_MAX || this.options.signal.aborted;
      if (isLast) throw new Failure(tried === 1 ? answer.why : `${answer.why} (tried ${tried} times)`, 1, { cause: answer.cause });
      // Woken by the signal: the last try comes at once.
      await pause(Math.min(PAUSE_MAX_MS, answer.pauseMs ?? pauseMs), undefined, { signal: this.options.signal }).catch(() => undefined);
      pauseMs *= 2;
    }
  }

  /** The answer, or why to try again. Throws what another try will not change. */
  private async once({ method, path, body, type = 'application/json' }: Request): Promise<{ json: unknown } | { why: string; pauseMs?: number; cause?: unknown }> {
    const { key } = this.options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url + path, {
        method,
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }), ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
        ...(body === undefined ? {} : { body }),
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      text = await response.text();
    } catch (error) {
      const why = `${this.url} cannot be reached: ${reasonOf(error)}`;
      // Most likely a wrong address: no use to insist.
      if (!this.hasAnswered) throw new Failure(why, 1, { cause: error });
      return { why, cause: error };
    }
    this.hasAnswered = true;
    const { status } = response;
    const json = jsonOf(text);
    if (response.ok && json !== undefined) return { json };
    const why = `${this.url} answered ${status}: ${detailOf(json) ?? 'nothing that Trellis would answer; is this the address of a Trellis service?'}`;
    if (status !== 429 && status !== 503) throw new Failure(status === 401 ? `${why} (--key or TRELLIS_KEY)` : why);
    const seconds = Number(response.headers.get('retry-after'));
    return { why, ...(seconds > 0 ? { pauseMs: seconds * 1000 } : {}) };
  }
}

/** What `--url` says, without slashes at its end. */
export function addressOf(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) throw wrongUsage(`--url is ${shown(url)}; it must be an address such as http://127.0.0.1:7077`);
  return url.replace(/\/+$/, '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function detailOf(json: unknown): string | undefined {
  const detail = typeof json === 'object' && json !== null ? (json as Partial<ProblemBody>).detail : undefined; // unchecked, hence the next line
  return typeof detail === 'string' ? detail : undefined;
}

/** `fetch` says "fetch failed" and keeps the reason. */
export function reasonOf(error: unknown, answerMsMax = ANSWER_MS_MAX): string {
  const cause = isError(error) && error.cause !== undefined ? error.cause : error;
  switch (codeOf(cause)) {
    case 'ECONNREFUSED':
      return 'nobody listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no such host';
    default:
      if (isError(error) && error.name === 'TimeoutError') return `no answer within ${answerMsMax / 1000} seconds`;
      return messageOf(cause);
  }
}
