// The real store on a real disk that is full: refused with the reason, read on, nothing lost, and taken up again by itself.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventId, EventStore, Outgoing, Recorded, StreamName, ViewStore } from '@trellis/event-sourcing';
import { AppendsRefusedError } from './errors.js';
import { openEmbedded, type Embedded, type EmbeddedOptions } from './open-embedded.js';
import type { StoreEvent } from './report.js';
import { canMount, withSmallDisk } from './testing/small-disk.js';
import { collect } from './testing/written-log.js';

const DISK = '24m';
const BALLAST_BYTES = 12 * 1_024 * 1_024;
const WRITERS = 4;
const PAYLOAD_BYTES = 20_000;
/** More than is left when the log has no space any more. */
const ROW_BYTES = 1_024 * 1_024;
/** Far more than fits. */
const EVENTS_MAX = 10_000;
const VIEW = { name: 'sizes' };

const onSmallDisk = canMount ? it : it.skip;
const condition = canMount ? '' : ' (needs the right to mount a tmpfs)';

/** What failed is tried again after milliseconds, not seconds. */
const OPTIONS: EmbeddedOptions = {
  segmentBytes: 1_024 * 1_024,
  recentBytes: 1_024 * 1_024,
  ports: {
    scheduler: {
      soon: (run) => void setImmediate(run),
      later: (delayMs, run) => {
        const timer = setTimeout(run, Math.min(delayMs, 20));
        return () => clearTimeout(timer);
      },
    },
  },
};

/** Writers that send one event after the other, and remember what was acknowledged. */
class Load {
  /** Acknowledged, by position. */
  readonly acknowledged = new Map<number, EventId>();
  /** Refused, and so in doubt. */
  readonly doubtful: Sent[] = [];
  readonly refusals: AppendsRefusedError[] = [];
  private made = 0;

  constructor(
    private readonly store: EventStore,
    private readonly views: ViewStore,
  ) {}

