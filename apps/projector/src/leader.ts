// What one of all projectors does for all: it relays the log to Kafka, and looks after the rows that all write.
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { pause, positionNumber, type Engine, type Transport } from '@trellis/engine';
import { RowKeeper, type Position } from '@trellis/event-sourcing';
import { HealthChecks, LOG, Metrics, type Log } from '@trellis/service';
import { Coverage } from './coverage.js';
import { TRANSPORT } from './group-projecting.js';
import { Leading } from './leading.js';
import { ENGINE } from './projecting.js';
import { Relay } from './relay.js';

/** How often checkpoints are moved on and losses looked for. */
const TEND_MS = 2_000;

@Injectable()
export class Leader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly coverage = new Coverage();
  private readonly relay: Relay;
  private readonly leading: Leading;
  private readonly rebuilds = new Map<string, number>();
  private running: Promise<void> = Promise.resolve();

  constructor(
    @Inject(ENGINE) private readonly engine: Engine,
    @Inject(TRANSPORT) private readonly transport: Transport,
    @Inject(LOG) private readonly log: Log,
    @Inject(HealthChecks) health: HealthChecks,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.relay = new Relay(transport, engine.sources.store, this.coverage);
    this.leading = new Leading(transport, log, [
      { name: 'relay', work: (signal) => this.relay.run(signal) },
      { name: 'rows', work: (signal) => this.tendRows(signal) },
      { name: 'calibrations', work: (signal) => engine.keepRenewed(signal, (rows) => log.info({ rows }, 'another calibration is in force, and rows were folded again')) },
    ]);
    health.add('leading', () => this.leading.whyNot);
    this.expose(metrics);
  }

  onApplicationBootstrap(): void {
    this.running = this.leading.run(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async tendRows(signal: AbortSignal): Promise<void> {
    const keeper = new RowKeeper(this.engine.sources.store, this.engine.views);
    for (; !signal.aborted; await pause(TEND_MS, signal)) {
      const covered = await this.covered();
      for (const projector of this.engine.projectors) {
        const tended = await keeper.tend(projector, covered, signal);
        if (tended === 'rebuilt') {
          this.rebuilds.set(projector.view, (this.rebuilds.get(projector.view) ?? 0) + 1);
          this.log.warn({ view: projector.view }, 'the rows of a view were missing and have been made again from the log');
        }
        if (tended === 'healed') this.log.info({ view: projector.view }, 'rows were brought up to the log from their checkpoint');
        if (signal.aborted) return;
      }
    }
  }

  private async covered(): Promise<Position | null> {
    const { kafka, groups, topics } = this.transport;
    const offsets = await kafka.offsets(groups.projector, topics.events);
    return this.coverage.covered(new Map(offsets.flatMap(({ partition, committed }) => (committed === null ? [] : [[partition, committed] as const]))));
  }

  private expose(metrics: Metrics): void {
    const { sources, projectors } = this.engine;
    metrics.gaugeOf({ name: 'trellis_relay_active', help: '1 in the process that relays the log to Kafka' }, () => (this.leading.active ? 1 : 0));
    metrics.countersOf({ name: 'trellis_relay_published_total', help: 'Events relayed by this process' }, () => Promise.resolve([{ labels: {}, value: this.relay.status().published }]));
    // Only the relay knows; a standby has nothing to say.
    metrics.gaugesOf({ name: 'trellis_relay_position', help: 'Where the relay is in the log' }, () =>
      Promise.resolve(this.leading.active ? [{ labels: {}, value: positionNumber(this.relay.status().position) }] : []),
    );
    metrics.gaugesOf({ name: 'trellis_relay_lag_events', help: 'Events of the log that are not relayed yet; an estimate where there are many' }, async () =>
      this.leading.active ? [{ labels: {}, value: await sources.store.lag(this.relay.status().position) }] : [],
    );
    metrics.countersOf({ name: 'trellis_view_rebuilds_total', help: 'Views made again from the log by this process', labels: ['view'] }, () =>
      Promise.resolve(projectors.map(({ view }) => ({ labels: { view }, value: this.rebuilds.get(view) ?? 0 }))),
    );
  }
}
