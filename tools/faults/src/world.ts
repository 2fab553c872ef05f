// A small world that one seed drives: a machine, a store on it, and everybody who uses it, through crashes and bad weather.
import { posix } from 'node:path';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerView } from '@trellis/views';
import type { Alterations } from './alterations.js';
import { FollowClaims } from './checked-store.js';
import { damageAndOpen } from './damage.js';
import { appendAtLast, auditAll, hearAll } from './last-checks.js';
import { Ledger } from './ledger.js';
import { catchUp, project, rebuild, type Delivery } from './projecting.js';
import { Violation } from './promises.js';
import { Randomness } from './randomness.js';
import { follow, read } from './reading.js';
import { ReferenceLog } from './reference-log.js';
import { RowChecks } from './row-checks.js';
import { Schoolwork } from './schoolwork.js';
import { DIRECTORY, Session, type Surroundings } from './session.js';
import { intrude, openedOrNotYet } from './openings.js';
import { SimulatedMachine } from './simulated-machine.js';
import { settled } from './simulated-scheduler.js';
import { Weathering } from './weathering.js';
import { write } from './writing.js';

export interface WorldOptions {
  readonly alterations?: Alterations;
  /** Hears what happens, line by line. */
  readonly trace?: (line: string) => void;
}

export interface WorldCounts {
  steps: number;
  events: number;
  crashes: number;
  powerLosses: number;
  closes: number;
  faults: number;
}

/** Tasks of one life, of the last one, and of what must come to its end by itself. */
const LIFE_STEPS_MAX = 120;
const LAST_STEPS = 40;
const SETTLE_STEPS_MAX = 20_000;
/** Steps of a close that is cut short. */
const CLOSE_STEPS_MAX = 30;

const LOG_DIRECTORY = posix.join(DIRECTORY, 'log');
/** Who takes part in one life. */
interface Cast {
  readonly audits: boolean;
  readonly writes: boolean;
}

export class World {
  readonly counts: WorldCounts = { steps: 0, events: 0, crashes: 0, powerLosses: 0, closes: 0, faults: 0 };
  private readonly random: Randomness;
  private readonly machine: SimulatedMachine;
  private readonly surroundings: Surroundings;
  private readonly delivery: Delivery;
  private readonly weathering: Weathering;
  private violation: unknown = null;
  private writer: Session | null = null;
  private reader: Session | null = null;

  constructor(
    readonly seed: number,
    private readonly options: WorldOptions = {},
  ) {
    this.random = new Randomness(seed);
    this.machine = new SimulatedMachine(this.random.split('machine'));
    const random = this.random.split('size');
    const log = new ReferenceLog();
    const work = new Schoolwork(this.random.split('work'));
    const projection = learnerView(() => DEFAULT_CALIBRATION);
    this.delivery = { honest: random.chance(0.5) };
    this.weathering = new Weathering(this.machine, this.random.split('weather'), (line) => this.trace(line));
    this.surroundings = {
      machine: this.machine,
      random: this.random.split('sessions'),
      log,
      ledger: new Ledger(log),
      claims: new FollowClaims(),
      rows: new RowChecks(log, projection, work.codec),
      work,
      codec: work.codec,
      projection,
      alterations: options.alterations ?? {},
      pace: random.pick([1, 1, 30]),
      segmentBytes: random.pick([300, 1_000, 4_000, 20_000]),
      recentBytes: random.pick([1, 1_000, 100_000]),
      troubledSince: (step) => this.weathering.troubledSince(step),
      fail: (violation) => (this.violation ??= violation),
      trace: (line) => this.trace(line),
    };
  }

