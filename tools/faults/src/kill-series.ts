// One log through many kills: each life is a process that works on it until it is killed, and after it everything that the
// process was told must still be so.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataHeldError, openEmbedded } from '@trellis/embedded';
import type { Recorded } from '@trellis/event-sourcing';
import type { Books } from './audit.js';
import { checkCopy, checkInPlace, type Checked } from './kill-check.js';
import type { Line } from './kill-lines.js';
import { KillProcess, type End } from './kill-process.js';
import { KILL_STORE } from './kill-store.js';
import { Ledger, type Attempt, type Glance } from './ledger.js';
import { expectThat, Violation } from './promises.js';
import { Randomness } from './randomness.js';
import { ReferenceLog } from './reference-log.js';

/** A log grows over so many lives, then a new one begins. */
const LIVES_A_LOG = 8;
const WORK_MS_MAX = 200;
const OPENING_MS_MAX = 25;
const CLOSING_MS_MAX = 15;

export interface KillCounts {
  kills: number;
  /** Of the kills: while the log was being opened, and while it was being closed. */
  opening: number;
  closing: number;
  logs: number;
  checks: number;
  /** Appends that were answered before a kill. */
  acknowledged: number;
  /** Events in the logs at their last check. */
  events: number;
  /** Ends that were cut because nothing said that they were durable. */
  torn: number;
}

export interface KillRun {
  readonly seed: number;
  readonly kills: number;
  /** Ends the run after the life that is under way. */
  readonly signal?: AbortSignal;
  readonly progress?: (counts: Readonly<KillCounts>) => void;
}

/** Throws a `Violation` that names seed, life and folder; the folder is kept then. */
export async function runKills({ seed, kills, signal, progress }: KillRun): Promise<KillCounts> {
  const counts: KillCounts = { kills: 0, opening: 0, closing: 0, logs: 0, checks: 0, acknowledged: 0, events: 0, torn: 0 };
  const random = new Randomness(seed);
  // Started ahead: a process takes longer to load its modules than it lives.
  let next = new KillProcess();
  try {
    while (counts.kills < kills && !signal?.aborted) {
      const series = new Series(await mkdtemp(join(tmpdir(), 'trellis-kills-')), random.split(`log ${counts.logs}`), counts);
      counts.logs++;
      for (let life = 1; life <= LIVES_A_LOG && counts.kills < kills; life++) {
        const process = next;
        next = new KillProcess();
        const last = life === LIVES_A_LOG || counts.kills + 1 >= kills;
        await series.live(process, { life, last }).catch((error: unknown) => {
          throw told(error, `seed ${seed}, log ${counts.logs}, life ${life}, folder ${series.folder}`);
        });
        progress?.(counts);
        if (last || signal?.aborted) break;
      }
      await series.end();
    }
  } finally {
    next.kill();
    await next.end();
  }
  return counts;
}

