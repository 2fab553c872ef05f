import { Turns } from './turns.js';

/** Work that ends when it is told to, and says what it does. */
function work(told: string[], name: string): { readonly run: () => Promise<string>; readonly end: (error?: Error) => void } {
  let end: (error?: Error) => void = () => undefined;
  const ended = new Promise<string>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve(name) : reject(error));
  });
  return {
    run: () => {
      told.push(name);
      return ended;
    },
    end,
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('turns', () => {
  it('are one after another for a key, and apart from other keys', async () => {
    const [turns, told]: [Turns, string[]] = [new Turns(), []];
    const [one, two, other] = ['one', 'two', 'other'].map((name) => work(told, name)) as [ReturnType<typeof work>, ReturnType<typeof work>, ReturnType<typeof work>];
    const taken = [turns.take('ana', one.run), turns.take('ana', two.run), turns.take('ben', other.run)];
    await settled();
    expect(told).toEqual(['one', 'other']);
    one.end();
    await settled();
    expect(told).toEqual(['one', 'other', 'two']);
    two.end();
    other.end();
    expect(await Promise.all(taken)).toEqual(['one', 'two', 'other']);
  });

  it('go on after one that failed, which only its own caller sees', async () => {
    const [turns, told]: [Turns, string[]] = [new Turns(), []];
    const [bad, good] = [work(told, 'bad'), work(told, 'good')];
    const failed = turns.take('ana', bad.run);
    const next = turns.take('ana', good.run);
    bad.end(new Error('no'));
    await expect(failed).rejects.toThrow('no');
    good.end();
    expect(await next).toBe('good');
  });

  it('are not waited for by more than 256', async () => {
    const [turns, told]: [Turns, string[]] = [new Turns(), []];
    const all = Array.from({ length: 257 }, (_, n) => work(told, String(n)));
    const taken = all.map(({ run }) => turns.take('ana', run));
    await settled();
    expect(told).toEqual(['256', '0'].toSorted().toReversed());
    for (const { end } of all) end();
    await Promise.all(taken);
    const again = work(told, 'again');
    const last = turns.take('ana', again.run);
    await settled();
    expect(told.at(-1)).toBe('again');
    again.end();
    await last;
  });
});
