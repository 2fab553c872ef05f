// What must hold once everything has come to rest, checked on the log, the rows and the offsets themselves.
import { setTimeout as sleep } from 'node:timers/promises';
import { known, type Envelope, type StreamName } from '@trellis/event-sourcing';
import { listParked } from '@trellis/ingest';
import { recommendationId } from '@trellis/learning';
import { uuidV5 } from '@trellis/service';
import type { System } from './system.js';
import type { Sent } from './traffic.js';

export interface Audited {
  readonly violations: readonly string[];
  readonly counts: {
    readonly acknowledged: number;
    readonly resent: number;
    /** Events of the log. */
    readonly events: number;
    /** Answers that the log holds more than once. */
    readonly repeats: number;
    readonly rows: number;
    readonly recommendations: number;
    readonly parked: number;
  };
}

export interface Expected {
  readonly settledMsMax: number;
  /** Messages that nobody can take. */
  readonly parked: number;
}

const LOOK_MS = 100;
/** More would say nothing new. */
const LISTED_MAX = 5;

/** Waits until rows and offsets have caught up, for a limited time; then says what is not as it must be. */
export async function audit(system: System, sent: Sent, expected: Expected): Promise<Audited> {
  const behind = await settled(system, expected.settledMsMax);
  const streams = await eventsOf(system);
  const violations = [...behind, ...sent.stale.map((choice) => `a stale recommendation: ${choice}`)];
  const repeats = checkEffects(streams, sent, violations);
  const rows = await checkRows(system, streams, violations);
  const recommendations = checkRecommendations(streams, sent, violations);
  const parked = await checkParked(system, expected, violations);
  const events = [...streams.values()].reduce((sum, all) => sum + all.length, 0);
  return { violations, counts: { acknowledged: sent.acknowledged.size, resent: sent.resent, events, repeats, rows, recommendations, parked } };
}

type Streams = ReadonlyMap<StreamName, readonly Envelope[]>;

async function eventsOf({ engine }: System): Promise<Streams> {
  const streams = new Map<StreamName, Envelope[]>();
  for await (const page of engine.sources.store.readAll()) {
    for (const event of known(engine.sources.codec, page)) {
      const all = streams.get(event.stream) ?? [];
      all.push(event);
      streams.set(event.stream, all);
    }
  }
  return streams;
}

/** Every acknowledged event is there, and counts once. Answers how many are in the log more than once. */
function checkEffects(streams: Streams, { acknowledged }: Sent, violations: string[]): number {
  let repeats = 0;
  const seen = new Set<string>();
  for (const [stream, events] of streams) {
    for (const { id } of events.filter(({ type }) => type === 'AnswerGiven')) {
      if (seen.has(`${stream} ${id}`)) repeats++;
      seen.add(`${stream} ${id}`);
    }
  }
  const lost = [...acknowledged.values()].filter(({ id, source, learner }) => !seen.has(`learner-default.${learner} ${uuidV5(`default\n${source}\n${id}`)}`));
  if (lost.length > 0) violations.push(`${lost.length} acknowledged events are not in the log: ${lost.slice(0, LISTED_MAX).map(({ id }) => id).join(', ')}`);
  if (seen.size > acknowledged.size) violations.push(`the log holds ${seen.size} different answers and ${acknowledged.size} were sent`);
  return repeats;
}

/** Each row is the fold of its whole stream, and counts each answer once. */
async function checkRows({ engine }: System, streams: Streams, violations: string[]): Promise<number> {
  const view = engine.recommender.learners;
  const learners = [...streams].filter(([stream]) => stream.startsWith(view.prefix));
  const rows = await engine.views.read({ name: view.name }, learners.map(([stream]) => stream.slice(view.prefix.length)));
  const wrong: string[] = [];
  for (const [at, [stream, events]] of learners.entries()) {
    const state = view.refold(stream.slice(view.prefix.length), events);
    const answers = new Set(events.filter(({ type }) => type === 'AnswerGiven').map(({ id }) => id)).size;
    if (state.answers !== answers) violations.push(`${stream} counts ${state.answers} answers and has ${answers}`);
    const row = rows[at];
    const end = events.at(-1)?.revision;
    if (row === null || row === undefined) wrong.push(`${stream} has no row`);
    else if (row.revision !== end) wrong.push(`the row of ${stream} is at ${row.revision} and its end at ${end}`);
    else if (!Buffer.from(view.encode(state)).equals(row.bytes)) wrong.push(`the row of ${stream} is not the fold of its stream`);
  }
  if (wrong.length > 0) violations.push(`${wrong.length} rows are wrong: ${wrong.slice(0, LISTED_MAX).join('; ')}`);
  return learners.length;
}