  /** Throws the first violation, with seed and step. */
  async run(): Promise<WorldCounts> {
    if (this.options.trace !== undefined) this.machine.scheduler.watch = ({ owner, label }) => this.trace(`${owner.name} ${label}`);
    try {
      const lives = this.random.between(1, 4);
      for (let life = 0; life < lives; life++) await this.live();
      await this.end();
    } catch (error) {
      if (error instanceof Violation) error.locate(`seed ${this.seed}, step ${this.machine.scheduler.steps}`);
      throw error;
    } finally {
      this.counts.steps = this.machine.scheduler.steps;
      this.counts.events = this.surroundings.log.told;
      this.counts.faults = this.weathering.faults;
    }
    return this.counts;
  }

  /** One opening of the store, whatever comes of it, and how it ends. */
  private async live(): Promise<void> {
    const { random } = this;
    const end = random.weighted({ crash: 4, power: 5, close: 3 });
    const session = this.begin();
    const steps = random.between(3, random.chance(0.2) ? LIFE_STEPS_MAX * 3 : LIFE_STEPS_MAX);
    const cast: Cast = { audits: random.chance(0.5), writes: random.chance(0.8) };
    let started = false;
    for (let n = 0; n < steps; n++) {
      await this.step();
      this.weathering.change();
      if (!started && session.embedded !== null) {
        started = true;
        await this.startActors(session, cast);
      }
      // Between a write and its sync there is more to lose than at most other moments.
      if (session.failure !== null || (n > steps / 2 && end !== 'close' && this.machine.disk.isUnsynced(LOG_DIRECTORY) && random.chance(0.05))) break;
      if (this.reader === null && random.chance(0.01)) this.startReader();
      if (this.reader !== null && random.chance(0.003)) this.killReader();
    }
    if (session.failure !== null) openedOrNotYet(session);
    if (end === 'close' && session.embedded !== null) await this.close(session, { last: false });
    else this.crash(end === 'power' ? 'power' : 'crash');
    this.between();
  }

  /** All faults end: the store opens, holds everything, takes appends, and rows come to be what the log says. */
  private async end(): Promise<void> {
    this.weathering.calm();
    const session = this.begin();
    await this.until(() => session.embedded !== null || session.failure !== null, 'the store to open once faults have ended');
    if (session.failure !== null) openedOrNotYet(session);
    await this.audited(session);
    this.startReader();
    if (this.reader !== null && this.random.chance(0.3)) await this.finished(hearAll(this.reader));
    await this.startActors(session, { audits: false, writes: true });
    const storms = this.random.chance(0.15);
    if (storms) this.weathering.storm();
    for (let n = 0; n < LAST_STEPS; n++) await this.step();
    this.weathering.calm();
    const { reader } = this;
    await this.finished(appendAtLast(session, { patient: storms }));
    await this.finished(catchUp(session));
    await this.audited(session);
    if (reader !== null) await this.finished(hearAll(reader));
    this.killReader();
    await this.close(session, { last: true });
    await damageAndOpen(this.surroundings, this.random.split('damage'), (done) => this.finished(done));
  }

  private begin(): Session {
    this.surroundings.log.life++;
    this.surroundings.rows.forget();
    const session = new Session(this.surroundings, true);
    this.writer = session;
    session.open();
    return session;
  }

  private async startActors(session: Session, { audits, writes }: Cast): Promise<void> {
    const { random } = this;
    if (audits) session.start(auditAll(session));
    session.start(intrude(session));
    for (let n = writes ? random.between(1, 3) : 0; n > 0; n--) session.start(write(session, `writer ${n}`));
    if (!writes || random.chance(0.7)) session.start(read(session, 'a reader'));
    for (let n = random.below(3); n > 0; n--) session.start(follow(session, `follower ${n}`));
    // One hands over to the other, perhaps: then two keep the same rows for a while.
    for (let n = random.pick([0, 1, 1, 1, 2]); n > 0; n--) session.start(project(session, this.delivery));
    if (random.chance(0.2)) session.start(rebuild(session));
    await settled();
  }

  private startReader(): void {
    if (this.reader !== null) this.killReader();
    const session = new Session(this.surroundings, false);
    this.reader = session;
    session.open();
    session.start(this.whenOpen(session));
  }

