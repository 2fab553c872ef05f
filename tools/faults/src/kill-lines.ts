// What a process that is going to be killed says on its standard output, line by line. A line is in the pipe before the next
// statement runs, so a kill takes back nothing that was said.
import type { Appended, EventId, Expected, Observation, Recording, StreamName } from '@trellis/event-sourcing';

/** What a process is told to do, on its standard input. */
export interface Orders {
  readonly folder: string;
  readonly seed: number;
  /** Counts the lives of a log: no two lives make the same ids. */
  readonly life: number;
  /** Closes cleanly after so long; null: never. */
  readonly closeAfterMs: number | null;
}

export type Line =
  /** All modules are loaded; orders are awaited. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly position: number; readonly torn: boolean }
  /** Before the head of a stream is read for an append that will expect it. */
  | { readonly kind: 'glance'; readonly n: number; readonly stream: StreamName }
  /** Before the call. */
  | { readonly kind: 'begin'; readonly n: number; readonly call: Call; readonly glance: number | null }
  /** After its promise has resolved. */
  | { readonly kind: 'appended'; readonly n: number; readonly answer: Appended | 'conflict' }
  | { readonly kind: 'recorded'; readonly n: number; readonly answer: Recording }
  /** A follower was given everything from `from` (exclusive) to `to`, which were `count` events. */
  | { readonly kind: 'followed'; readonly from: number; readonly to: number; readonly count: number }
  | { readonly kind: 'closing' }
  | { readonly kind: 'closed' }
  /** Something went wrong that no promise allows. */
  | { readonly kind: 'fault'; readonly text: string };

export interface Call {
  readonly kind: 'append' | 'observations';
  readonly batch: readonly Observation[];
  readonly expected: Expected;
}

/** Bytes travel as base64. */
export function textOfLine(line: Line): string {
  return `${JSON.stringify(line, (_, value: unknown) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value))}\n`;
}

export function lineOf(text: string): Line {
  return JSON.parse(text, (_, value: unknown) => {
    const isBytes = typeof value === 'object' && value !== null && 'base64' in value && typeof value.base64 === 'string';
    return isBytes ? new Uint8Array(Buffer.from(value.base64 as string, 'base64')) : value;
  }) as Line; // written by `textOfLine`
}

/** The id with the life in it. Ids of the simulated world have zeros there. */
export function idInLife(id: EventId, life: number): EventId {
  return `${id.slice(0, 9)}${life.toString(16).padStart(4, '0')}${id.slice(13)}` as EventId; // still a UUID
}
