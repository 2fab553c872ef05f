// Numbers for operators, in Prometheus' text format. One registry a service, so that several in one process stay apart.

import { Controller, Get, Header, Inject, Injectable } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Roles } from './auth.guard.js';
import { Ungated } from './route-config.js';

/** From well under our goal for a recommendation (3 ms) to where a client has long given up. */
const SECONDS_BUCKETS = [0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Well below the time that a scrape may take. */
const VALUES_MS_MAX = 2_000;

export interface MetricOptions {
  readonly name: string;
  readonly help: string;
  /** Names of labels. Their values must come from small closed sets: never ids. */
  readonly labels?: readonly string[];
  /** Upper bounds of a histogram's buckets; seconds of a request if left out. */
  readonly buckets?: readonly number[];
}

interface Labelled {
  readonly labels: Record<string, string>;
  readonly value: number;
}

@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly requests = this.histogram({
    name: 'trellis_http_request_seconds',
    help: 'Seconds from the arrival of a request to the end of its answer',
    labels: ['method', 'route', 'status'],
  });

  private readonly unanswered = this.counter({
    name: 'trellis_metrics_unanswered_total',
    help: 'Times that a metric was left out because whoever knows its values did not answer',
    labels: ['metric'],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** The counter of this name, made on first use. */
  counter({ name, help, labels = [] }: MetricOptions): Counter {
    return this.once(name, Counter, () => new Counter({ name, help, labelNames: [...labels], registers: [this.registry] }));
  }

  gauge({ name, help, labels = [] }: MetricOptions): Gauge {
    return this.once(name, Gauge, () => new Gauge({ name, help, labelNames: [...labels], registers: [this.registry] }));
  }

  histogram({ name, help, labels = [], buckets = SECONDS_BUCKETS }: MetricOptions): Histogram {
    const make = () => new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [this.registry] });
    return this.once(name, Histogram, make);
  }

  /** A gauge whose value is asked for whenever somebody reads the metrics. */
  gaugeOf({ name, help }: MetricOptions, value: () => number): void {
    const collect = function (this: Gauge) {
      this.set(value());
    };
    this.once(name, Gauge, () => new Gauge({ name, help, collect, registers: [this.registry] }));
  }

  /** Gauges of one name, a value for each set of labels, asked for whenever somebody reads the metrics. */
  gaugesOf({ name, help, labels = [] }: MetricOptions, values: () => Promise<readonly Labelled[]>): void {
    const asked = () => this.asked(name, values);
    const collect = async function (this: Gauge) {
      const now = await asked();
      // What is gone must not be shown for ever: a partition that another process has taken over.
      this.reset();
      for (const { labels: of, value } of now) this.set(of, value);
    };
    this.once(name, Gauge, () => new Gauge({ name, help, labelNames: [...labels], collect, registers: [this.registry] }));
  }

  /** The same for totals that somebody else counts; they must only ever grow. */
  countersOf({ name, help, labels = [] }: MetricOptions, values: () => Promise<readonly Labelled[]>): void {
    const asked = () => this.asked(name, values);
    const collect = async function (this: Counter) {
      const now = await asked();
      this.reset();
      for (const { labels: of, value } of now) this.inc(of, value);
    };
    this.once(name, Counter, () => new Counter({ name, help, labelNames: [...labels], collect, registers: [this.registry] }));
  }

  answered(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  /** Nothing, and counted, when whoever knows does not answer: the other numbers are wanted then more than ever. */
  private async asked(metric: string, values: () => Promise<readonly Labelled[]>): Promise<readonly Labelled[]> {
    const late = Promise.withResolvers<never>();
    const limit = setTimeout(() => late.reject(new Error(`no answer within ${VALUES_MS_MAX} ms`)), VALUES_MS_MAX);
    try {
      return await Promise.race([values(), late.promise]);
    } catch {
      // The reason is told where the work itself fails, and by the readiness of the service.
      this.unanswered.inc({ metric });
      return [];
    } finally {
      clearTimeout(limit);
    }
  }

  private once<Kind extends object>(name: string, kind: abstract new (...args: never) => Kind, make: () => Kind): Kind {
    const made = this.registry.getSingleMetric(name);
    if (made === undefined) return make();
    if (!(made instanceof kind)) throw new Error(`The metric ${name} already exists as another kind`);
    return made;
  }
}

/** Does the work and counts its seconds, also when it fails. */
export async function timed<Result>(seconds: Histogram, work: () => Promise<Result>): Promise<Result> {
  const end = seconds.startTimer();
  try {
    return await work();
  } finally {
    end();
  }
}

@ApiTags('operations')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Metrics) private readonly metrics: Metrics) {}

  @Get()
  @Roles('operator')
  @Ungated()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus' })
  @ApiProduces('text/plain')
  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
