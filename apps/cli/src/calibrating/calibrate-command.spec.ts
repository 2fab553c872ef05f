import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from '@trellis/mastery';
import { algebra, place, removeFolders, serving, type Place } from '../testing.js';

afterEach(removeFolders);

/** Learners of different abilities on four items of different difficulty: enough to learn from. */
function answers({ learners = 60, each = 30, seed = 1 } = {}): string {
  const random = seeded(seed);
  const rows = ['learner\titem\tcorrect\ttime'];
  for (let learner = 0; learner < learners; learner++) {
    const ability = random() - 0.5;
    for (let n = 0; n < each; n++) {
      const item = 1 + Math.floor(random() * 4);
      const right = random() < 0.75 + 0.4 * ability - 0.1 * item + n / 150;
      rows.push([`learner-${learner}`, `q${item}`, right ? 1 : 0, 1_700_000_000 + learner + n * 3_600].join('\t'));
    }
  }
  return rows.join('\n');
}

interface Calibrated {
  readonly calibration: string | null;
  readonly active: string;
  readonly learners: number;
  readonly models: readonly { readonly model: string; readonly logLoss: number; readonly before: { readonly logLoss: number } | null }[];
  readonly flaws: readonly { readonly blocks: boolean }[];
}

async function practised(): Promise<Place> {
  const at = await algebra();
  expect((await at.trellis(['import', at.file('answers.tsv', answers())])).code).toBe(0);
  return at;
}

async function calibrated(at: Place, ...args: string[]): Promise<Calibrated> {
  const ran = await at.trellis(['calibrate', '--json', ...args]);
  expect([ran.code, ran.err]).toEqual([0, '']);
  return JSON.parse(ran.out) as Calibrated;
}

describe('calibrating on the log', () => {
  it('publishes parameters that foresee held-out learners better than the built-in ones', async () => {
    const at = await practised();
    const made = await calibrated(at);
    expect(made).toMatchObject({ calibration: 'c1', active: 'default-1' });
    expect(made.learners).toBeLessThan(60);
    for (const { logLoss, before } of made.models) expect(logLoss).toBeLessThan(before?.logLoss ?? Infinity);
    expect(made.flaws.filter(({ blocks }) => blocks)).toEqual([]);
  });

  it('is the same for the same seed: the same content is published once', async () => {
    const at = await practised();
    const [first, second] = [await calibrated(at, '--dry-run', '--out', 'first.json'), await calibrated(at, '--dry-run', '--out', 'second.json')];
    expect({ ...second, seconds: 0 }).toEqual({ ...first, seconds: 0 });
    expect(first.calibration).toBeNull();
  });

  it('puts it in force when asked to, lists it, rolls it back and activates it again', async () => {
    const at = await practised();
    expect((await calibrated(at, '--activate')).active).toBe('c1');
    const run = async (...args: string[]): Promise<string> => {
      const ran = await at.trellis(['calibration', ...args]);
      expect([args, ran.code]).toEqual([args, 0]);
      return ran.out;
    };
    expect(await run('list')).toContain('in force: c1');
    expect(await run('rollback')).toBe('default-1 is in force\n');
    expect(await run('rollback')).toBe('c1 is in force\n');
    expect(await run('activate', 'default-1')).toBe('default-1 is in force\n');
    expect(await run('activate', 'default-1')).toBe('default-1 was in force already\n');
    expect(await run('show', 'c1')).toContain('Model card');
    expect(JSON.parse(await run('list', '--json'))).toMatchObject({ active: 'default-1', activations: [{ calibration: 'c1' }, { calibration: 'default-1' }, { calibration: 'c1' }, { calibration: 'default-1' }] });
  });

  it('leaves rows and replay equal after each activation', async () => {
    const at = await practised();
    await calibrated(at, '--activate');
    for (const args of [['calibration', 'rollback'], ['calibration', 'rollback']]) {
      expect((await at.trellis(['replay', '--verify'])).code).toBe(0);
      expect((await at.trellis(args)).code).toBe(0);
    }
    expect((await at.trellis(['verify'])).code).toBe(0);
  });

  it('judges what forecasts beside what is published, and says where there is too little for the network', async () => {
    const at = await practised();
    const ran = await at.trellis(['calibrate', '--dry-run', '--network', '--json']);
    expect(ran.json<Calibrated>().models.map(({ model }) => model)).toEqual(['placement', 'mastery', 'lr-14']);
    expect(ran.err).toBe('trellis: the network was not fitted: it needs at least 25,000 answers\n');
  });

  it('writes the statistics of each item when asked to', async () => {
    const at = await practised();
    await calibrated(at, '--dry-run', '--items', 'items.tsv');
    const [head, ...rows] = readFileSync(join(at.cwd, 'items.tsv'), 'utf8').replace(/\n$/, '').split('\n').map((line) => line.split('\t'));
    expect(head?.slice(0, 4)).toEqual(['item', 'answers', 'exposure', 'pass_rate']);
    expect(rows.map(([item]) => item).sort()).toEqual(['q1', 'q2', 'q3', 'q4']);
    for (const row of rows) expect(row).toHaveLength(head?.length ?? 0);
  });

  it('works beside a running service, and publishes there', async () => {
    const at = await practised();
    const service = await serving(`${at.cwd}/.trellis`);
    try {
      expect(await calibrated(at, '--data', '.trellis', '--url', service.url, '--activate')).toMatchObject({ calibration: 'c1', active: 'c1' });
      // Set against the one in force, which it fetched from the service.
      const again = await calibrated(at, '--data', '.trellis', '--url', service.url, '--seed', '5', '--dry-run');
      expect(again.models.flatMap(({ logLoss, before }) => (before === null ? [] : [Math.abs(logLoss - before.logLoss) < 0.01]))).toEqual([true, true]);
      const ran = await at.trellis(['calibration', 'rollback', '--url', service.url]);
      expect(ran.out).toBe('default-1 is in force\n');
    } finally {
      await service.stop();
    }
  });
});

