// What the runs of a world come to: each policy with its interval, beside the best baseline, and beside what it is a variant of.
import { difference, estimate, groupsWon, metricsOf, normalisedGain, type Difference, type Estimate, type MetricName, type RunColumns, type World } from '@trellis/simulation';
import type { Contestant } from './contest.js';

export interface PolicyStanding extends Pick<Contestant, 'title' | 'group'> {
  readonly policy: string;
  readonly gain: Estimate;
  readonly metrics: Readonly<Record<MetricName, number | null>>;
  /** Beside the best baseline; null for baselines, and where there is none. */
  readonly lead: (Difference & { readonly groupsWon: number; readonly groups: number }) | null;
  /** What the one thing in which a variant differs makes; null where it is none, or its base did not run. */
  readonly change: (Estimate & { readonly from: string }) | null;
}

export interface WorldStanding {
  readonly world: string;
  readonly title: string;
  readonly bestBaseline: string | null;
  readonly policies: readonly PolicyStanding[];
}

export interface Simulated {
  /** The split whose students were drawn. */
  readonly seed: number;
  readonly learners: number;
  readonly resamples: number;
  readonly worlds: readonly WorldStanding[];
  readonly seconds: number;
}

/** Students of a group that is won or lost as a whole. */
const GROUP = 100;

export interface Played {
  readonly contestant: Contestant;
  readonly columns: RunColumns;
  /** Its gain in each draw of students; the draws are the same for all. */
  readonly draws: Float64Array;
}

export function standing({ id, title }: World, played: readonly Played[]): WorldStanding {
  const gains = played.map(({ columns, draws }) => estimate(normalisedGain(columns), draws));
  let best: Played | undefined;
  let most = -Infinity;
  for (const [n, one] of played.entries()) {
    const { value } = gains[n] as Estimate;
    if (isBaseline(one.contestant) && value > most) [best, most] = [one, value];
  }
  const policies = played.map((one, n): PolicyStanding => {
    const { contestant: { name: policy, title: what, group, base }, columns } = one;
    const from = base === null ? undefined : played.find(({ contestant }) => contestant.name === base);
    return {
      policy,
      title: what,
      group,
      gain: gains[n] as Estimate,
      metrics: metricsOf(columns),
      lead: best === undefined || isBaseline(one.contestant) ? null : { ...beside(one, best), ...wonOf(one, best) },
      change: from === undefined ? null : { from: from.contestant.name, ...beside(one, from) },
    };
  });
  return { world: id, title, bestBaseline: best?.contestant.name ?? null, policies };
}

function isBaseline({ group }: Contestant): boolean {
  return group === 'baselines' || group === 'targets-only';
}

function beside(a: Played, b: Played): Difference {
  return difference(normalisedGain(a.columns), normalisedGain(b.columns), a.draws, b.draws);
}

function wonOf(own: Played, best: Played): { readonly groupsWon: number; readonly groups: number } {
  const { won, groups } = groupsWon(normalisedGain(own.columns), normalisedGain(best.columns), GROUP);
  return { groupsWon: won, groups };
}
