// One process that has the store open, for writing or beside the writer, and what runs in it.
import { AppendsRefusedError, BusyError, openEmbedded, type Embedded } from '@trellis/embedded';
import type { EventCodec } from '@trellis/event-sourcing';
import type { Alterations, Setting } from './alterations.js';
import type { Books } from './audit.js';
import { CheckedStore, type FollowClaims } from './checked-store.js';
import { Violation } from './promises.js';
import type { Randomness } from './randomness.js';
import type { LearnerProjection, RowChecks, RowSources } from './row-checks.js';
import type { Schoolwork } from './schoolwork.js';
import type { SimulatedMachine, SimulatedProcess } from './simulated-machine.js';

/** What all sessions of one world share. */
export interface Surroundings extends Books {
  readonly machine: SimulatedMachine;
  readonly random: Randomness;
  readonly claims: FollowClaims;
  readonly rows: RowChecks;
  readonly work: Schoolwork;
  readonly codec: EventCodec;
  readonly projection: LearnerProjection;
  readonly alterations: Alterations;
  /** Pauses are so many times longer: slow worlds see what happens after a second. */
  readonly pace: number;
  readonly segmentBytes: number;
  readonly recentBytes: number;
  /** The disk was not calm at some time since then. */
  readonly troubledSince: (step: number) => boolean;
  readonly fail: (violation: unknown) => void;
  readonly trace: (line: string) => void;
}

export const DIRECTORY = 'data';

export class Session {
  readonly process: SimulatedProcess;
  embedded: Embedded | null = null;
  /** Why opening failed. */
  failure: unknown = null;
  closing = false;
  closed = false;
  readonly random: Randomness;
  private readonly begun: number;
  private readonly stop = new AbortController();

  constructor(
    readonly world: Surroundings,
    readonly writes: boolean,
  ) {
    const { machine } = world;
    this.process = machine.start(writes ? 'writer' : 'reader');
    this.random = world.random.split(this.process.name);
    this.begun = machine.scheduler.steps;
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Nothing of it runs any more. */
  get isDead(): boolean {
    return !this.process.alive;
  }

  /** The disk was not well at some time since it began. */
  get wasTroubled(): boolean {
    return this.world.troubledSince(this.begun);
  }

  get isOpening(): boolean {
    return this.embedded === null && this.failure === null && !this.isDead;
  }

  open(): void {
    const { machine, alterations, segmentBytes, recentBytes, trace } = this.world;
    const ports = alterations.ports?.(this.process.ports, this.setting) ?? this.process.ports;
    const options = { ports, now: machine.clock, readOnly: !this.writes, segmentBytes, recentBytes, report: ({ kind }: { readonly kind: string }) => trace(`${this.process.name} reports ${kind}`) };
    openEmbedded(DIRECTORY, options).then(
      (embedded) => {
        this.embedded = embedded;
        trace(`${this.process.name} is open${embedded.report === null ? '' : `: ${JSON.stringify(embedded.report)}`}`);
      },
      (error: unknown) => {
        this.failure = error;
        trace(`${this.process.name} could not open: ${String(error)}`);
      },
    );
  }

  close(): void {
    const { embedded } = this;
    if (embedded === null || this.closing) return;
    this.closing = true;
    this.stop.abort();
    embedded.close().then(
      () => {
        this.closed = true;
      },
      (error: unknown) => {
        this.closed = true;
        this.failure = error;
        if (!this.wasTroubled) this.world.fail(new Violation('restart', 'a clean close', String(error)));
      },
    );
  }

  /** Every actor reads and writes through a store of its own, so that what it was told is held against it alone. */
  store(by: string): CheckedStore {
    const { log, ledger, claims, alterations } = this.world;
    const plain = this.opened().store;
    const store = alterations.store?.(plain, this.setting) ?? plain;
    return new CheckedStore(store, { log, ledger, claims, by: `${by} in ${this.process.name}`, writes: this.writes, excuse: this.excuse });
  }

  sources(by: string): RowSources {
    const { alterations, codec } = this.world;
    const plain = this.opened().views;
    return { store: this.store(by), views: alterations.views?.(plain, this.setting) ?? plain, codec };
  }

  /** Runs something for as long as the session lasts; a broken promise ends the world. */
  start(actor: Promise<void>): void {
    actor.catch((error: unknown) => {
      try {
        this.excuse(error);
      } catch (violation) {
        this.world.fail(violation);
      }
    });
  }

  pause(delayMs: number, signal: AbortSignal = this.signal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const { scheduler } = this.world.machine;
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        cancel();
        resolve();
      };
      const cancel = scheduler.add({ owner: this.process, label: `pause of ${delayMs} ms`, run: done }, delayMs);
      signal.addEventListener('abort', done);
    });
  }

  /** Throws a violation if nothing explains the error. */
  readonly excuse = (error: unknown): void => {
    if (error instanceof Violation) throw error;
    if (this.isDead) return;
    const refused = error instanceof AppendsRefusedError || error instanceof BusyError;
    if (this.closing && (refused || isClosed(error))) return;
    if (this.wasTroubled && (refused || isDiskFault(error))) return;
    throw new Violation('restart', `${this.process.name} to work: nothing is wrong with its disk`, error instanceof Error ? (error.stack ?? error.message) : String(error));
  };

  get setting(): Setting {
    const { machine } = this.world;
    return { random: this.random.split('alterations'), clock: machine.clock, sleep: (delayMs) => machine.scheduler.sleep(this.process, delayMs) };
  }

  private opened(): Embedded {
    if (this.embedded === null) throw new Error(`${this.process.name} is not open`);
    return this.embedded;
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && / is closed$/.test(error.message);
}

/** A fault of the disk, or one that says that such a fault was its cause. */
export function isDiskFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && /^E(NOSPC|IO|ROFS)$/.test(String(error.code))) || isDiskFault(error.cause);
}
