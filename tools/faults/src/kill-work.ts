// What happens in a process until it is killed: writers of every kind beside each other, a projector, readers and followers,
// all on the real store.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Embedded } from '@trellis/embedded';
import { load, Projector, type Observation, type Outgoing, type Sources, type StreamName } from '@trellis/event-sourcing';
import { LEARNER_PREFIX } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerView } from '@trellis/views';
import { idInLife, type Call, type Line, type Orders } from './kill-lines.js';
import { Randomness } from './randomness.js';
import { numberOf } from './reference-log.js';
import { Schoolwork } from './schoolwork.js';

const WRITERS = 6;
const BREATH_MS_MAX = 4;
const APPEND_EVENTS_MAX = 5;
const BATCH_EVENTS_MAX = 24;
/** What a writer may send again. */
const SENT_MAX = 200;
const WRITE_ROWS_AFTER_MS = 4;
const READ_EVERY_MS = 40;

export type Say = (line: Line) => void;

export interface Work {
  readonly orders: Orders;
  readonly embedded: Embedded;
  readonly say: Say;
}

/** Two parts, for a clean close stops the readers first, and the writers only once it has begun. */
export interface Works {
  readonly writers: Promise<unknown>;
  readonly readers: Promise<unknown>;
}

export function begin({ orders, embedded, say }: Work, ends: { readonly writers: AbortSignal; readonly readers: AbortSignal }): Works {
  const random = new Randomness(orders.seed);
  const school = new Schoolwork(random.split('school'));
  const sources: Sources = { store: embedded.store, views: embedded.views, codec: school.codec };
  const projector = new Projector(sources, learnerView(() => DEFAULT_CALIBRATION), { pause, writeAfterMs: WRITE_ROWS_AFTER_MS });
  const sender = new Sender(sources, school, orders.life, say);
  const writers = Array.from({ length: WRITERS }, (_, n) => write(sender, random.split(`writer ${n}`), ends.writers));
  const readers = [projector.run(ends.readers), follow(sources, say, ends.readers), readAll(sources, random.split('reader'), ends.readers)];
  return { writers: Promise.all(writers), readers: Promise.all(readers) };
}

async function write(sender: Sender, random: Randomness, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sender.send(random);
    } catch (error) {
      // Only a store that is being closed refuses: the disk is whole.
      if (!(error instanceof Error) || !/store is closed$/.test(error.message)) throw error;
    }
    await sleep(random.below(BREATH_MS_MAX));
  }
}

class Sender {
  private calls = 0;
  private readonly sent: Observation[][] = [];

  constructor(
    private readonly sources: Sources,
    private readonly school: Schoolwork,
    private readonly life: number,
    private readonly say: Say,
  ) {}

  send(random: Randomness): Promise<void> {
    const stream = random.pick(this.school.streams);
    switch (random.weighted({ expecting: 4, any: 3, observations: 3, stale: 1, again: 2, contradicting: 1 })) {
      case 'expecting':
        return this.sendExpecting(stream, random);
      case 'any':
        return this.call({ kind: 'append', batch: this.events(stream, random), expected: 'any' });
      case 'observations':
        return this.call({ kind: 'observations', batch: this.observations(random), expected: 'any' });
      case 'stale':
        return this.call({ kind: 'append', batch: this.events(stream, random), expected: random.between(-1, 3) });
      case 'again':
        return this.sendAgain(random);
      case 'contradicting':
        return this.sendContradicting(random);
    }
  }

  private async sendExpecting(stream: StreamName, random: Randomness): Promise<void> {
    const n = this.calls++;
    this.say({ kind: 'glance', n, stream });
    const key = stream.slice(LEARNER_PREFIX.length);
    const expected = stream.startsWith(LEARNER_PREFIX) ? (await load(this.sources, learnerView(() => DEFAULT_CALIBRATION), key)).revision : await this.head(stream);
    await this.call({ kind: 'append', batch: this.events(stream, random), expected }, n);
  }

  private async sendAgain(random: Randomness): Promise<void> {
    if (this.sent.length === 0) return;
    const batch = random.pick(this.sent);
    const [first] = batch;
    const isOfOneStream = batch.every(({ stream }) => stream === first?.stream);
    await this.call({ kind: isOfOneStream && random.chance(0.5) ? 'append' : 'observations', batch, expected: 'any' });
  }

  private async sendContradicting(random: Randomness): Promise<void> {
    if (this.sent.length === 0) return;
    const batch = random.pick(this.sent).map(({ stream, event }) => ({ stream, event: this.school.contradiction(event) }));
    await this.call({ kind: 'observations', batch: [...batch, ...this.observations(random)], expected: 'any' });
  }

  private async call(call: Call, glance: number | null = null): Promise<void> {
    const n = glance ?? this.calls++;
    const { store } = this.sources;
    this.say({ kind: 'begin', n, call, glance });
    if (call.kind === 'observations') this.say({ kind: 'recorded', n, answer: await store.appendObservations(call.batch) });
    else this.say({ kind: 'appended', n, answer: await store.append(call.batch[0]?.stream ?? none(), call.batch.map(({ event }) => event), call.expected) });
  }

  private events(stream: StreamName, random: Randomness): Observation[] {
    return this.keep(Array.from({ length: random.between(1, APPEND_EVENTS_MAX) }, () => ({ stream, event: this.ofThisLife(this.school.event(stream)) })));
  }

  private observations(random: Randomness): Observation[] {
    const made = Array.from({ length: random.between(1, BATCH_EVENTS_MAX) }, () => this.school.observation());
    const fresh = made.map(({ stream, event }) => ({ stream, event: this.ofThisLife(event) }));
    const again = this.sent.length > 0 && random.chance(0.3) ? random.pick(this.sent) : [];
    return [...again, ...this.keep(fresh)];
  }

  private keep(batch: Observation[]): Observation[] {
    this.sent.push(batch);
    if (this.sent.length > SENT_MAX) this.sent.shift();
    return batch;
  }

  private ofThisLife(event: Outgoing): Outgoing {
    return { ...event, id: idInLife(event.id, this.life) };
  }

  private async head(stream: StreamName): Promise<number> {
    let revision = -1;
    for await (const page of this.sources.store.read(stream)) revision = page.at(-1)?.revision ?? revision;
    return revision;
  }
}

/** Everything from the first event on, then what comes. */
async function follow({ store }: Sources, say: Say, signal: AbortSignal): Promise<void> {
  let from = 0;
  for await (const page of store.follow({ after: null, signal })) {
    const to = numberOf(page.position);
    say({ kind: 'followed', from, to, count: page.records.length });
    from = to;
  }
}

/** Reads of the whole log beside everything else. */
async function readAll({ store }: Sources, random: Randomness, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let last = 0;
    for await (const page of store.readAll()) {
      for (const { position } of page) {
        if (Number(position) !== last + 1) throw new Error(`readAll gave ${position} behind ${last}`);
        last++;
      }
    }
    await sleep(random.below(READ_EVERY_MS));
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  // The signal ends the pause; that is no error.
  await sleep(Math.min(ms, WRITE_ROWS_AFTER_MS), undefined, { signal }).catch(() => undefined);
}

function none(): never {
  throw new Error('an append without events');
}
