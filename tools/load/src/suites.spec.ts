import { missingOf } from './acknowledged.js';
import { k6 } from './k6.js';
import { optionsOf, SUITES, type Suite } from './options.js';
import { run } from './run.js';
import { startEmbedded, type Target } from './target.js';

/** On a machine that does other things too; a suite takes about six. */
const SUITE_MS_MAX = 180_000;

describe('the short form of every suite, against a service that runs', () => {
  let target: Target | null = null;
  const told: string[] = [];
  beforeAll(async () => void (target = await startEmbedded()), SUITE_MS_MAX);
  afterAll(() => target?.stop(), SUITE_MS_MAX);

  const ran = async (suite: Suite) => {
    const options = optionsOf([suite, '--short']);
    if (target === null || options === 'help') throw new Error('no target');
    return run(options, { target, binary: k6(), signal: new AbortController().signal, say: (sentence) => told.push(sentence) });
  };

  it('finds the answers that are not in the log, and those that are there otherwise', async () => {
    const { url } = target ?? {};
    if (url === undefined) throw new Error('no target');
    const answer = { learner: 'found', id: 'a', occurredAt: '2026-01-05T08:00:00.000Z', item: 'i', skills: ['s'], correct: true };
    const found = (given: object) => missingOf(url, ['POST /v1/learners/found/answers: 500', JSON.stringify(given)]);
    expect(await found(answer)).toEqual({ acknowledged: 1, lost: 1, changed: 0 });
    expect(await found(answer)).toEqual({ acknowledged: 1, lost: 0, changed: 0 });
    expect(await found({ ...answer, correct: false })).toEqual({ acknowledged: 1, lost: 0, changed: 1 });
  }, SUITE_MS_MAX);

  // Last what kills the service.
  it.each(SUITES.toSorted((a, b) => Number(a === 'overload') - Number(b === 'overload')))('%s finds everything right', async (suite) => {
    told.length = 0;
    const outcome = await ran(suite);
    const { result, code } = outcome ?? {};
    // With what was said, so that a failure explains itself.
    expect({ broken: result?.thresholds.filter(({ ok }) => !ok), told }).toEqual({ broken: [], told: told.filter((sentence) => sentence.startsWith(`${suite}: `)) });
    expect(code).toBe(0);
    expect(result).toMatchObject({ suite, target: 'embedded', isShort: true });
    expect(result?.samples.some(({ residentMiB, requestsPerSecond }) => (residentMiB ?? 0) > 0 && (requestsPerSecond ?? 0) > 0)).toBe(true);
    expect(result?.metrics['http_reqs']?.values['count']).toBeGreaterThan(0);
    expect(result?.parts.every(({ answered }) => answered === 0)).toBe(result?.parts.length === 0);
    if (suite === 'overload') expect(result?.figures).toContainEqual({ name: 'of them lost', value: 0, unit: '' });
  }, SUITE_MS_MAX);
});
