// What projectors count, alike whether they follow the log or take what a queue delivers.
import type { FoldingCounts } from '@trellis/event-sourcing';
import type { Metrics } from '@trellis/service';

export interface Counted {
  readonly view: string;
  counts(): FoldingCounts;
}

export function countViews(metrics: Metrics, views: readonly Counted[]): void {
  const counters = (name: string, help: string, value: (counts: FoldingCounts) => number): void =>
    metrics.countersOf({ name: `trellis_projector_${name}_total`, help, labels: ['view'] }, () =>
      Promise.resolve(views.map(({ view, counts }) => ({ labels: { view }, value: value(counts()) }))),
    );
  counters('events', 'Events folded', ({ events }) => events);
  counters('rows_written', 'Rows written', ({ rowsWritten }) => rowsWritten);
  counters('late_refolds', 'Streams folded again because an event came late', ({ lateRefolds }) => lateRefolds);
  counters('gaps_healed', 'Gaps in delivery filled from the stream', ({ gapsHealed }) => gapsHealed);
}
