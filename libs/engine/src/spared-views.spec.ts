import { MemoryViews, type Row } from '@trellis/event-sourcing';
import { sparedViews } from './spared-views.js';

const VIEW = { name: 'learner' };
const row: Row = { revision: 3, version: '1', bytes: Uint8Array.of(1) };

class Failing extends MemoryViews {
  fails = false;
  asked = 0;

  override read(...asked: Parameters<MemoryViews['read']>): ReturnType<MemoryViews['read']> {
    this.asked++;
    return this.fails ? Promise.reject(new Error('out of reach')) : super.read(...asked);
  }
}

it('gives no rows while the view store fails, leaves it alone for a second, and then asks again', async () => {
  const views = new Failing();
  let now = 0;
  const spared = sparedViews(views, () => now);
  await spared.write(VIEW, [{ key: 'a', row }]);
  expect(await spared.read(VIEW, ['a', 'b'])).toEqual([row, null]);
  views.fails = true;
  expect(await spared.read(VIEW, ['a', 'b'])).toEqual([null, null]);
  expect(await spared.read(VIEW, ['a'])).toEqual([null]);
  expect(views.asked).toBe(2);
  views.fails = false;
  now = 999;
  expect(await spared.read(VIEW, ['a'])).toEqual([null]);
  now = 1_000;
  expect(await spared.read(VIEW, ['a'])).toEqual([row]);
});