  /** Until every writer was refused. */
  async untilFull(): Promise<void> {
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => this.write(writer)));
  }

  /** Answers whether it was taken. */
  async send(sent: Sent): Promise<boolean> {
    try {
      const answer = await this.store.append(sent.stream, [sent.event], 'any');
      if (answer === 'conflict') throw new Error(`${sent.event.id} is a conflict`);
      this.acknowledged.set(Number(answer.position), sent.event.id);
      return true;
    } catch (error) {
      if (!(error instanceof AppendsRefusedError)) throw error;
      this.refusals.push(error);
      return false;
    }
  }

  next(writer: number): Sent {
    const n = ++this.made;
    if (n > EVENTS_MAX) throw new Error(`the disk of ${DISK} is not full after ${n} events`);
    const id = `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId; // a UUID by construction
    const stream = `learner-default.writer-${writer}` as StreamName; // a name of this test
    return { stream, event: { id, type: 'AnswerGiven', digest: n.toString(16).padStart(16, '0'), bytes: new Uint8Array(PAYLOAD_BYTES).fill(n) } };
  }

  private async write(writer: number): Promise<void> {
    for (;;) {
      const sent = this.next(writer);
      if (!(await this.send(sent))) {
        this.doubtful.push(sent);
        return;
      }
      const revision = this.acknowledged.size;
      const row = { revision, version: '1', bytes: sent.event.bytes };
      // Rows are on the same disk. That one cannot be written is no harm: the log has everything.
      await this.views.write(VIEW, [{ key: `writer-${writer}`, row }]).catch(() => undefined);
    }
  }
}

interface Sent {
  readonly stream: StreamName;
  readonly event: Outgoing;
}

async function expectAll({ store }: Embedded, load: Load): Promise<readonly Recorded[]> {
  const records = await collect(store.readAll());
  expect(records.every(({ position }, n) => Number(position) === n + 1)).toBe(true);
  expect([...load.acknowledged].filter(([position, id]) => records[position - 1]?.id !== id)).toEqual([]);
  expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  const lost: EventId[] = [];
  for (const { stream, id, position } of records) if ((await store.find(stream, id))?.position !== position) lost.push(id);
  expect(lost).toEqual([]);
  return records;
}

/** Jest's own comparison takes seconds for so many bytes. */
function sameRecords(a: readonly Recorded[], b: readonly Recorded[]): boolean {
  const isSame = (one: Recorded, other: Recorded | undefined): boolean =>
    other !== undefined && one.position === other.position && one.revision === other.revision && one.id === other.id && one.stream === other.stream && Buffer.compare(one.bytes, other.bytes) === 0;
  return a.length === b.length && a.every((record, n) => isSame(record, b[n]));
}

onSmallDisk(`a full disk refuses appends with the reason, loses nothing, and is written again once there is space, without opening anew${condition}`, () =>
  withSmallDisk(DISK, async (disk) => {
    const directory = join(disk, 'data');
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, new Uint8Array(BALLAST_BYTES));
    const heard: string[] = [];
    const embedded = await openEmbedded(directory, { ...OPTIONS, report: ({ kind }: StoreEvent) => void heard.push(kind) });
    const { store, views, close } = embedded;
    const followed: Recorded[] = [];
    const ending = new AbortController();
    const following = (async () => {
      for await (const { records } of store.follow({ after: null, signal: ending.signal })) followed.push(...records);
    })();

    const load = new Load(store, views);
    await load.untilFull();
    expect(load.refusals.length).toBeGreaterThanOrEqual(WRITERS);
    for (const { message, retriable } of load.refusals) expect([message, retriable]).toEqual([expect.stringMatching(/appends are refused: the (log|index) cannot be written \(.*(ENOSPC|No space left).*\); it is tried again/), true]);
    expect(heard).toContain('appends-refused');
    const full = await expectAll(embedded, load);
    expect(await load.send(load.next(0))).toBe(false);
    const large = { key: 'large', row: { revision: 1, version: '1', bytes: new Uint8Array(ROW_BYTES).fill(1) } };
    await expect(views.write(VIEW, [large])).rejects.toThrow();
    expect(await views.read(VIEW, ['large'])).toEqual([null]);

    rmSync(ballast);
    // The writers send again what was refused, as its senders would.
    for (const sent of load.doubtful) while (!(await load.send(sent))) await sleep(10);
    for (let n = 0; n < 100; n++) expect(await load.send(load.next(n % WRITERS))).toBe(true);
    expect(heard).toContain('appends-resumed');
    const after = await expectAll(embedded, load);
    expect(sameRecords(after.slice(0, full.length), full)).toBe(true);
    while (followed.length < after.length) await sleep(5);
    ending.abort();
    await following;
    expect(sameRecords(followed, after)).toBe(true);
    await views.write(VIEW, [large]);
    await close();

    const again = await openEmbedded(directory, OPTIONS);
    expect(again.report).toMatchObject({ position: after.length, torn: null });
    expect(sameRecords(await expectAll(again, load), after)).toBe(true);
    expect((await again.views.read(VIEW, ['large']))[0]).toMatchObject({ revision: 1 });
    await again.close();
  }),
);

onSmallDisk(`a store that is closed on a full disk opens with everything acknowledged once there is space${condition}`, () =>
  withSmallDisk(DISK, async (disk) => {
    const directory = join(disk, 'data');
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, new Uint8Array(BALLAST_BYTES));
    const first = await openEmbedded(directory, OPTIONS);
    const load = new Load(first.store, first.views);
    await load.untilFull();
    await first.close();
    rmSync(ballast);
    const second = await openEmbedded(directory, OPTIONS);
    const records = await expectAll(second, load);
    expect(await second.store.append(records[0]?.stream ?? ('' as StreamName), [load.next(0).event], 'any')).toMatchObject({ position: String(records.length + 1) });
    await second.close();
  }),
);
