import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Schema, Table, tableFromArrays, tableToIPC } from 'apache-arrow';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { learnerView } from '@trellis/views';
import { Archive } from './archive.js';
import { ArchiveError } from './errors.js';
import { foldArchive } from './fold-archive.js';
import { busyLog, codec, folder, removeFolders } from './testing/histories.js';
import { writeArchive } from './write-archive.js';

const { signal } = new AbortController();
const view = learnerView(() => DEFAULT_CALIBRATION);
let path = '';
let whole = Buffer.alloc(0);

beforeAll(async () => {
  path = join(folder(), 'log.arrow');
  await writeArchive({ store: busyLog({ events: 200 }).store, codec }, path, { format: 'arrow', signal, batchRowsMax: 50 });
  whole = readFileSync(path);
});
afterAll(removeFolders);

function file(bytes: Uint8Array): string {
  const made = join(folder(), 'other.arrow');
  writeFileSync(made, bytes);
  return made;
}

/** The same file with another text in the place of one as long, wherever it stands. */
function changed(from: string, to: string): Buffer {
  const bytes = Buffer.from(whole);
  for (let at = bytes.indexOf(from); at !== -1; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
  return bytes;
}

/** An Arrow file without columns that says this of itself. */
function saying(meta: Readonly<Record<string, string>>): Buffer {
  const schema = new Schema([], new Map(Object.entries(meta).map(([name, value]) => [`trellis.${name}`, value])));
  return Buffer.from(tableToIPC(new Table(schema), 'file'));
}

function whyNot(at: string): string {
  try {
    Archive.open(at).close();
  } catch (error) {
    if (error instanceof ArchiveError) return error.message;
    throw error;
  }
  return 'opened';
}

describe('opening an archive', () => {
  it('says what is in it', () => {
    const archive = Archive.open(path);
    expect(archive).toMatchObject({ events: 200, position: '200', meta: { format: '1', streams: 'learner-' } });
    expect(archive.batches.map(({ rows }) => rows)).toEqual([50, 50, 50, 50]);
    expect(archive.words('tenant')).toEqual(['default']);
    expect(archive.words('score')).toEqual([]);
    archive.close();
  });

  it.each([
    ['an empty file', () => Buffer.alloc(0), 'is no Arrow file: it does not begin with ARROW1'],
    ['a table of text', () => Buffer.from('learner,item\nana,q1\n'), 'is no Arrow file: it does not begin with ARROW1'],
    ['nothing but the magic word', () => Buffer.from('ARROW1'), 'is cut off: it does not end as an Arrow file does'],
    ['a file of somebody else', () => Buffer.from(tableToIPC(tableFromArrays({ a: [1, 2] }), 'file')), 'is an Arrow file, but no archive of Trellis'],
    ['a later format', () => saying({ format: '2' }), 'is an archive of format 2, and this program reads format 1: export it again'],
    ['answers of a later schema', () => saying({ format: '1', answerSchema: '2' }), 'has answers of schema 2, and this program reads schema 1: export it again'],
    ['another column', () => changed('durationMs', 'durationNs'), 'is no archive of format 1: its column durationMs is not as it should be'],
    ['a footer of impossible length', () => withInt(whole, whole.length - 10, -5), 'is damaged: its footer cannot have -5 bytes'],
    ['a footer that begins elsewhere', () => withInt(whole, whole.length - 10, 64), 'is damaged'],
    ['a footer longer than the file', () => withInt(whole, whole.length - 10, whole.length), 'is damaged: it has'],
  ])('refuses %s by its name, and says why', (_what, bytes, why) => {
    const at = file(bytes());
    expect(whyNot(at)).toContain(`${at} ${why}`);
  });

  it('refuses a file that was cut off, wherever', () => {
    for (let length = 8; length < whole.length; length += 997) expect(whyNot(file(whole.subarray(0, length)))).toContain('is cut off: it does not end as an Arrow file does');
  });

  it('refuses one whose middle is gone', () => {
    const at = file(Buffer.concat([whole.subarray(0, 4_096), whole.subarray(whole.length / 2)]));
    expect(whyNot(at)).toContain(`${at} is damaged`);
  });

  it('says which file there is not', () => {
    expect(() => Archive.open(join(folder(), 'none.arrow'))).toThrow('ENOENT');
  });
});

describe('folding a damaged archive', () => {
  it('names the file where a word is not in its vocabulary', async () => {
    const archive = Archive.open(path);
    const { body, batch } = archive.batches[1] as Archive['batches'][number];
    archive.close();
    // The second column, learner: its numbers are its second buffer.
    const at = file(withInt(whole, body + (batch.buffers[3]?.offset ?? 0), 77_777));
    const damaged = Archive.open(at);
    const folding = async (): Promise<void> => {
      for await (const page of foldArchive(damaged, codec, view, { signal })) expect(page.length).toBeGreaterThan(0);
    };
    await expect(folding()).rejects.toThrow(`${at} is damaged: a word of the column learner is not in its vocabulary`);
    damaged.close();
  });
});

function withInt(bytes: Buffer, at: number, value: number): Buffer {
  const made = Buffer.from(bytes);
  made.writeInt32LE(value, at);
  return made;
}
