// Who takes the events of an import: the engine in this process, or one over HTTP.
import type { Engine } from '@trellis/engine';
import { Edge, Intake, type Intaken } from '@trellis/ingest';
import { DEFAULT_TENANT } from '@trellis/service';
import { Failure } from './failure.js';
import type { ServiceClient } from './service-client.js';

export interface Taker {
  /** Resolves when all that was accepted is durable. Calls may overlap; the answers of one learner keep their order. */
  take(events: readonly object[]): Promise<Taken>;
  /** Everything taken so far lies at or before it. */
  position(): Promise<string | null>;
}

export type Taken = Pick<Intaken, 'accepted' | 'duplicates' | 'rejected'>;

export function embeddedTaker(engine: Engine, now: () => number): Taker {
  const { store, codec } = engine.sources;
  const intake = new Intake(store, new Edge(engine.catalogue, codec), now);
  return { take: (events) => intake.take(DEFAULT_TENANT, events), position: () => store.head() };
}

/** Requests at once; each learner's events always go the same way, because what has no time is ordered by arrival. */
const WAYS = 4;
/** Well under what a service takes (5 MiB). */
const BODY_CHARS_MAX = 1024 * 1024;

interface Part {
  readonly indexes: number[];
  body: string;
}

export function httpTaker(client: ServiceClient): Taker {
  const ways: Promise<unknown>[] = Array.from({ length: WAYS }, () => Promise.resolve());

  async function post(body: string): Promise<Intaken> {
    const answer = await client.send({ method: 'POST', path: '/v1/events', body, type: 'application/x-ndjson' });
    if (!isIntaken(answer)) throw new Failure('the service answered an import with something else; is it a Trellis of this version?');
    return answer;
  }

  async function send(part: Part): Promise<Taken> {
    const answer = await post(part.body);
    // Back from the place in the request to the place in the batch.
    return { ...answer, rejected: answer.rejected.map((rejection) => ({ ...rejection, index: part.indexes[rejection.index] ?? rejection.index })) };
  }

  return {
    async take(events) {
      const answers = partsOf(events).map(({ way, part }) => {
        const sent = (ways[way] ?? Promise.resolve()).then(() => send(part));
        ways[way] = sent;
        // Whoever comes after it in this way fails with it; each failure is decided on where its batch is awaited.
        sent.catch(() => undefined);
        return sent;
      });
      return joined(await Promise.all(answers));
    },
    // Positions cannot be compared from outside; an empty batch is answered with the newest.
    position: async () => (await post('\n')).position,
  };
}

function partsOf(events: readonly object[]): { readonly way: number; readonly part: Part }[] {
  const parts: { readonly way: number; readonly part: Part }[] = [];
  const open = new Map<number, Part>();
  for (const [index, event] of events.entries()) {
    const way = wayOf(event);
    const line = JSON.stringify(event);
    let part = open.get(way);
    if (part === undefined || part.body.length + line.length > BODY_CHARS_MAX) {
      part = { indexes: [], body: '' };
      open.set(way, part);
      parts.push({ way, part });
    }
    part.indexes.push(index);
    part.body += `${line}\n`;
  }
  return parts;
}

function wayOf(event: object): number {
  const learner = 'learner' in event ? String(event.learner) : '';
  let hash = 0;
  for (let at = 0; at < learner.length; at++) hash = (Math.imul(hash, 31) + learner.charCodeAt(at)) >>> 0;
  return hash % WAYS;
}

function joined(answers: readonly Taken[]): Taken {
  return {
    accepted: answers.reduce((sum, { accepted }) => sum + accepted, 0),
    duplicates: answers.reduce((sum, { duplicates }) => sum + duplicates, 0),
    rejected: answers.flatMap(({ rejected }) => rejected),
  };
}

function isIntaken(answer: unknown): answer is Intaken {
  return typeof answer === 'object' && answer !== null && 'accepted' in answer && 'duplicates' in answer && 'rejected' in answer && Array.isArray(answer.rejected);
}
