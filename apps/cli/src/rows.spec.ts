import { inspect } from './input-file.js';
import { formatOf, openTable, type Format, type Row } from './rows.js';
import { all, place, removeFolders } from './testing.js';

afterAll(removeFolders);

async function table(text: string | Uint8Array, format: Format = 'csv', packing?: 'gzip'): Promise<{ columns: readonly string[]; rows: readonly Row[] }> {
  const file = await inspect(place().file('rows', text, packing));
  const { columns, rows } = await openTable(file, format);
  return { columns, rows: await all(rows) };
}

describe('a table', () => {
  it('has columns from its first line, and rows with the line they begin on', async () => {
    const { columns, rows } = await table('learner,item\nana,q1\nbob,q2\n');
    expect(columns).toEqual(['learner', 'item']);
    expect(rows).toEqual([{ line: 2, cells: ['ana', 'q1'] }, { line: 3, cells: ['bob', 'q2'] }]);
  });

  it.each([
    ['a byte order mark', '\ufefflearner,item\nana,q1\n'],
    ['CRLF', 'learner,item\r\nana,q1\r\n'],
    ['a last line without a break', 'learner,item\nana,q1'],
    ['quotes', '"learner","item"\n"ana","q1"\n'],
    ['spaces around the names of columns', 'learner , item\nana,q1\n'],
  ])('may have %s', async (_what, text) => {
    const { columns, rows } = await table(text);
    expect(columns).toEqual(['learner', 'item']);
    expect(rows).toEqual([{ line: 2, cells: ['ana', 'q1'] }]);
  });

  it('keeps delimiters, breaks and doubled quotes inside quotes, and counts lines right behind them', async () => {
    const { rows } = await table('learner,response\nana,"4, or\r\nso"\n\n\nbob,"say ""4"""\ncyd,"a\nb\nc"\ndee,1\n');
    expect(rows).toEqual([
      { line: 2, cells: ['ana', '4, or\r\nso'] },
      { line: 6, cells: ['bob', 'say "4"'] },
      { line: 7, cells: ['cyd', 'a\nb\nc'] },
      { line: 10, cells: ['dee', '1'] },
    ]);
  });

  it('takes a quote inside a cell for what it is', async () => {
    const { rows } = await table('learner\tresponse\nana\t5" long\nbob\t6\n', 'tsv');
    expect(rows.map(({ cells }) => cells[1])).toEqual(['5" long', '6']);
  });

  it('hands on rows with too few or too many cells', async () => {
    const { rows } = await table('a,b\n1\n1,2,3\n');
    expect(rows.map(({ cells }) => cells)).toEqual([['1'], ['1', '2', '3']]);
  });

  it('says where a quote begins that is never closed', async () => {
    await expect(table('a,b\n1,2\n3,"4\n5,6\n')).rejects.toThrow(/rows, line 3: a quote is opened and never closed$/);
    await expect(table(`a,b\n1,2\n3,"4\n${'5,6\n'.repeat(300_000)}`)).rejects.toThrow(/rows, line 3: the row is longer than 1048576 characters/);
  });

  it('is known to be packed by its first bytes, not by its name', async () => {
    const { rows } = await table('a\tb\n1\t2\n', 'tsv', 'gzip');
    expect(rows).toEqual([{ line: 2, cells: ['1', '2'] }]);
  });
});

describe('JSON lines', () => {
  it('are rows of one cell with their line; empty ones are passed over', async () => {
    const { columns, rows } = await table('\ufeff{"a":1}\r\n\n  \n{"a":"ü"}', 'jsonl');
    expect(columns).toEqual(['row']);
    expect(rows).toEqual([{ line: 1, cells: ['{"a":1}'] }, { line: 4, cells: ['{"a":"ü"}'] }]);
  });

  it('may be longer than what is read at once', async () => {
    const long = JSON.stringify({ a: 'ü'.repeat(300_000) });
    const { rows } = await table(`{}\n${long}\n{}\n`, 'jsonl');
    expect(rows.map(({ cells: [text] }) => text)).toEqual(['{}', long, '{}']);
    await expect(table(`{}\n"${'x'.repeat(2_000_000)}"\n`, 'jsonl')).rejects.toThrow(/line 2: the line is longer than/);
  });
});

it.each([
  ['answers.csv', 'a\tb', 'csv'],
  ['answers.TSV', 'a,b', 'tsv'],
  ['answers.tsv.gz', '', 'tsv'],
  ['answers.jsonl', '', 'jsonl'],
  ['answers.ndjson.gz', '', 'jsonl'],
  ['answers.txt', 'a\tb\n{}', 'tsv'],
  ['answers', '\n {"a": 1}', 'jsonl'],
  ['answers', 'a,b', 'csv'],
])('%s that begins with %j is %s', (path, head, format) => expect(formatOf({ path, head })).toBe(format));

describe('a file that cannot be read as rows', () => {
  it.each([
    ['is empty', 'is empty'],
    ['is empty', ' \n\n'],
    ['is not text in UTF-8', new Uint8Array([0x66, 0xfc, 0x72])],
    ['is not text: it holds zero bytes', 'a,b\n1,\0\n'],
  ])('%s: %j', async (why, text) => {
    await expect(inspect(place().file('rows', text === 'is empty' ? '' : text))).rejects.toThrow(why);
  });

  it('is not there, or is a folder', async () => {
    const { cwd } = place();
    await expect(inspect(`${cwd}/none.csv`)).rejects.toThrow(`${cwd}/none.csv does not exist`);
    await expect(inspect(cwd)).rejects.toThrow(`${cwd} is not a file`);
  });

  it('breaks off in the middle of its packing, or is damaged there', async () => {
    const { file } = place();
    const { gzipSync } = await import('node:zlib');
    const packed = gzipSync(Array.from({ length: 5000 }, (_, n) => `ana,q${n}`).join('\n'));
    await expect(inspect(file('cut.csv.gz', packed.subarray(0, -200)))).rejects.toThrow('its gzip data breaks off before the end');
    packed.fill(0xee, 600, 700);
    await expect(inspect(file('bad.csv.gz', packed))).rejects.toThrow('what it holds is not valid gzip data');
  });

  it('is known by what it holds: packed or not, the same text has the same hash', async () => {
    const { file } = place();
    const [plain, packed, other] = [await inspect(file('a', 'a\n1\n')), await inspect(file('b', 'a\n1\n', 'gzip')), await inspect(file('c', 'a\n2\n'))];
    expect(packed.hash).toBe(plain.hash);
    expect(other.hash).not.toBe(plain.hash);
  });
});
