import { Inject, Injectable } from '@nestjs/common';
import { Metrics, timed } from '@trellis/service';
import type { Intaken } from './intake.js';

@Injectable()
export class IngestMetrics {
  private readonly events: ReturnType<Metrics['counter']>;
  private readonly seconds: ReturnType<Metrics['histogram']>;

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.events = metrics.counter({ name: 'trellis_events_total', help: 'Events that came in, by what became of them', labels: ['outcome'] });
    this.seconds = metrics.histogram({ name: 'trellis_ingest_seconds', help: 'Seconds from a parsed request to its events being durable' });
  }

  counted({ accepted, duplicates, rejected }: Pick<Intaken, 'accepted' | 'duplicates' | 'rejected'>): void {
    this.events.inc({ outcome: 'accepted' }, accepted);
    this.events.inc({ outcome: 'duplicate' }, duplicates);
    this.events.inc({ outcome: 'rejected' }, rejected.length);
  }

  timed<Result>(work: () => Promise<Result>): Promise<Result> {
    return timed(this.seconds, work);
  }
}
