import { Inject, Injectable } from '@nestjs/common';
import { Metrics, timed } from '@trellis/service';
import type { Intaken } from './intake.js';

@Injectable()
export class IngestMetrics {
  private readonly events: ReturnType<Metrics['counter']>;
  private readonly seconds: ReturnType<Metrics['histogram']>;

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.events = metrics.counter({ name: 'trellis_events_total', help: 'Events that came in, by what became of them', labels: ['source', 'outcome'] });
    // From the start: of a counter that appears with its first event nobody sees that event as a rise.
    for (const outcome of ['accepted', 'duplicate', 'rejected']) this.events.inc({ source: 'http', outcome }, 0);
    this.seconds = metrics.histogram({ name: 'trellis_ingest_seconds', help: 'Seconds from a parsed request to its events being durable' });
  }

  counted(source: 'http' | 'kafka', { accepted, duplicates, rejected }: Pick<Intaken, 'accepted' | 'duplicates' | 'rejected'>): void {
    this.events.inc({ source, outcome: 'accepted' }, accepted);
    this.events.inc({ source, outcome: 'duplicate' }, duplicates);
    // What a queue delivered cannot be handed back to whoever sent it.
    this.events.inc({ source, outcome: source === 'http' ? 'rejected' : 'parked' }, rejected.length);
  }

  /** Events come from Kafka too. */
  expectKafka(): void {
    this.counted('kafka', { accepted: 0, duplicates: 0, rejected: [] });
  }

  timed<Result>(work: () => Promise<Result>): Promise<Result> {
    return timed(this.seconds, work);
  }
}
