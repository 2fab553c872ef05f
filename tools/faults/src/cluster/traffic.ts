// What platforms do meanwhile, from a seed: events by Kafka in every form and by HTTP, some late, some sent twice or both ways at once, some
// without a key, so that one learner's are in several partitions; each is sent until it is acknowledged. Whoever answers alone asks what next at another service.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Publisher } from '@trellis/engine';
import type { Randomness } from '../randomness.js';
import type { System } from './system.js';

export interface SentEvent {
  readonly id: string;
  readonly source: string;
  readonly type: 'AnswerGiven';
  readonly learner: string;
  readonly occurredAt: string;
  readonly data: { readonly item: string; readonly correct: boolean };
}

export interface Sent {
  /** By the id that the source gave. Every one of them was acknowledged. */
  readonly acknowledged: ReadonlyMap<string, SentEvent>;
  /** How often anything was sent once more, after an acknowledgement or without one. */
  readonly resent: number;
  /** The ids of the recommendations that were answered. */
  readonly chosen: ReadonlySet<string>;
  /** Choices that did not rest on the answer before them. */
  readonly stale: readonly string[];
}

export const LEARNERS = 250;
const SKILLS = 8;
const ITEMS_EACH = 12;
const SOURCE = 'drill';
const BEGIN = Date.UTC(2026, 2, 2, 8);
const LATE_MS = 3_600_000;

/** So many of the messages go to any partition. */
const KEYLESS = 0.2;

const KAFKA_TOGETHER = 100;
const HTTP_TOGETHER = 100;
const TRIES_MAX = 240;
const RETRY_MS = 250;
const ANSWER_MS_MAX = 20_000;
/** Requests and publications under way. */
const WORKERS = 6;

export function course(): object {
  const skills = Array.from({ length: SKILLS }, (_, n) => ({ id: `s${n}`, title: `Skill ${n}`, prerequisites: n === 0 ? [] : [{ skill: `s${n - 1}`, strength: 'soft' }] }));
  const items = skills.flatMap(({ id }) => Array.from({ length: ITEMS_EACH }, (_, n) => ({ id: `${id}-${n}`, skills: [id], kind: 'practice' })));
  return { title: 'Drill', language: 'en', skills, items, objectives: [] };
}

