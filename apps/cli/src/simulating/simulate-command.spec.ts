import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { place, removeFolders, type Place } from '../testing.js';

afterAll(removeFolders);

interface Simulated {
  readonly seed: number;
  readonly learners: number;
  readonly seconds: number;
  readonly worlds: readonly {
    readonly world: string;
    readonly bestBaseline: string | null;
    readonly policies: readonly { readonly policy: string; readonly gain: number; readonly ci: readonly [number, number]; readonly wheelSpin: number; readonly overPractice: number; readonly underPractice: number; readonly lead?: { readonly p: number } }[];
  }[];
}

const FEW = ['simulate', '--learners', '20', '--resamples', '200', '--policies', 'engine,graph-free,least-practised,gate-95-2'];

describe('trellis simulate', () => {
  it('judges every policy in every world on the same students, with intervals and the lead over the best baseline', async () => {
    const { code, json } = await place().trellis([...FEW, '--json']);
    const { seed, learners, worlds } = json<Simulated>();
    expect([code, seed, learners, worlds.map(({ world }) => world)]).toEqual([0, 31, 20, ['K', 'B', 'L', 'F']]);
    for (const { policies, bestBaseline } of worlds) {
      expect(policies.map(({ policy }) => policy)).toEqual(['gate-95-2', 'least-practised', 'graph-free', 'engine']);
      const gains = new Map(policies.map(({ policy, gain }) => [policy, gain]));
      expect(gains.get(bestBaseline ?? '')).toBe(Math.max(gains.get('gate-95-2') ?? 0, gains.get('least-practised') ?? 0));
      for (const { policy, gain, ci: [low, high], lead, wheelSpin, overPractice } of policies) {
        expect([low <= gain && gain <= high, wheelSpin >= 0, overPractice <= 1, lead !== undefined]).toEqual([true, true, true, policy === 'engine' || policy === 'graph-free']);
      }
      // The product is the recipe's graph-free fold, by another hand.
      expect(Math.abs((gains.get('engine') ?? 0) - (gains.get('graph-free') ?? 1))).toBeLessThan(0.06);
    }
  });

  it('says the same for the same seed, whatever the threads, and something else for another', async () => {
    const at: Place = place();
    const told = async (...more: string[]): Promise<Simulated> => ({ ...(await at.trellis([...FEW, '--worlds', 'B,K', '--json', ...more])).json<Simulated>(), seconds: 0 });
    const one = await told('--workers', '1');
    expect(await told('--workers', '2')).toEqual(one);
    expect(await told('--seed', '30')).not.toEqual(one);
  });

  it('prints a matrix, and writes a page that needs nothing beside it', async () => {
    const at = place();
    const { code, out } = await at.trellis([...FEW, '--worlds', 'F', '--report', 'page.html']);
    expect([code, out.split('\n')[0]]).toEqual([0, expect.stringMatching(/^20 students of split 31 in each world/)]);
    expect(out).toMatch(/engine +\.\d{3}/);
    const page = readFileSync(join(at.cwd, 'page.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>[\s\S]*<svg role="img"[\s\S]*<\/html>\s*$/);
    expect(page).not.toMatch(/(src|href)="/);
  });

  it('has every ablation of the recipe', async () => {
    const { code, json } = await place().trellis(['simulate', '--ablations', '--learners', '2', '--resamples', '2', '--worlds', 'K', '--json']);
    const [world] = json<Simulated>().worlds;
    const names = world?.policies.map(({ policy }) => policy) ?? [];
    expect([code, names.length]).toEqual([0, 72]);
    expect(names).toEqual(expect.arrayContaining(['graph-free/no-value-flow', 'graph-free/no-readiness', 'graph-free/no-give-up', 'graph-free/fitted-bkt', 'recommended/no-locality', 'recommended/edges-missing-and-added']));
  });

  it.each([
    ['an unknown policy',   ['--policies', 'oracle'],             2, '--policies names "oracle"; there are random, '],
    ['an unknown world',    ['--worlds', 'K,Z'],                  2, '--worlds names "Z"; there are K, B, L, F, or all'],
    ['too few learners',    ['--learners', '1'],                  2, 'It must be a whole number from 2 to 100000'],
    ['a course that is no', ['--course', 'nowhere.json'],         1, 'nowhere.json'],
  ])('refuses %s', async (_, words, exit, sentence) => {
    const { code, err } = await place().trellis(['simulate', ...words]);
    expect([code, err]).toEqual([exit, expect.stringContaining(sentence)]);
  });

  it('ends at once when it is interrupted', async () => {
    const { code } = await place().trellis(FEW, { signal: AbortSignal.abort() });
    expect(code).toBe(130);
  });
});
