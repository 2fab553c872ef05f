import { startDistributedTarget } from './distributed.js';
import { k6 } from './k6.js';
import { optionsOf } from './options.js';
import { run } from './run.js';

/** Seven processes start, on a machine that does other things too. */
const ALL_MS_MAX = 240_000;

describe('the short form of the loop, against the distributed system with real Kafka and Redis', () => {
  it('finds every answer in the recommendation after it', async () => {
    const options = optionsOf(['loop', '--short', '--target', 'distributed']);
    if (options === 'help') throw new Error('no options');
    const told: string[] = [];
    const target = await startDistributedTarget();
    try {
      const outcome = await run(options, { target, binary: k6(), signal: new AbortController().signal, say: (sentence) => told.push(sentence) });
      const { result, code } = outcome ?? {};
      // With what was said, so that a failure explains itself.
      expect({ broken: result?.thresholds.filter(({ ok }) => !ok), told }).toEqual({ broken: [], told: told.filter((sentence) => sentence.startsWith('loop: ')) });
      expect(code).toBe(0);
      expect(result).toMatchObject({ suite: 'loop', target: 'distributed', isKurrentDouble: target.isKurrentDouble });
      expect(result?.metrics['missing_from_based_on']?.values['count']).toBe(0);
      expect(result?.metrics['answer_to_next{phase:load,calls:two}']?.values['count']).toBeGreaterThan(0);
      expect(result?.metrics['answer_to_next{phase:load,calls:one}']?.values['count']).toBeGreaterThan(0);
      // Of every service, not of the address in front of them.
      expect(target.pids).toHaveLength(3);
      expect(result?.samples.some(({ residentMiB, requestsPerSecond }) => (residentMiB ?? 0) > 0 && (requestsPerSecond ?? 0) > 0)).toBe(true);
    } finally {
      await target.stop();
    }
  }, ALL_MS_MAX);
});