it('calibrates on files too', async () => {
  const at = place();
  const table = at.file('answers.tsv', answers().replaceAll('\tq', '\tskill').replace('item', 'item').split('\n').map((line, n) => (n === 0 ? `${line}\tskills` : `${line}\ts${line.split('\t')[1]?.slice(-1)}`)).join('\n'));
  expect(await calibrated(at, table, '--dry-run')).toMatchObject({ calibration: null, active: 'default-1' });
});

describe('what cannot be calibrated on says why', () => {
  const cases: readonly [string, readonly string[], number, RegExp][] = [
    ['no data',                    [],                          1, /there is no data in .*: import something/],
    ['a table of links, no file',  ['--q-matrix', 'x'],         2, /--q-matrix and --map go with files/],
    ['nothing to activate',        ['--dry-run', '--activate'], 2, /--dry-run publishes nothing/],
  ];
  it.each(cases)('%s', async (_, args, code, says) => {
    const ran = await place().trellis(['calibrate', ...args]);
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(says);
  });

  it('too few answers', async () => {
    const at = await algebra();
    await at.trellis(['import', at.file('few.tsv', answers({ learners: 5, each: 10 }))]);
    const ran = await at.trellis(['calibrate']);
    expect([ran.code, ran.err]).toEqual([1, 'trellis: there are 50 graded answers of 5 learners; a calibration needs at least 1,000 of 20.\n']);
  });

  it('one that is not there', async () => {
    const at = await practised();
    expect((await at.trellis(['calibration', 'activate', 'c4'])).err).toContain('"c4" is not published');
    expect((await at.trellis(['calibration', 'show', 'c4'])).err).toContain('"c4" is not published');
    expect((await at.trellis(['calibration', 'rollback'])).err).toContain('nothing to roll back to');
  });
});