export class Traffic {
  private readonly acknowledged = new Map<string, SentEvent>();
  private readonly stale: string[] = [];
  private readonly publisher: Publisher;
  private resent = 0;
  private readonly chosen = new Set<string>();
  private made = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly system: System,
    private readonly random: Randomness,
  ) {
    this.publisher = system.transport.kafka.publisher();
  }

  get count(): number {
    return this.acknowledged.size;
  }

  async publishCourse(id = 'drill', content: object = course()): Promise<void> {
    await this.request('PUT', () => `${this.ingest}/v1/courses/${id}`, content);
  }

  /** One that was acknowledged already; waits for the first. */
  async known(): Promise<SentEvent> {
    for (;;) {
      const [first] = this.acknowledged.values();
      if (first !== undefined) return first;
      await sleep(RETRY_MS);
    }
  }

  /** Until so many events are acknowledged. */
  async run(events: number): Promise<void> {
    const until = this.made + events;
    await Promise.all(
      Array.from({ length: WORKERS }, async () => {
        while (this.made < until && !this.stopping.signal.aborted) await this.some(until);
      }),
    );
  }

  async end(): Promise<Sent> {
    this.stopping.abort();
    await this.publisher.close();
    return { acknowledged: this.acknowledged, resent: this.resent, chosen: this.chosen, stale: this.stale };
  }

  private some(until: number): Promise<void> {
    const left = until - this.made;
    const how = this.random.weighted({ kafka: 3, batch: 3, both: 1, alone: 12 });
    if (how === 'alone') return this.alone(this.event());
    const batch = Array.from({ length: Math.min(left, how === 'batch' ? HTTP_TOGETHER : KAFKA_TOGETHER) }, () => this.event());
    // Somebody is not sure, and sends a few once more.
    const again = this.random.chance(0.3) ? batch.filter(() => this.random.chance(0.2)) : [];
    this.resent += again.length;
    if (how === 'both') {
      this.resent += batch.length;
      return Promise.all([this.byKafka([...batch, ...again]), this.byHttp(batch)]).then(() => undefined);
    }
    return how === 'kafka' ? this.byKafka([...batch, ...again]) : this.byHttp([...batch, ...again]);
  }

  private event(): SentEvent {
    const n = this.made++;
    const random = this.random;
    // The times of one learner differ, so that their order is that of the events.
    const at = BEGIN + n * 1_000 - (random.chance(0.05) ? LATE_MS : 0);
    return {
      id: `d${n}`,
      source: SOURCE,
      type: 'AnswerGiven',
      learner: `learner-${random.below(LEARNERS)}`,
      occurredAt: new Date(at).toISOString(),
      data: { item: `s${random.below(SKILLS)}-${random.below(ITEMS_EACH)}`, correct: random.chance(0.7) },
    };
  }

  private async byKafka(events: readonly SentEvent[]): Promise<void> {
    const [topic = ''] = this.system.transport.topics.ingress.keys();
    const messages = events.map((event) => messageOf(event, this.random.weighted({ native: 4, binary: 1, structured: 1 }), this.random.chance(KEYLESS)));
    await this.untilDone(() => this.publisher.publish(topic, messages));
    this.acknowledge(events);
  }

  private async byHttp(events: readonly SentEvent[]): Promise<void> {
    const { accepted, duplicates, rejected } = await this.request<{ accepted: number; duplicates: number; rejected: readonly unknown[] }>('POST', () => `${this.ingest}/v1/events`, events);
    if (accepted + duplicates !== events.length) throw new Error(`of ${events.length} events ${accepted} were accepted and ${duplicates} known: ${JSON.stringify(rejected)}`);
    this.acknowledge(events);
  }

  private async alone(event: SentEvent): Promise<void> {
    const { id, source, occurredAt, learner, data } = event;
    const next = this.random.chance(0.5) ? '?next=1' : '';
    const { revision } = await this.request<{ revision: number }>('POST', () => `${this.ingest}/v1/learners/${learner}/answers${next}`, { id, source, occurredAt, ...data });
    this.acknowledge([event]);
    const { recommendationId, basedOn } = await this.request<{ recommendationId: string; basedOn: { revision: number } }>('POST', () => `${this.recommender}/v1/learners/${learner}/recommendations`, { count: 1, requestId: id });
    this.chosen.add(recommendationId);
    if (basedOn.revision < revision) this.stale.push(`${id} of ${learner}: answered at revision ${revision}, chosen from ${basedOn.revision}`);
  }

  /** Theirs to be effective from now on. */
  acknowledge(events: readonly SentEvent[]): void {
    for (const event of events) this.acknowledged.set(event.id, event);
  }

  /** Another one each time: no session sticks to a service. */
  private get recommender(): string {
    return this.random.pick(this.system.of('recommender')).url;
  }

  private get ingest(): string {
    return this.random.pick(this.system.of('ingest')).url;
  }

  private request<Body>(method: 'POST' | 'PUT', url: () => string, body: unknown): Promise<Body> {
    return this.untilDone(async () => {
      const answer = await fetch(url(), { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      const text = await answer.text();
      // The spec's own claim of what comes back.
      if (answer.ok) return JSON.parse(text) as Body;
      if (answer.status < 500 && answer.status !== 429) throw new RefusedError(`${method} answered ${answer.status}: ${text}`);
      throw new Error(`${answer.status}: ${text}`);
    });
  }

  private async untilDone<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let tried = 1; ; tried++) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof RefusedError || tried >= TRIES_MAX || this.stopping.signal.aborted) throw error;
        this.resent++;
        await sleep(RETRY_MS);
      }
    }
  }
}

/** Sending it again cannot help. */
class RefusedError extends Error {}

function messageOf(event: SentEvent, form: 'native' | 'binary' | 'structured', isKeyless: boolean): { key: Uint8Array | null; value: Uint8Array; headers: Record<string, string> } {
  const key = isKeyless ? null : Buffer.from(event.learner);
  const { id, source, type, learner, occurredAt, data } = event;
  if (form === 'native') return { key, value: Buffer.from(JSON.stringify(event)), headers: {} };
  const attributes = { specversion: '1.0', id, source, type: `org.example.${type}`, subject: learner, time: occurredAt };
  if (form === 'structured') return { key, value: Buffer.from(JSON.stringify({ ...attributes, datacontenttype: 'application/json', data })), headers: { 'content-type': 'application/cloudevents+json' } };
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]));
  return { key, value: Buffer.from(JSON.stringify(data)), headers: { ...headers, 'content-type': 'application/json' } };
}