/** A choice rests on everything that the stream held before it, is made once, and is there when somebody was told of it. */
function checkRecommendations(streams: Streams, { chosen }: Sent, violations: string[]): number {
  const made = new Set<string>();
  const ids = new Set<string>();
  let count = 0;
  for (const [stream, events] of streams) {
    for (const { id, type, data, revision } of events) {
      if (type !== 'RecommendationMade') continue;
      count++;
      made.add(recommendationId(stream, revision));
      ids.add(id);
      // `RecommendationMade` says so.
      const { basedOn } = data as { readonly basedOn: { readonly revision: number } };
      if (basedOn.revision !== revision - 1) violations.push(`${stream}@${revision} rests on ${basedOn.revision}`);
    }
  }
  const lost = [...chosen].filter((id) => !made.has(id));
  if (lost.length > 0) violations.push(`${lost.length} recommendations that were answered are not in the log: ${lost.slice(0, LISTED_MAX).join(', ')}`);
  if (ids.size < count) violations.push(`${count - ids.size} recommendations are in the log more than once`);
  return count;
}

/** Nothing was given up but what nobody can take. */
async function checkParked({ transport }: System, expected: Expected, violations: string[]): Promise<number> {
  const parked = await listParked(transport);
  if (parked.length !== expected.parked) {
    const listed = parked.slice(0, LISTED_MAX).map(({ at, reason }) => `${at} ${reason.code} (${reason.message})`);
    violations.push(`${parked.length} messages are parked, not ${expected.parked}: ${listed.join('; ')}`);
  }
  return parked.length;
}

/** What has not caught up when the time is over. */
async function settled(system: System, settledMsMax: number): Promise<readonly string[]> {
  const behind = await lastOf(() => lagging(system), settledMsMax);
  return behind.map((what) => `after ${settledMsMax / 1_000} s ${what}`);
}

/** How many messages ingest has committed, and has still to commit, over all its topics. */
export async function ingested({ transport: { kafka, topics, groups } }: System): Promise<{ readonly committed: bigint; readonly left: bigint }> {
  const offsets = (await Promise.all(Array.from(topics.ingress.keys(), (name) => kafka.offsets(groups.ingest, name)))).flat();
  const sum = (of: (partition: (typeof offsets)[number]) => bigint): bigint => offsets.reduce((total, partition) => total + of(partition), 0n);
  return { committed: sum(({ committed, begin }) => committed ?? begin), left: sum(({ committed, begin, end }) => end - (committed ?? begin)) };
}

/** Looks until nothing is behind any more; what still is when the time is over. */
export async function lastOf(look: () => Promise<readonly string[]>, msMax: number): Promise<readonly string[]> {
  for (const end = performance.now() + msMax; ; await sleep(LOOK_MS)) {
    const behind = await look().catch((error: unknown) => [String(error)]);
    if (behind.length === 0 || performance.now() > end) return behind;
  }
}

/** Groups that have not committed everything there is, and the relay. */
export async function uncommitted(system: System): Promise<readonly string[]> {
  const { kafka, topics, groups } = system.transport;
  const behind: string[] = [];
  for (const [group, topic] of [...Array.from(topics.ingress.keys(), (name) => [groups.ingest, name] as const), [groups.projector, topics.events] as const]) {
    const offsets = await kafka.offsets(group, topic);
    const left = offsets.reduce((sum, { committed, begin, end }) => sum + Number(end - (committed ?? begin)), 0);
    if (left > 0) behind.push(`${group} is ${left} messages behind`);
  }
  if (behind.length === 0 && (await relayed(system)) > 0) behind.push('the relay is behind the log');
  return behind;
}

async function lagging(system: System): Promise<readonly string[]> {
  const behind = await uncommitted(system);
  if (behind.length > 0) return behind;
  // A row may wait for others to share its writing; after that only a rebuild or a healing can still be under way.
  const { engine } = system;
  const view = engine.recommender.learners;
  const ends = new Map<string, number>();
  for await (const page of engine.sources.store.readAll({ prefix: view.prefix })) for (const { stream, revision } of page) ends.set(stream.slice(view.prefix.length), revision);
  const rows = await engine.views.read({ name: view.name }, [...ends.keys()]);
  const missing = [...ends.values()].filter((revision, at) => rows[at]?.revision !== revision).length;
  return missing === 0 ? [] : [`${missing} rows are behind their streams`];
}

/** How many events the leader has still to relay; one where nobody leads. */
async function relayed(system: System): Promise<number> {
  const leader = await system.leader();
  if (leader === null) return 1;
  const text = await (await fetch(`${leader.url}/metrics`)).text();
  return Number(/^trellis_relay_lag_events (\d+)/m.exec(text)?.[1] ?? 1);
}
