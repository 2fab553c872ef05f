import { Projector } from './projector.js';
import { renewRows } from './renewal.js';
import { tally, world, type World } from './testing/tally.js';

const never = (): AbortSignal => new AbortController().signal;

async function versions({ views }: World): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const page of views.scan({ name: 'tally' })) for (const { key, row } of page) found[key] = row.version;
  return found;
}

async function kept(): Promise<World> {
  const it = world();
  await it.add('north.ana', 1, 2, 3);
  await it.add('north.ben', 4);
  await it.add('south.eve', 5);
  await new Projector(it, tally('old')).catchUp(never());
  return it;
}

it('folds rows of another version again, from the log', async () => {
  const it = await kept();
  expect(await renewRows(it, tally('new'), { signal: never() })).toBe(3);
  expect(await versions(it)).toEqual({ 'north.ana': 'new', 'north.ben': 'new', 'south.eve': 'new' });
  const [row] = await it.views.read({ name: 'tally' }, ['north.ana']);
  expect(row === null || row === undefined ? null : tally('new').decode(row.bytes, 'north.ana')).toEqual({ seen: [1, 2, 3], newest: 3, notes: 0 });
});

it('looks at the rows of one tenant only, where one is named', async () => {
  const it = await kept();
  expect(await renewRows(it, tally('new'), { prefix: 'north.', signal: never() })).toBe(2);
  expect((await versions(it))['south.eve']).toBe('old');
});

it('leaves rows that are as they should be', async () => {
  const it = await kept();
  expect(await renewRows(it, tally('old'), { signal: never() })).toBe(0);
});

it('may be broken off', async () => {
  const it = await kept();
  expect(await renewRows(it, tally('new'), { signal: AbortSignal.abort() })).toBe(0);
  expect(Object.values(await versions(it))).toEqual(['old', 'old', 'old']);
});
