// Batches of facts in: each row stands alone, so a bad row never loses a good one.
import type { EventStore, Observation, Position } from '@trellis/event-sourcing';
import type { TenantId } from '@trellis/learning';
import { malformedJson, shownValue, tooLarge, type ProblemCode } from '@trellis/service';
import type { Arrival, Edge, Flaw } from './edge.js';
import { eventSchema, type EventInput } from './event.schema.js';

export const BATCH_EVENTS_MAX = 5_000;

export interface Rejection extends Flaw {
  /** From 0, in the body. */
  readonly index: number;
  readonly id?: string;
}

export interface Intaken {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly Rejection[];
  readonly position: Position | null;
}

/** Rows that were taken, side by side. */
interface Kept {
  readonly observations: Observation[];
  readonly indexes: number[];
  readonly ids: string[];
}

export class Intake {
  constructor(
    private readonly store: EventStore,
    private readonly edge: Edge,
    private readonly now: () => number,
  ) {}

  /** A JSON array, or the lines of NDJSON; it is emptied. Throws a `Problem` only when the body as a whole cannot be read. */
  async take(tenant: TenantId, body: unknown): Promise<Intaken> {
    if (!Array.isArray(body)) throw malformedJson('The body must be a JSON array of events, or NDJSON with one event a line.');
    if (body.length > BATCH_EVENTS_MAX) throw tooLarge(`The body holds ${body.length} events; send at most ${BATCH_EVENTS_MAX} at once.`);
    const arrival = { at: this.now() };
    const { position, ...taken } = await this.takeRows(tenant, body, () => arrival);
    return { ...taken, position: position ?? (await this.store.head()) };
  }

  /** As many rows as a batch may have; they are let go of as they are read. The position is null where nothing was kept. */
  async takeRows(tenant: TenantId, rows: unknown[], arrival: (index: number) => Arrival): Promise<Intaken> {
    const rejected: Rejection[] = [];
    const kept: Kept = { observations: [], indexes: [], ids: [] };
    let isCurrent = false;
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index];
      // Events live on as what the log takes. As they were sent they would stay in memory until the disk has them, and outlive
      // what the garbage collector does cheaply.
      rows[index] = null;
      let observation = this.observation(tenant, row, arrival(index));
      if (!isCurrent && 'code' in observation && isUnknown(observation)) {
        // Perhaps only here: another process may have published it a moment ago.
        await this.edge.catchUp();
        isCurrent = true;
        observation = this.observation(tenant, row, arrival(index));
      }
      if ('code' in observation) rejected.push({ index, ...idOf(row), ...observation });
      else {
        kept.observations.push(observation);
        kept.indexes.push(index);
        // Its schema has passed.
        kept.ids.push((row as EventInput).id);
      }
    }
    if (kept.observations.length === 0) return { accepted: 0, duplicates: 0, rejected, position: null };
    const { outcomes, position } = await this.store.appendObservations(kept.observations);
    let accepted = 0;
    let duplicates = 0;
    for (let at = 0; at < outcomes.length; at++) {
      const outcome = outcomes[at];
      if (outcome === 'accepted') accepted++;
      else if (outcome === 'duplicate') duplicates++;
      else rejected.push({ index: kept.indexes[at] as number, id: kept.ids[at] as string, ...contradiction(kept.ids[at] as string) });
    }
    rejected.sort((a, b) => a.index - b.index);
    return { accepted, duplicates, rejected, position };
  }

  private observation(tenant: TenantId, row: unknown, arrival: Arrival): Observation | Flaw {
    if (row instanceof BadRow) return { field: row.field, value: shownValue(row.text), code: row.code, message: row.message };
    return eventSchema.check(row) ?? this.edge.observation(tenant, row as EventInput, arrival);
  }
}

/** What should be an event and cannot be read as one. */
export class BadRow {
  constructor(
    readonly field: string,
    readonly text: string,
    readonly message: string,
    readonly code: ProblemCode = 'malformed-json',
  ) {}
}

/** Refused for want of a course that says otherwise. */
export function isUnknown({ code }: Flaw): boolean {
  return code === 'unknown-item' || code === 'unknown-course' || code === 'unknown-skill';
}

/** Empty lines are passed over, so that a final line break is no row. */
export function rowsOf(ndjson: string): unknown[] {
  const rows: unknown[] = [];
  for (const line of ndjson.split('\n')) {
    if (line.trim() === '') continue;
    // Refused by its number in `take`; the rest need not be parsed for that.
    rows.push(rows.length > BATCH_EVENTS_MAX ? null : parsed(line));
  }
  return rows;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    return new BadRow('body', line, `the line is not valid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function contradiction(id: string): Flaw {
  return {
    field: 'id',
    value: shownValue(id),
    code: 'conflicting-duplicate',
    message: `id is "${id}", which this source sent before with different content; what was sent first stands: correct it with a new id`,
  };
}

function idOf(row: unknown): { id?: string } {
  return typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' ? { id: row.id } : {};
}
