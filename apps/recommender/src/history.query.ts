import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { known, type DomainEvent, type Envelope, type EventId, type Instant, type Revision, type Sources } from '@trellis/event-sourcing';
import { isObservation, learnerStream, recommendationId, type Decision, type LearnerId, type TenantId } from '@trellis/learning';
import { Recommender } from '@trellis/recommendation';

/** answered: answers, and what became of their scores. told: every other observation. */
export type HistoryKind = 'answered' | 'recommended' | 'decided' | 'told';

export interface HistoryEntry {
  readonly revision: Revision;
  readonly id: EventId;
  readonly kind: HistoryKind;
  readonly type: string;
  /** When it happened, and when it was recorded. */
  readonly at: Instant;
  readonly recordedAt: Instant;
  readonly source: string;
  readonly data: unknown;
}

export interface History {
  readonly learner: LearnerId;
  readonly entries: readonly HistoryEntry[];
  /** What to ask for next as `before`; null: nothing is older. */
  readonly next: Revision | null;
}

export interface HistoryAsked {
  readonly tenant: TenantId;
  readonly learner: LearnerId;
  readonly limit: number;
  /** Only what is older than this revision. */
  readonly before?: Revision;
  readonly kind?: HistoryKind;
}

export class HistoryQuery extends Query<History> {
  constructor(readonly asked: HistoryAsked) {
    super();
  }
}

export const HISTORY_LIMIT_MAX = 200;
/** Events read for one page: a kind that is rare may give a short page that says where to go on. */
const SCANNED_MAX = 2_000;
const CHUNK = 250;
/** What an answer's own later events are. */
const ANSWERED: ReadonlySet<string> = new Set(['AnswerGiven', 'AnswerScored', 'AnswerVoided']);

export const HISTORY_SOURCES = Symbol('sources of histories');

@QueryHandler(HistoryQuery)
export class HistoryHandler implements IQueryHandler<HistoryQuery> {
  constructor(
    @Inject(HISTORY_SOURCES) private readonly sources: Sources,
    @Inject(Recommender) private readonly recommender: Recommender,
  ) {}

  async execute({ asked }: HistoryQuery): Promise<History> {
    const { tenant, learner, limit, before, kind } = asked;
    const { revision } = await this.recommender.learner(tenant, learner);
    const newest = Math.min(before ?? Infinity, revision + 1) - 1;
    const entries: HistoryEntry[] = [];
    let reached = newest + 1;
    for (let to = newest; to >= 0 && entries.length < limit && newest - to < SCANNED_MAX; to -= CHUNK) {
      for (const event of (await this.read(asked, Math.max(0, to - CHUNK + 1), to)).toReversed()) {
        if (entries.length === limit) break;
        reached = event.revision;
        if (kind === undefined || kindOf(event) === kind) entries.push(entryOf(event));
      }
      // What the codec does not know counts as read, too.
      if (entries.length < limit) reached = Math.max(0, to - CHUNK + 1);
    }
    return { learner, entries, next: reached > 0 ? reached : null };
  }

  private async read({ tenant, learner }: HistoryAsked, from: Revision, to: Revision): Promise<readonly Envelope[]> {
    const events: Envelope[] = [];
    for await (const page of this.sources.store.read(learnerStream(tenant, learner), { from, to })) events.push(...known(this.sources.codec, page));
    return events;
  }
}

function kindOf({ type }: DomainEvent): HistoryKind {
  if (ANSWERED.has(type)) return 'answered';
  if (type === 'RecommendationMade') return 'recommended';
  return isObservation(type) ? 'told' : 'decided';
}

function entryOf(event: Envelope): HistoryEntry {
  const { revision, id, type, meta, recordedAt, data, stream } = event;
  // A type names the shape of its data.
  const shown = type === 'RecommendationMade' ? summary(data as Decision, recommendationId(stream, revision)) : data;
  return { revision, id, kind: kindOf(event), type, at: meta.occurredAt, recordedAt, source: meta.source, data: shown };
}

/** Everything else of a recommendation is at its own address. */
function summary({ wish, pacing, items }: Decision, id: string): object {
  const chosen = items.map(({ item, skills, action, reason }) => ({ item, skills, action, reason }));
  return { recommendationId: id, course: wish.course, pacing: { action: pacing.action, reason: pacing.reason }, items: chosen };
}
