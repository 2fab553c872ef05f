// What the runs of a world come to: each policy with its interval, and beside the best baseline.
import { difference, estimate, groupsWon, metricsOf, normalisedGain, resampled, type Difference, type Estimate, type ListedPolicy, type MetricName, type RunColumns, type World } from '@trellis/simulation';

export interface PolicyStanding {
  readonly policy: string;
  readonly title: string;
  readonly group: ListedPolicy['group'];
  readonly gain: Estimate;
  readonly metrics: Readonly<Record<MetricName, number | null>>;
  /** Beside the best baseline; null for baselines, and where there is none. */
  readonly lead: (Difference & { readonly groupsWon: number; readonly groups: number }) | null;
}

export interface WorldStanding {
  readonly world: string;
  readonly title: string;
  readonly bestBaseline: string | null;
  readonly policies: readonly PolicyStanding[];
}

/** Students of a group that is won or lost as a whole. */
const GROUP = 100;

export interface Played {
  readonly listed: ListedPolicy;
  readonly columns: RunColumns;
}

export function standing({ id, title }: World, played: readonly Played[], options: { readonly seed: number; readonly resamples: number }): WorldStanding {
  const ratios = played.map(({ columns }) => normalisedGain(columns));
  const draws = resampled(ratios, options);
  const gains = ratios.map((ratio, n) => estimate(ratio, draws[n] ?? new Float64Array(0)));
  let best = -1;
  for (const [n, { listed }] of played.entries()) if (isBaseline(listed) && (best < 0 || (gains[n]?.value ?? 0) > (gains[best]?.value ?? 0))) best = n;
  const policies = played.map(({ listed, columns }, n): PolicyStanding => {
    const [own, ofBest] = [ratios[n], ratios[best]];
    const lead =
      isBaseline(listed) || own === undefined || ofBest === undefined
        ? null
        : { ...difference(own, ofBest, draws[n] ?? new Float64Array(0), draws[best] ?? new Float64Array(0)), ...wonOf(own, ofBest) };
    return { policy: listed.policy.name, title: listed.title, group: listed.group, gain: gains[n] ?? { value: NaN, low: NaN, high: NaN }, metrics: metricsOf(columns), lead };
  });
  return { world: id, title, bestBaseline: played[best]?.listed.policy.name ?? null, policies };
}

function isBaseline({ group }: ListedPolicy): boolean {
  return group === 'baselines' || group === 'targets-only';
}

function wonOf(own: Parameters<typeof groupsWon>[0], ofBest: Parameters<typeof groupsWon>[1]): { readonly groupsWon: number; readonly groups: number } {
  const { won, groups } = groupsWon(own, ofBest, GROUP);
  return { groupsWon: won, groups };
}
