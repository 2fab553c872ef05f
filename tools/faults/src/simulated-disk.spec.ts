import type { Disk, DiskFile } from '@trellis/embedded';
import { Randomness } from './randomness.js';
import { CALM, SimulatedDisk } from './simulated-disk.js';
import { SimulatedScheduler, type Owner } from './simulated-scheduler.js';

interface Bench {
  readonly simulated: SimulatedDisk;
  readonly disk: Disk;
  readonly scheduler: SimulatedScheduler;
  readonly owner: Owner;
  /** Runs tasks until the promise has settled. */
  readonly done: <Answer>(work: Promise<Answer>) => Promise<Answer>;
}

function bench(seed: number): Bench {
  const random = new Randomness(seed);
  const scheduler = new SimulatedScheduler(random.split('order'));
  const simulated = new SimulatedDisk(scheduler, random.split('disk'));
  const owner: Owner = { name: 'a process', alive: true };
  simulated.makeDirectory('d');
  const done = async <Answer>(work: Promise<Answer>): Promise<Answer> => {
    while (await scheduler.step());
    return work;
  };
  return { simulated, disk: simulated.portOf(owner), scheduler, owner, done };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function textIn({ disk, done }: Bench, path: string): Promise<string> {
  const file = await done(disk.open(path, 'read'));
  const into = new Uint8Array(2_000);
  return new TextDecoder().decode(into.subarray(0, await done(file.read(into, 0))));
}

async function durable({ disk, done }: Bench, path: string, text: string): Promise<DiskFile> {
  const file = await done(disk.open(path, 'create'));
  await done(file.write(bytes(text), 0));
  await done(file.sync());
  await done(disk.syncDirectory('d'));
  return file;
}

const SEEDS = Array.from({ length: 60 }, (_, n) => n);

/** What is left after each seed's loss of power. */
async function afterLosses(run: (world: Bench) => Promise<string | undefined>): Promise<Set<string | undefined>> {
  const found = new Set<string | undefined>();
  for (const seed of SEEDS) found.add(await run(bench(seed)));
  return found;
}

describe('a loss of power', () => {
  it('keeps what was synced', async () => {
    const found = await afterLosses(async (world) => {
      await durable(world, 'd/a', 'kept');
      world.simulated.losePower();
      return textIn(world, 'd/a');
    });
    expect([...found]).toEqual(['kept']);
  });

  it('keeps unsynced writes wholly, in part or not at all, in any order', async () => {
    const found = await afterLosses(async (world) => {
      const file = await durable(world, 'd/a', '....');
      await world.done(file.write(bytes('A'), 0));
      await world.done(file.write(bytes('BC'), 2));
      world.simulated.losePower();
      return textIn(world, 'd/a');
    });
    for (const whole of ['....', 'A...', 'A.BC', '..BC']) expect(found).toContain(whole);
    expect([...found].some((text) => text?.endsWith('B.'))).toBe(true);
  });

  it('loses names that were not synced, and what they named, but never half of a renaming', async () => {
    const found = await afterLosses(async (world) => {
      const { disk, done, simulated } = world;
      const file = await done(disk.open('d/new', 'create'));
      await done(file.write(bytes('x'), 0));
      await done(file.sync());
      await done(disk.rename('d/new', 'd/named'));
      simulated.losePower();
      return simulated.names('d').join();
    });
    expect(found).toEqual(new Set(['', 'new', 'named']));
  });

  it('brings back a file whose removal was not synced', async () => {
    const found = await afterLosses(async (world) => {
      await durable(world, 'd/a', 'x');
      await world.done(world.disk.remove('d/a'));
      world.simulated.losePower();
      return world.simulated.names('d').join();
    });
    expect(found).toEqual(new Set(['', 'a']));
  });
});

describe('the death of a process', () => {
  it('leaves what it wrote to be seen, and a write on its way in part', async () => {
    const found = await afterLosses(async (world) => {
      const file = await durable(world, 'd/a', '');
      await world.done(file.write(bytes('ab'), 0));
      void file.write(bytes('cd'), 2);
      world.scheduler.kill(world.owner);
      const after: Bench = { ...world, disk: world.simulated.portOf({ name: 'the next', alive: true }) };
      return textIn(after, 'd/a');
    });
    expect(found).toEqual(new Set(['ab', 'abc', 'abcd']));
  });
});

describe('a sync that fails', () => {
  it('leaves the pages clean: a later one does not make them durable, and they can leave memory', async () => {
    const found = await afterLosses(async (world) => {
      const { simulated, done } = world;
      const file = await durable(world, 'd/a', '.');
      await done(file.write(bytes('A'), 0));
      simulated.weather = { ...CALM, failingSyncs: 1 };
      await expect(done(file.sync())).rejects.toThrow('EIO');
      simulated.weather = CALM;
      expect(await textIn(world, 'd/a')).toBe('A');
      await done(file.sync());
      simulated.evict();
      return textIn(world, 'd/a');
    });
    expect(found).toEqual(new Set(['A', '.']));
  });

  it('is made good by writing the same again', async () => {
    const found = await afterLosses(async (world) => {
      const { simulated, done } = world;
      const file = await durable(world, 'd/a', '..');
      await done(file.write(bytes('AB'), 0));
      simulated.weather = { ...CALM, failingSyncs: 1 };
      await expect(done(file.sync())).rejects.toThrow('EIO');
      simulated.weather = CALM;
      await done(file.write(bytes('AB'), 0));
      await done(file.sync());
      simulated.losePower();
      return textIn(world, 'd/a');
    });
    expect([...found]).toEqual(['AB']);
  });
});

describe('a disk that is not well', () => {
  it('refuses to grow when it is full, keeps a beginning of what did not fit, and takes what replaces', async () => {
    const found = await afterLosses(async (world) => {
      const { simulated, disk, done } = world;
      const file = await durable(world, 'd/a', 'ab');
      simulated.weather = { ...CALM, full: true };
      await done(file.write(bytes('AB'), 0));
      await expect(done(file.write(bytes('CD'), 2))).rejects.toThrow('ENOSPC');
      await expect(done(disk.open('d/b', 'create'))).rejects.toThrow('ENOSPC');
      return textIn(world, 'd/a');
    });
    expect(found).toEqual(new Set(['AB', 'ABC', 'ABCD']));
  });

  it('changes nothing while it is read-only', async () => {
    const world = bench(1);
    const { simulated, disk, done } = world;
    const file = await durable(world, 'd/a', 'ab');
    simulated.weather = { ...CALM, readOnly: true };
    for (const change of [() => file.write(bytes('x'), 0), () => file.truncate(0), () => disk.remove('d/a'), () => disk.rename('d/a', 'd/b'), () => disk.open('d/b', 'write')]) {
      await expect(done<unknown>(change())).rejects.toThrow('EROFS');
    }
    expect(await textIn(world, 'd/a')).toBe('ab');
  });
});

it('shows a long write in part before it is done, now and then', async () => {
  const seen = new Set<number>();
  for (const seed of SEEDS) {
    const world = bench(seed);
    const { disk, scheduler, simulated, done } = world;
    const file = await done(disk.open('d/a', 'create'));
    const writing = file.write(new Uint8Array(100).fill(1), 0);
    await scheduler.step();
    seen.add(simulated.file('d/a')?.length ?? -1);
    await done(writing);
    expect(simulated.file('d/a')?.length).toBe(100);
  }
  expect(seen.size).toBeGreaterThan(3);
});
