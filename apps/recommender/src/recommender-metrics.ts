import { Inject, Injectable } from '@nestjs/common';
import { Metrics, timed } from '@trellis/service';

@Injectable()
export class RecommenderMetrics {
  private readonly seconds: ReturnType<Metrics['histogram']>;

  constructor(@Inject(Metrics) metrics: Metrics) {
    this.seconds = metrics.histogram({ name: 'trellis_recommendation_seconds', help: 'Seconds from a parsed request to a durable decision' });
  }

  timed<Result>(work: () => Promise<Result>): Promise<Result> {
    return timed(this.seconds, work);
  }
}
