// Numbers for operators that any engine can tell, whichever service it is in.
import type { EventStore, Position, ViewStore } from '@trellis/event-sourcing';

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  values(): Promise<readonly { readonly labels: Record<string, string>; readonly value: number }[]>;
}

/** Positions are opaque; every store's begin with a number that grows along the log. 0: before the first event. */
export function positionNumber(position: Position | null): number {
  return position === null ? 0 : Number.parseInt(position, 10);
}

export function engineGauges(store: EventStore, views: ViewStore, names: readonly string[]): readonly Gauge[] {
  const ofViews = (value: (name: string) => Promise<number>) => (): ReturnType<Gauge['values']> => Promise.all(names.map(async (view) => ({ labels: { view }, value: await value(view) })));
  return [
    { name: 'trellis_log_head', help: 'The newest position of the log, as a number that grows along it', labels: [], values: async () => [{ labels: {}, value: positionNumber(await store.head()) }] },
    { name: 'trellis_rows', help: 'Rows of the view that readers see', labels: ['view'], values: ofViews((name) => views.count({ name })) },
    { name: 'trellis_projector_position', help: 'The checkpoint of the rows that readers see: everything up to there is in them', labels: ['view'], values: ofViews(async (name) => positionNumber(await views.checkpoint({ name }))) },
    { name: 'trellis_view_built', help: '1 where the rows of a view hold everything up to a checkpoint', labels: ['view'], values: ofViews(async (name) => ((await views.checkpoint({ name })) === null ? 0 : 1)) },
  ];
}
