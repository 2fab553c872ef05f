// Runs every projector for as long as the service runs, and decides what to do when one fails.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { pause, type Engine, type ViewProjector } from '@trellis/engine';
import { Clock, HealthChecks, LOG, Metrics, type Log } from '@trellis/service';
import { countViews } from './projecting-metrics.js';

export const ENGINE = Symbol('engine');

/** A fault that does not go away is left to whoever watches readiness; trying on does no harm, rows are guarded. */
const PAUSE_FIRST_MS = 100;
const PAUSE_MAX_MS = 10_000;
/** After a failure, a run that has lasted so long without another one is well again, though it had no row to write. */
const WELL_AFTER_MS = 5_000;

@Injectable()
export class Projecting implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  /** Why a view failed last, and how many rows it had written by then: one more, and it is well again. */
  private readonly failing = new Map<string, { readonly why: string; readonly rowsWritten: number }>();
  private readonly behindSince = new Map<string, number>();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(HealthChecks) health: HealthChecks,
    @Inject(Metrics) metrics: Metrics,
  ) {
    for (const projector of engine.projectors) health.add(`view ${projector.view}`, () => this.whyNot(projector));
    this.expose(metrics);
  }

  onApplicationBootstrap(): void {
    this.running = Promise.all([...this.engine.projectors.map((projector) => this.keepRunning(projector)), this.keepRenewed()]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private whyNot(projector: ViewProjector): string | null {
    const failure = this.failing.get(projector.view);
    return failure === undefined || projector.status().rowsWritten > failure.rowsWritten ? null : failure.why;
  }

  private async keepRunning(projector: ViewProjector): Promise<void> {
    const { signal } = this.stopping;
    for (let pauseMs = PAUSE_FIRST_MS; !signal.aborted; pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2)) {
      const { rowsWritten } = projector.status();
      const well = setTimeout(() => this.failing.delete(projector.view), WELL_AFTER_MS);
      try {
        await projector.run(signal);
      } catch (err) {
        clearTimeout(well);
        const after = projector.status().rowsWritten;
        this.failing.set(projector.view, { why: err instanceof Error ? err.message : String(err), rowsWritten: after });
        this.log.error({ err, view: projector.view, retryInMs: pauseMs }, 'a projector failed');
        // Folding again what could not be written is no progress.
        if (after > rowsWritten) pauseMs = PAUSE_FIRST_MS;
        await pause(pauseMs, signal);
      } finally {
        clearTimeout(well);
      }
    }
  }

  /** A row that could not be written anew now is made anew by whoever needs it. */
  private async keepRenewed(): Promise<void> {
    const { signal } = this.stopping;
    for (; !signal.aborted; await pause(PAUSE_MAX_MS, signal)) {
      try {
        await this.engine.keepRenewed(signal, (rows) => this.log.info({ rows }, 'another calibration is in force, and rows were folded again'));
      } catch (err) {
        this.log.error({ err }, 'rows could not be folded again by the calibration that is in force');
      }
    }
  }

  private expose(metrics: Metrics): void {
    const { projectors, sources } = this.engine;
    countViews(metrics, projectors.map((projector) => ({ view: projector.view, counts: () => projector.status() })));
    const gauges = (name: string, help: string, value: (projector: ViewProjector) => number | Promise<number>): void =>
      metrics.gaugesOf({ name: `trellis_projector_${name}`, help, labels: ['view', 'partition'] }, () =>
        Promise.all(projectors.map(async (projector) => ({ labels: { view: projector.view, partition: 'log' }, value: await value(projector) }))),
      );
    const lag = ({ status }: ViewProjector): Promise<number> => sources.store.lag(status().position);
    gauges('lag_events', 'Events behind which the rows are', lag);
    // Rows may wait before they are written, so they are always somewhat behind while events come in.
    gauges('lag_seconds', 'How long the rows have been behind at every look, 0 where they are not', async (projector) => this.secondsBehind(projector.view, await lag(projector)));
  }

  private secondsBehind(view: string, lag: number): number {
    if (lag === 0) this.behindSince.delete(view);
    const since = this.behindSince.get(view) ?? this.clock.now();
    if (lag > 0) this.behindSince.set(view, since);
    return (this.clock.now() - since) / 1_000;
  }
}
