// What a service shows of the parts that it rests on: whether they answer, and how they are.
import type { HealthChecks } from './health.js';
import type { Metrics } from './metrics.js';
import { stepsOf, type Steps } from './steps.js';
import type { Tracing } from './tracing.js';

/** A number for operators, a value for each set of labels, asked for whenever somebody reads the metrics. */
export interface WatchedGauge {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  values(): Promise<readonly { readonly labels: Record<string, string>; readonly value: number }[]>;
}

export interface Watched {
  /** Whatever must answer for this service to be ready. */
  readonly dependencies: readonly { readonly name: string; whyNot(): Promise<string | null> }[];
  readonly gauges: readonly WatchedGauge[];
  /** Tells each step of its work from now on. */
  observe(steps: Steps): void;
}

export class Watching {
  private readonly watched = new Set<Watched>();
  private readonly needed = new Map<string, () => Promise<string | null>>();

  constructor(
    private readonly health: HealthChecks,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {}

  /** Once, however many modules of one process rest on it. */
  watch(watched: Watched): void {
    if (this.watched.has(watched)) return;
    this.watched.add(watched);
    watched.observe(stepsOf(this.metrics, this.tracing));
    for (const { name, help, labels, values } of watched.gauges) this.metrics.gaugesOf({ name, help, labels }, values);
    for (const { name, whyNot } of watched.dependencies) this.depend(name, whyNot);
  }

  /** Not ready while it does not answer; several modules may need the same. */
  depend(name: string, whyNot: () => Promise<string | null>): void {
    if (this.needed.has(name)) return;
    this.needed.set(name, whyNot);
    this.health.add(name === 'log' ? 'event store' : name, whyNot);
    if (this.needed.size > 1) return;
    this.metrics.gaugesOf({ name: 'trellis_dependency_up', help: '1 where a server that this process rests on answers', labels: ['dependency'] }, () =>
      Promise.all(Array.from(this.needed, async ([dependency, ask]) => ({ labels: { dependency }, value: (await ask()) === null ? 1 : 0 }))),
    );
  }
}
