import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DataFolderError, DataHeldError } from './errors.js';
import { openEmbedded } from './open-embedded.js';
import { withFolder } from './testing/temporary.js';
import { ana, collect, eventOf, tornFiles } from './testing/written-log.js';

const LIBRARY = join(import.meta.dirname, '..', 'dist', 'index.js');

const children: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
  for (const one of children.splice(0)) one.kill('SIGKILL');
});

/** Runs a program that has the built library as `embedded` and the folder as `directory`. */
function child(directory: string, program: string): ChildProcessWithoutNullStreams & { readonly lines: AsyncIterator<string> } {
  const script = `const embedded = await import(${JSON.stringify(LIBRARY)}); const directory = ${JSON.stringify(directory)};\n${program}`;
  const made = spawn(process.execPath, ['--input-type=module', '-e', script]);
  children.push(made);
  return Object.assign(made, { lines: createInterface(made.stdout)[Symbol.asyncIterator]() });
}

const HOLD = `await embedded.openEmbedded(directory); console.log('open'); setInterval(() => {}, 1000);`;

describe('one writer', () => {
  it('refuses a second opening in the same process, until the first is closed', () =>
    withFolder(async (directory) => {
      const first = await openEmbedded(directory);
      await expect(openEmbedded(directory)).rejects.toThrow(DataHeldError);
      await expect(openEmbedded(directory)).rejects.toMatchObject({ pid: process.pid });
      await first.close();
      await (await openEmbedded(directory)).close();
    }));

  it('refuses a folder that another process holds, names that process, and takes it over when the process dies', () =>
    withFolder(async (directory) => {
      const holder = child(directory, HOLD);
      await holder.lines.next();
      await expect(openEmbedded(directory)).rejects.toThrow(`${directory} is held by process ${holder.pid}`);
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      await (await openEmbedded(directory)).close();
    }));

  it('warns nobody about how the lock is made', () =>
    withFolder(async (directory) => {
      const held = child(directory, `await (await embedded.openEmbedded(directory)).close();`);
      let said = '';
      held.stderr.on('data', (text: Buffer) => (said += text.toString()));
      const [code] = (await once(held, 'exit')) as [number];
      expect({ code, said }).toEqual({ code: 0, said: '' });
    }));

  it('says in one sentence that a folder cannot be used', () =>
    withFolder(async (directory) => {
      const file = join(directory, 'a-file');
      await writeFile(file, '');
      await expect(openEmbedded(join(file, 'data'))).rejects.toThrow(DataFolderError);
      await expect(openEmbedded(file)).rejects.toThrow(/^the data folder .* cannot be used: it is a file/);
    }));

  it('says so too where nothing can be made and yet no parent is missing', async () => {
    // Where there is no /proc, its parent cannot be made either.
    await expect(openEmbedded('/proc/trellis/data')).rejects.toThrow(DataFolderError);
  });
});

describe('a killed writer', () => {
  it('has everything that it acknowledged when it is opened again', () =>
    withFolder(async (directory) => {
      const writer = child(
        directory,
        `const { store } = await embedded.openEmbedded(directory);
         for (let n = 0; ; n++) {
           const event = { id: '00000000-0000-5000-8000-' + n.toString(16).padStart(12, '0'), type: 'T', digest: '0'.repeat(16), bytes: new Uint8Array(300) };
           await store.append('learner-default.ana', [event], n - 1);
           console.log(n);
         }`,
      );
      let acknowledged = -1;
      for (let n = 0; n < 200; n++) acknowledged = Number((await writer.lines.next()).value);
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const opened = await openEmbedded(directory);
      const kept = await collect(opened.store.read(ana));
      expect(kept.length).toBeGreaterThan(acknowledged);
      expect(kept.map(({ revision }) => revision)).toEqual(kept.map((_, n) => n));
      expect(opened.report?.clean).toBe(false);
      expect(await tornFiles(join(directory, 'log'))).toEqual([]);
      await opened.close();
    }));
});

describe('a reader beside the writer', () => {
  it('follows what another process makes durable, finds it by stream and id, and refuses to write', () =>
    withFolder(async (directory) => {
      const writer = await openEmbedded(directory, { segmentBytes: 8_192 });
      await writer.store.append(ana, [eventOf(0)], -1);
      await writer.views.write({ name: 'learners' }, [{ key: 'a', row: { revision: 4, version: 'v', bytes: Uint8Array.of(1) } }]);
      const reader = child(
        directory,
        `const { store, views, close } = await embedded.openEmbedded(directory, { readOnly: true });
         console.log(JSON.stringify((await views.read({ name: 'learners' }, ['a']))[0].revision));
         console.log(await store.append('learner-default.ana', [], 'any').catch((error) => error.name));
         const stop = new AbortController();
         let seen = 0;
         for await (const page of store.follow({ after: null, signal: stop.signal })) {
           seen += page.records.length;
           if (page.caughtUp) console.log('caught up');
           if (seen >= 501) stop.abort();
         }
         let own = 0;
         for await (const page of store.read('learner-default.ana')) for (const { revision } of page) if (revision === own) own++;
         const found = await store.find('learner-default.ana', '00000000-0000-5000-8000-000000000007');
         console.log(JSON.stringify({ seen, own, found: found.revision, lag: await store.lag(null) }));
         await close();`,
      );
      const said = async (): Promise<string> => (await reader.lines.next()).value as string;
      expect(await said()).toBe('4');
      expect(await said()).toBe('AppendsRefusedError');
      expect(await said()).toBe('caught up');
      for (let n = 1; n <= 500; n++) await writer.store.append(ana, [eventOf(n)], n - 1);
      let last = await said();
      while (last === 'caught up') last = await said();
      expect(JSON.parse(last)).toEqual({ seen: 501, own: 501, found: 7, lag: 501 });
      await writer.close();
    }));

  it('keeps up when the writer indexes far past where the reader began', () =>
    withFolder(async (directory) => {
      const writer = await openEmbedded(directory);
      await writer.store.append(ana, [eventOf(0)], -1);
      const reader = await openEmbedded(directory, { readOnly: true });
      for (let part = 0; part < 6; part++) {
        await writer.store.appendObservations(Array.from({ length: 5_000 }, (_, n) => ({ stream: ana, event: eventOf(1 + part * 5_000 + n) })));
      }
      await writer.close();
      expect(await reader.store.lag(null)).toBe(30_001);
      expect((await collect(reader.store.read(ana))).map(({ revision }) => revision)).toEqual(Array.from({ length: 30_001 }, (_, n) => n));
      expect(await reader.store.find(ana, eventOf(29_999).id)).toMatchObject({ revision: 29_999 });
      await reader.close();
    }));

  it('says that there is nothing to read yet', () =>
    withFolder(async (directory) => {
      await expect(openEmbedded(join(directory, 'none'), { readOnly: true })).rejects.toThrow(/holds no log yet/);
    }));
});
