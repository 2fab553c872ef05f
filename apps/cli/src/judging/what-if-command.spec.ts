import type { EventId } from '@trellis/event-sourcing';
import { learnerStream, type LearnerId } from '@trellis/learning';
import { seeded } from '@trellis/mastery';
import { DEFAULT_TENANT, digest16, uuidV5 } from '@trellis/service';
import { algebra, place, removeFolders, type Place } from '../testing.js';

afterAll(removeFolders);

const ROUNDS = 12;

/** Learners who ask and answer, some of what they were given. */
async function school(learners: number): Promise<Place> {
  const at = await algebra();
  await at.look(async ({ recommender, sources: { store, codec } }) => {
    for (let n = 0; n < learners; n++) {
      const learner = `learner-${n}` as LearnerId;
      const random = seeded(n);
      for (let round = 0; round < ROUNDS; round++) {
        const now = Date.UTC(2026, 2, 2, 8) + n * 3_600_000 + round * 60_000;
        const made = await recommender.recommend({ tenant: DEFAULT_TENANT, learner, decisionId: uuidV5(`${learner} ${round}`) as EventId, now, count: 1 });
        if ('refused' in made) throw new Error(made.detail);
        const [first] = made.decision.items;
        if (first === undefined || random() < 0.1) continue;
        const id = uuidV5(`answer ${learner} ${round}`);
        const data = { item: first.item, skills: first.skills, score: random() < 0.6 ? 1 : 0, attempt: 1, hints: 0, recommendation: made.id };
        await store.append(learnerStream(DEFAULT_TENANT, learner), [codec.encode(id, digest16(id), { type: 'AnswerGiven', data }, { source: 'spec', occurredAt: now + 30_000, schema: 1 })], 'any');
      }
    }
  });
  return at;
}

interface Verdict {
  readonly learners: number;
  readonly choices: number;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly logged: { readonly value: number };
  readonly ips: { readonly value: number } | null;
  readonly snips: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly dr: { readonly value: number } | null;
  readonly support: { readonly largestWeight: number };
}

describe('trellis what-if', () => {
  it('gives the strategy that chose exactly what it earned', async () => {
    const at = await school(12);
    const { code, json } = await at.trellis(['what-if', '--strategy', 'individualized', '--json']);
    const { learners, choices, leftOut, logged, ips, snips, dr, support } = json<Verdict>();
    expect([code, learners, choices + (leftOut['not-answered'] ?? 0) + (leftOut['no-item'] ?? 0)]).toEqual([0, 12, 12 * ROUNDS]);
    expect(leftOut['not-answered']).toBeGreaterThan(0);
    // Recomputed from the log, its chances are to the bit those that were logged.
    expect(support.largestWeight).toBe(1);
    for (const estimate of [ips, snips]) expect(estimate?.value).toBeCloseTo(logged.value, 12);
    expect(dr?.value).toBeCloseTo(logged.value, 2);
    expect(logged.value).toBeGreaterThan(0);
  });

  it('takes a strategy from a file, and another reward', async () => {
    const at = await school(8);
    const file = at.file('ours.json', JSON.stringify({ preset: 'personalized', settings: { choices: 1 } }));
    const { code, out } = await at.trellis(['what-if', '--strategy', file, '--reward', 'right']);
    expect([code, out]).toEqual([0, expect.stringMatching(/over \d+ choices of 8 learners; score of the answer[\s\S]*self-normalised/)]);
  });

  it.each<[string, (at: Place) => readonly string[], number, RegExp]>([
    ['a strategy that is nowhere',   () => ['what-if', '--strategy', 'nowhere.json'],                                                                       1, /nowhere\.json/],
    ['a preset that is none',        () => ['what-if', '--strategy', 'strict'],                                                                             2, /--strategy names "strict"; there are differentiated, individualized, personalized, blended, or a JSON file with a strategy/],
    ['a strategy that is none',      (at) => ['what-if', '--strategy', at.file('s.json', '{"preset":"strict"}')],                                           1, /s\.json: strategy\.preset is "strict"; it must be/],
    ['one that no lesson can follow', (at) => ['what-if', '--strategy', at.file('s.json', '{"preset":"personalized","settings":{"pace":"class"}}')],         2, /no common pace/],
    ['a log without decisions',      () => ['what-if', '--strategy', 'personalized'],                                                                       1, /0 learners have answered what was recommended; at least 4 are needed\.$/m],
  ])('refuses %s', async (_, words, exit, sentence) => {
    const at = await algebra();
    const { code, err } = await at.trellis(words(at));
    expect([code, err]).toEqual([exit, expect.stringMatching(sentence)]);
  });

  it('says of one learner what it says of several', async () => {
    const { code, err } = await (await school(1)).trellis(['what-if', '--strategy', 'personalized']);
    expect([code, err]).toEqual([1, expect.stringContaining('1 learner has answered what was recommended; at least 4 are needed')]);
  });

  it('needs a data folder', async () => {
    expect((await place().trellis(['what-if', '--strategy', 'personalized'])).code).toBe(1);
  });
});
