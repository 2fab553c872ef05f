// What every view store must do, as one suite.
import type { Position } from '../records.js';
import type { KeyedRow, Row, View, ViewStore } from '../view-store.js';

export interface OpenedViews {
  readonly views: ViewStore;
  /** Closes the store and opens the same data again; absent where nothing outlives the process. */
  readonly reopen?: () => Promise<ViewStore>;
  close(): Promise<void>;
}

const learners: View = { name: 'learners' };
const PAGE_ROWS_MAX = 5_000;

// Views never look into positions; any text serves.
const at = (n: number): Position => String(n) as Position;

function row(revision: number, content: string, version = 'v1'): Row {
  return { revision, version, bytes: new TextEncoder().encode(content) };
}

const text = (found: Row | null | undefined): string | null =>
  found === null || found === undefined ? null : new TextDecoder().decode(found.bytes);

async function textOf(views: ViewStore, view: View, key: string): Promise<string | null> {
  return text((await views.read(view, [key]))[0]);
}

async function scanned(views: ViewStore, view: View, prefix?: string): Promise<KeyedRow[]> {
  const rows: KeyedRow[] = [];
  for await (const page of views.scan(view, prefix)) {
    expect(page.length).toBeLessThanOrEqual(PAGE_ROWS_MAX);
    rows.push(...page);
  }
  return rows;
}

