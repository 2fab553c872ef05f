// What one service says of itself: whether it is ready, and its metrics. A service that cannot be asked is a reading too.
import { messageOf } from './failure.js';
import { reasonOf } from './service-client.js';
import { parseExposition, type Exposition } from './status-exposition.js';

export interface Reading {
  readonly url: string;
  /** Null: it did not say. */
  readonly ready: boolean | null;
  /** What is not as it should be, in sentences without a full stop. */
  readonly why: readonly string[];
  /** Null: they could not be read. */
  readonly metrics: Exposition | null;
}

export interface Access {
  readonly key?: string;
  readonly signal: AbortSignal;
}

/** A screen is refreshed every few seconds; who has not answered by then is as good as away. */
const ANSWER_MS_MAX = 5_000;

export async function readService(url: string, access: Access): Promise<Reading> {
  try {
    const [health, metrics] = await Promise.all([get(`${url}/health/ready`, access), get(`${url}/metrics`, access)]);
    const { ready, why } = readinessOf(health);
    if (metrics.status === 200) return { url, ready, why, metrics: parseExposition(metrics.text) };
    const hint = metrics.status === 401 || metrics.status === 403 ? ' (--key or TRELLIS_KEY, of the role operator)' : '';
    return { url, ready, why: [...why, `/metrics answered ${metrics.status}${hint}`], metrics: null };
  } catch (error) {
    access.signal.throwIfAborted();
    return { url, ready: null, why: [messageOf(error)], metrics: null };
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function get(url: string, { key, signal }: Access): Promise<Answer> {
  try {
    const response = await fetch(url, {
      headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw new Error(`cannot be reached: ${reasonOf(error, ANSWER_MS_MAX)}`, { cause: error });
  }
}

/** 200 and 503 both carry the checks. */
function readinessOf({ status, text }: Answer): Pick<Reading, 'ready' | 'why'> {
  const body = jsonOf(text);
  if (body === null || typeof body.ready !== 'boolean') return { ready: null, why: [`/health/ready answered ${status}: nothing that Trellis would answer`] };
  const checks = typeof body.checks === 'object' && body.checks !== null ? Object.entries(body.checks) : [];
  return { ready: body.ready, why: checks.filter(([, answer]) => answer !== null).map(([name, answer]) => `${name}: ${String(answer)}`) };
}

function jsonOf(text: string): { readonly ready?: unknown; readonly checks?: unknown } | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' ? body : null;
  } catch {
    return null;
  }
}