function told(error: unknown, where: string): unknown {
  if (!(error instanceof Violation)) return new Error(`a run with kills failed (${where}): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  error.locate(where);
  return error;
}

class Series {
  private readonly books: Books;

  constructor(
    readonly folder: string,
    private readonly random: Randomness,
    private readonly counts: KillCounts,
  ) {
    const log = new ReferenceLog();
    this.books = { log, ledger: new Ledger(log) };
  }

  async live(process: KillProcess, { life, last }: { readonly life: number; readonly last: boolean }): Promise<void> {
    const { random, counts, books, folder } = this;
    const when = random.weighted({ working: 11, opening: 4, closing: 4, never: 1 });
    const closes = when === 'closing' || when === 'never';
    books.log.life++;
    await process.said('ready');
    process.order({ folder, seed: random.below(2 ** 31), life, closeAfterMs: closes ? random.below(WORK_MS_MAX) : null });
    const reader = random.chance(0.3) ? this.readBeside(process) : Promise.resolve([]);
    await this.killAt(process, when);
    const end = await process.end();
    new Hearing(books, counts).hear(end);
    for (const record of await reader) books.log.witness(record, 'another process');
    if (end.killed) counts.kills++;
    if (end.killed && when === 'opening') counts.opening++;
    if (end.killed && when === 'closing') counts.closing++;
    const check = last ? 'copy' : random.weighted({ copy: 5, inPlace: 2, later: 3 });
    if (check === 'copy') this.checked(await checkCopy(books, folder));
    if (check === 'inPlace') this.checked(await checkInPlace(books, folder));
    if (last) counts.events += books.log.told;
  }

  end(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }

  private async killAt(process: KillProcess, when: 'working' | 'opening' | 'closing' | 'never'): Promise<void> {
    const { random } = this;
    switch (when) {
      case 'opening':
        await process.said('opening');
        await sleep(random.below(OPENING_MS_MAX));
        break;
      case 'working':
        await process.said('open');
        if (random.chance(0.15)) await this.checkHeld();
        await sleep(random.below(WORK_MS_MAX));
        break;
      case 'closing':
        await process.said('closing');
        await sleep(random.below(CLOSING_MS_MAX));
        break;
      case 'never':
        return;
    }
    process.kill();
  }

  /** As long as the process lives nobody else may write. */
  private async checkHeld(): Promise<void> {
    const refused = await openEmbedded(this.folder).then(
      async ({ close }) => {
        await close();
        return null;
      },
      (error: unknown) => error,
    );
    expectThat(refused instanceof DataHeldError, 'writer', () => 'a second writer to be refused', () => String(refused));
  }

  /** What a process that only reads was shown; it looks again until the other one is gone. */
  private async readBeside(process: KillProcess): Promise<readonly Recorded[]> {
    const shown = new Map<string, Recorded>();
    if (!(await process.said('open'))) return [];
    let over = false;
    const ended = process.end().finally(() => {
      over = true;
    });
    const { store, close } = await openEmbedded(this.folder, { ...KILL_STORE, readOnly: true });
    try {
      while (!over) {
        for await (const page of store.readAll()) for (const record of page) shown.set(record.position, record);
        await sleep(1);
      }
    } finally {
      await close();
    }
    await ended;
    return [...shown.values()];
  }

  private checked({ torn }: Checked): void {
    this.counts.checks++;
    if (torn) this.counts.torn++;
  }
}

/** Enters into the books what a process said. */
class Hearing {
  private readonly attempts = new Map<number, Attempt>();
  private readonly glances = new Map<number, Glance>();
  private followed = 0;

  constructor(
    private readonly books: Books,
    private readonly counts: KillCounts,
  ) {}

  hear({ lines }: End): void {
    for (const line of lines) this.enter(line);
    // What has no answer may be in the log or not.
    for (const attempt of this.attempts.values()) this.books.ledger.leave(attempt);
  }

  private enter(line: Line): void {
    const { ledger, log } = this.books;
    switch (line.kind) {
      case 'open':
        expectThat(line.position >= log.told, 'durable', () => `the log to open at ${log.told} or later, as ${log.toldBy} said`, () => String(line.position));
        if (line.torn) this.counts.torn++;
        return;
      case 'glance':
        this.glances.set(line.n, ledger.glance(line.stream));
        return;
      case 'begin': {
        const { kind, batch, expected } = line.call;
        const glance = line.glance === null ? undefined : this.glances.get(line.glance);
        this.attempts.set(line.n, ledger.begin(kind, batch, { expected, ...(glance === undefined ? {} : { glance }) }));
        return;
      }
      case 'appended':
        this.counts.acknowledged++;
        ledger.appended(this.attempt(line.n), line.answer);
        return;
      case 'recorded':
        this.counts.acknowledged++;
        ledger.recorded(this.attempt(line.n), line.answer);
        return;
      case 'followed':
        expectThat(line.from === this.followed && line.to - line.from === line.count, 'follow', () => `all events behind ${this.followed}`, () => `${line.count} from ${line.from} to ${line.to}`);
        this.followed = line.to;
        log.tell(line.to, 'a follower');
        return;
      case 'fault':
        throw new Error(line.text);
      case 'ready':
      case 'opening':
      case 'closing':
      case 'closed':
        return;
    }
  }

  private attempt(n: number): Attempt {
    const attempt = this.attempts.get(n);
    if (attempt === undefined) throw new Error(`an answer to call ${n}, which never began`);
    return attempt;
  }
}