/** `open` gives an empty store each time. Uses Jest's globals. */
export function viewStoreContract(name: string, open: () => Promise<OpenedViews>): void {
  const withViews = (use: (views: ViewStore, opened: OpenedViews) => Promise<void>) => async () => {
    const opened = await open();
    try {
      await use(opened.views, opened);
    } finally {
      await opened.close();
    }
  };

  describe(`${name} as a view store`, () => {
    it('reads rows in the order of the keys, null where there is none', withViews(async (views) => {
      expect(await views.read(learners, ['a'])).toEqual([null]);
      await views.write(learners, [{ key: 'a', row: row(3, 'A') }, { key: 'b', row: row(0, '', 'v2') }]);
      const found = await views.read(learners, ['b', 'none', 'a', 'b']);
      expect(found.map((one) => one && { ...one, bytes: Uint8Array.from(one.bytes) })).toEqual([row(0, '', 'v2'), null, row(3, 'A'), row(0, '', 'v2')]);
      expect(await views.read(learners, [])).toEqual([]);
    }));

    it.each<[string, Row, Row, 'before' | 'after']>([
      ['a higher revision replaces',                     row(3, 'before'), row(4, 'after'),       'after'],
      ['the same revision does not',                     row(3, 'before'), row(3, 'after'),       'before'],
      ['a lower revision does not',                      row(3, 'before'), row(2, 'after'),       'before'],
      ['another version of the same revision replaces',  row(3, 'before'), row(3, 'after', 'v2'), 'after'],
      ['another version of a lower revision does not',   row(3, 'before'), row(2, 'after', 'v2'), 'before'],
    ])('guards rows: %s', (_, before, after, wins) => withViews(async (views) => {
      await views.write(learners, [{ key: 'a', row: before }]);
      await views.write(learners, [{ key: 'a', row: after }]);
      expect(await textOf(views, learners, 'a')).toBe(wins);
    })());

    it('guards rows within one write, and between writes at the same time', withViews(async (views) => {
      await views.write(learners, [{ key: 'a', row: row(5, 'five') }, { key: 'a', row: row(4, 'four') }]);
      expect(await textOf(views, learners, 'a')).toBe('five');
      await Promise.all([9, 7, 8, 6].map((n) => views.write(learners, [{ key: 'a', row: row(n, `${n}`) }])));
      expect(await textOf(views, learners, 'a')).toBe('9');
    }));

    it('moves a checkpoint on only from where it is', withViews(async (views) => {
      expect(await views.moveCheckpoint(learners, at(1), at(2))).toBe(false);
      expect(await views.checkpoint(learners)).toBeNull();
      await views.write(learners, [], at(1));
      expect(await views.moveCheckpoint(learners, at(2), at(3))).toBe(false);
      expect(await views.moveCheckpoint(learners, at(1), at(3))).toBe(true);
      expect(await views.moveCheckpoint({ ...learners, generation: 1 }, at(3), at(4))).toBe(false);
      expect(await views.checkpoint(learners)).toBe(at(3));
      expect(await Promise.all([views.moveCheckpoint(learners, at(3), at(5)), views.moveCheckpoint(learners, at(3), at(6))])).toEqual([true, false]);
    }));

    it('is the same incarnation as long as nothing is lost', withViews(async (views) => {
      const before = await views.incarnation();
      await views.write(learners, [{ key: 'a', row: row(1, 'A') }], at(1));
      expect(await views.incarnation()).toBe(before);
    }));

    it('gives every rebuild a generation of its own, and never switches back', withViews(async (views) => {
      const first = await views.nextGeneration('learners');
      const second = await views.nextGeneration('learners');
      expect(first).toBeGreaterThan(0);
      expect(second).toBeGreaterThan(first);
      await views.write({ ...learners, generation: second }, [{ key: 'a', row: row(1, 'second') }], at(1));
      await views.write({ ...learners, generation: first }, [{ key: 'a', row: row(1, 'first') }], at(1));
      expect(await views.activate('learners', second)).toBe(true);
      expect(await views.activate('learners', first)).toBe(false);
      expect(await views.activate('learners', second)).toBe(true);
      expect(await textOf(views, learners, 'a')).toBe('second');
      expect(await views.nextGeneration('learners')).toBeGreaterThan(second);
    }));

    it('counts the rows of each build', withViews(async (views) => {
      expect(await views.count(learners)).toBe(0);
      await views.write(learners, [{ key: 'a', row: row(1, 'A') }, { key: 'b', row: row(1, 'B') }, { key: 'a', row: row(2, 'A') }]);
      await views.write(learners, [{ key: 'b', row: row(0, 'B') }, { key: 'c', row: row(0, 'C') }]);
      await views.write({ ...learners, generation: 1 }, [{ key: 'a', row: row(1, 'A') }]);
      expect(await views.count(learners)).toBe(3);
      expect(await views.count({ ...learners, generation: 1 })).toBe(1);
      await views.activate('learners', 1);
      expect(await views.count(learners)).toBe(1);
    }));

    it('takes the checkpoint even when the guard keeps every row', withViews(async (views) => {
      expect(await views.checkpoint(learners)).toBeNull();
      await views.write(learners, [{ key: 'a', row: row(1, 'A') }], at(1));
      await views.write(learners, [{ key: 'a', row: row(0, 'old') }], at(2));
      await views.write(learners, [{ key: 'b', row: row(0, 'B') }]);
      expect(await views.checkpoint(learners)).toBe(at(2));
      await views.write(learners, [], at(3));
      expect(await views.checkpoint(learners)).toBe(at(3));
      expect(await textOf(views, learners, 'a')).toBe('A');
    }));

    it('scans in the order of the keys, by prefix', withViews(async (views) => {
      const keys = ['default.b', 'default.a', 'east.a', 'default.a-2', 'default', 'é', 'default.10', 'default.9'];
      await views.write(learners, keys.map((key, n) => ({ key, row: row(n, key) })));
      await views.write({ name: 'learners-2' }, [{ key: 'default.z', row: row(0, 'z') }]);
      expect((await scanned(views, learners)).map(({ key }) => key)).toEqual([...keys].sort());
      const inDefault = await scanned(views, learners, 'default.');
      expect(inDefault.map(({ key }) => key)).toEqual(['default.10', 'default.9', 'default.a', 'default.a-2', 'default.b']);
      expect(inDefault.map((one) => text(one.row))).toEqual(inDefault.map(({ key }) => key));
      expect(await scanned(views, learners, 'none')).toEqual([]);
    }));

    it('scans many rows in pages of bounded length, once each, while others are written', withViews(async (views) => {
      const keys = Array.from({ length: 6_000 }, (_, n) => `k${String(n).padStart(5, '0')}`);
      await views.write(learners, keys.map((key) => ({ key, row: row(0, key) })));
      const seen: string[] = [];
      for await (const page of views.scan(learners)) {
        await views.write(learners, page.map(({ key }) => ({ key, row: row(1, 'again') })));
        seen.push(...page.map(({ key }) => key));
      }
      expect(seen).toEqual(keys);
    }));

    it('keeps generations and views apart', withViews(async (views) => {
      const next = { ...learners, generation: 1 };
      await views.write(learners, [{ key: 'a', row: row(1, 'live') }], at(1));
      await views.write(next, [{ key: 'a', row: row(0, 'next') }], at(9));
      await views.write({ name: 'classrooms' }, [{ key: 'a', row: row(0, 'room') }]);
      expect(await views.liveGeneration('learners')).toBe(0);
      expect(await textOf(views, learners, 'a')).toBe('live');
      expect(await textOf(views, { ...learners, generation: 0 }, 'a')).toBe('live');
      expect(await textOf(views, next, 'a')).toBe('next');
      expect(await textOf(views, { name: 'classrooms' }, 'a')).toBe('room');
      expect(await views.checkpoint(learners)).toBe(at(1));
      expect(await views.checkpoint(next)).toBe(at(9));
      expect(await views.checkpoint({ name: 'classrooms' })).toBeNull();
    }));

    it('switches readers to another generation and drops the old one', withViews(async (views) => {
      await views.write(learners, [{ key: 'a', row: row(5, 'old') }, { key: 'gone', row: row(0, 'old') }], at(5));
      await views.write({ ...learners, generation: 1 }, [{ key: 'a', row: row(0, 'new') }], at(2));
      await views.activate('learners', 1);
      expect(await views.liveGeneration('learners')).toBe(1);
      expect(await textOf(views, learners, 'a')).toBe('new');
      expect(await views.checkpoint(learners)).toBe(at(2));
      expect((await scanned(views, learners)).map(({ key }) => key)).toEqual(['a']);
      expect(await scanned(views, { ...learners, generation: 0 })).toEqual([]);
      expect(await views.checkpoint({ ...learners, generation: 0 })).toBeNull();
      await views.activate('learners', 1);
      expect(await textOf(views, learners, 'a')).toBe('new');
    }));

    it('forgets a dropped generation and nothing else', withViews(async (views) => {
      const [one, two] = [1, 2].map((generation) => ({ ...learners, generation })) as [View, View];
      for (const view of [learners, one, two]) await views.write(view, [{ key: 'a', row: row(1, `${view.generation}`) }], at(1));
      await views.drop(one);
      expect(await views.read(one, ['a'])).toEqual([null]);
      expect(await views.checkpoint(one)).toBeNull();
      expect(await textOf(views, two, 'a')).toBe('2');
      expect(await textOf(views, learners, 'a')).toBe('undefined');
      await views.write(one, [{ key: 'a', row: row(0, 'anew') }]);
      expect(await textOf(views, one, 'a')).toBe('anew');
    }));

    it('has its rows, checkpoint and generation when opened again', withViews(async (views, { reopen }) => {
      if (reopen === undefined) return;
      await views.write({ ...learners, generation: 3 }, [{ key: 'a', row: row(1, 'A') }], at(7));
      await views.activate('learners', 3);
      const again = await reopen();
      expect(await again.liveGeneration('learners')).toBe(3);
      expect(await textOf(again, learners, 'a')).toBe('A');
      expect(await again.checkpoint(learners)).toBe(at(7));
    }));
  });
}