  private async whenOpen(session: Session): Promise<void> {
    const { random } = session;
    while (session.isOpening) await session.pause(1);
    if (session.embedded === null) {
      openedOrNotYet(session);
      if (this.reader === session) this.reader = null;
      return;
    }
    if (random.chance(0.7)) session.start(read(session, 'a reader'));
    session.start(follow(session, 'a follower'));
  }

  private killReader(): void {
    if (this.reader === null) return;
    this.trace(`${this.reader.process.name} is killed`);
    this.machine.kill(this.reader.process);
    this.reader = null;
  }

  private crash(how: 'crash' | 'power'): void {
    const { writer } = this;
    this.trace(how === 'power' ? 'THE POWER GOES' : `${writer?.process.name} CRASHES`);
    if (how === 'power') {
      this.counts.powerLosses++;
      this.machine.losePower();
      this.reader = null;
    } else if (writer !== null) {
      this.counts.crashes++;
      this.machine.kill(writer.process);
    }
    this.writer = null;
    this.surroundings.ledger.leaveAll();
  }

  /** Unless it is the last one, a close may be cut short by a crash too. */
  private async close(session: Session, { last }: { readonly last: boolean }): Promise<void> {
    this.trace(`${session.process.name} closes`);
    session.close();
    // Whoever waited was told to stop: that settles before anything can end the process.
    await settled();
    const patience = last || this.random.chance(0.7) ? SETTLE_STEPS_MAX : this.random.below(CLOSE_STEPS_MAX);
    for (let n = 0; n < patience && !session.closed; n++) await this.step();
    if (!session.closed && patience === SETTLE_STEPS_MAX) throw new Violation('restart', 'a close to come to its end', `none after ${patience} steps`);
    if (session.closed) {
      this.counts.closes++;
      const { open } = this.surroundings.ledger;
      if (open > 0) throw new Violation('restart', 'every call to be answered before a close is over', `${open} that are not`);
    }
    this.crash(!last && this.random.chance(0.5) ? 'power' : 'crash');
  }

  /** What can happen while nobody has the store open. */
  private between(): void {
    const { random } = this;
    this.weathering.change();
    this.machine.clockOffMs += random.pick([0, 0, 5_000, -3_000]);
    if (random.chance(0.08)) this.wipe('index');
    if (random.chance(0.05)) this.wipe('rows');
  }

  private wipe(name: string): void {
    for (const [path, keyValue] of this.machine.keyValues) {
      if (!path.endsWith(name) || this.reader !== null) continue;
      this.trace(`${path} is removed`);
      keyValue.wipe();
    }
  }

  private async audited(session: Session): Promise<void> {
    await this.finished(auditAll(session));
    await this.finished(this.surroundings.rows.checkRows(session.sources('the audit').views, this.delivery));
  }

  private async step(): Promise<void> {
    await this.machine.scheduler.step();
    if (this.violation !== null) throw this.violation;
  }

  private async until(isSo: () => boolean, what: string): Promise<void> {
    for (let n = 0; n < SETTLE_STEPS_MAX; n++) {
      if (isSo()) return;
      await this.step();
    }
    throw new Violation('restart', what, `not so after ${SETTLE_STEPS_MAX} steps`);
  }

  private async finished<Answer>(work: Promise<Answer>): Promise<Answer> {
    let done = false;
    const ended = work.finally(() => {
      done = true;
    });
    // It is awaited below; until then a rejection is nobody's.
    ended.catch(() => undefined);
    // A task must not come between what was begun and its first wait.
    await settled();
    await this.until(() => done, 'what was begun to come to its end');
    return ended;
  }

  private trace(line: string): void {
    const { scheduler } = this.machine;
    this.options.trace?.(`${String(scheduler.steps).padStart(5)} ${String(Math.floor(scheduler.now)).padStart(6)} ms  ${line}`);
  }
}
