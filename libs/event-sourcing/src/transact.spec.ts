import type { Refusal } from './decider.js';
import type { Appended } from './event-store.js';
import type { Position, Revision } from './records.js';
import { ContentionError, transact, type Settled, type Target } from './transact.js';

type Counted = { readonly type: 'Counted'; readonly data: { readonly to: number } };

/** Counts up to a limit of 3. `Counted` is what there is after another one came. */
const decide = (command: 'count' | 'count-to-1', count: number): readonly Counted[] | Refusal<'full'> => {
  if (command === 'count-to-1' && count >= 1) return [];
  return count >= 3 ? { refused: 'full', detail: 'three is enough' } : [{ type: 'Counted', data: { to: count + 1 } }];
};

/** A stream in memory into which somebody else counts at the first appends. */
function stream(count: number, others = 0): Target<number, Counted> & { readonly appends: Revision[] } {
  const appends: Revision[] = [];
  return {
    appends,
    load: () => Promise.resolve({ state: count, revision: count - 1 }),
    append(events, expected): Promise<Appended | 'conflict'> {
      appends.push(expected);
      if (appends.length <= others) count++;
      if (expected !== count - 1) return Promise.resolve('conflict');
      count += events.length;
      return Promise.resolve({ revision: count - 1, position: String(count) as Position, repeated: false });
    },
  };
}

const count = (target: Target<number, Counted>, command: 'count' | 'count-to-1' = 'count'): Promise<Settled<Counted> | Refusal<'full'>> =>
  transact(target, { decide }, command);

describe('a command', () => {
  it('appends what is decided, at the revision it was decided on', async () => {
    const target = stream(1);
    expect(await count(target)).toEqual({ events: [{ type: 'Counted', data: { to: 2 } }], revision: 1, position: '2' });
    expect(target.appends).toEqual([0]);
  });

  it('appends nothing when it is already so', async () => {
    const target = stream(2);
    expect(await count(target, 'count-to-1')).toEqual({ events: [], revision: 1, position: null });
    expect(target.appends).toEqual([]);
  });

  it('appends nothing when it is refused', async () => {
    const target = stream(3);
    expect(await count(target)).toEqual({ refused: 'full', detail: 'three is enough' });
    expect(target.appends).toEqual([]);
  });

  it('is decided again on what came in between', async () => {
    const target = stream(0, 2);
    expect(await count(target)).toEqual({ events: [{ type: 'Counted', data: { to: 3 } }], revision: 2, position: '3' });
    expect(target.appends).toEqual([-1, 0, 1]);
  });

  it('may be refused, or be so already, after a conflict', async () => {
    expect(await count(stream(2, 1))).toMatchObject({ refused: 'full' });
    expect(await count(stream(0, 1), 'count-to-1')).toEqual({ events: [], revision: 0, position: null });
  });

  it('gives up after five tries and may be tried later', async () => {
    const target: Target<number, Counted> = { load: () => Promise.resolve({ state: 0, revision: -1 }), append: () => Promise.resolve('conflict') };
    const error = await count(target).then(() => null, (reason: unknown) => reason);
    expect(error).toBeInstanceOf(ContentionError);
    expect(error).toMatchObject({ retriable: true, message: 'still in conflict after 5 tries' });
  });

  it('fails when loading fails', async () => {
    await expect(count({ ...stream(0), load: () => Promise.reject(new Error('no disk')) })).rejects.toThrow('no disk');
  });
});
