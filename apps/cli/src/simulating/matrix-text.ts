// The matrix for people: policies down, worlds across.
import { METRICS, type Estimate } from '@trellis/simulation';
import { aligned } from '../aligned.js';
import { counted } from '../progress.js';
import type { PolicyStanding, Simulated, WorldStanding } from './standings.js';

export function matrixText({ seed, learners, worlds, seconds }: Simulated): readonly string[] {
  const names = worlds[0]?.policies.map(({ policy }) => policy) ?? [];
  const of = ({ policies }: WorldStanding, name: string): PolicyStanding | undefined => policies.find(({ policy }) => policy === name);
  const cell = (world: WorldStanding, name: string): string => `${share(of(world, name)?.gain.value)}${world.bestBaseline === name ? ' *' : ''}`;
  const rows = names.map((name) => [name, ...worlds.map((world) => cell(world, name))]);
  const beside = <One>(what: (standing: PolicyStanding | undefined) => One | null, text: (one: One) => string): readonly (readonly string[])[] =>
    names.flatMap((name) => {
      const own = worlds.map((world) => what(of(world, name)));
      return own.every((one) => one === null) ? [] : [[name, ...own.map((one) => (one === null ? '-' : text(one)))]];
    });
  const leads = beside((standing) => standing?.lead ?? null, (lead) => `${ranged(lead)}, p ${lead.p < 0.001 ? '< .001' : share(lead.p)}`);
  const changes = beside((standing) => standing?.change ?? null, ranged);
  return [
    `${counted(learners)} students of split ${seed} in each world; share of what there was to gain, ${seconds} s`,
    ...aligned([['policy', ...worlds.map(({ world }) => world)], ...rows]).map((line) => `  ${line}`),
    ...(worlds.some(({ bestBaseline }) => bestBaseline !== null) ? ['* best baseline of the world, in hindsight'] : []),
    ...(leads.length === 0 ? [] : ['', 'lead over the best baseline, with 95 %', ...aligned([['policy', ...worlds.map(({ world }) => world)], ...leads]).map((line) => `  ${line}`)]),
    ...(changes.length === 0 ? [] : ['', 'beside the policy that it is a variant of, with 95 %', ...aligned([['policy', ...worlds.map(({ world }) => world)], ...changes]).map((line) => `  ${line}`)]),
    '',
    ...worlds.flatMap((world) => others(world, names)),
  ].filter((line, n, lines) => line !== '' || n + 1 < lines.length);
}

/** All other figures, of what is no baseline and of the best one. */
function others({ world, title, policies, bestBaseline }: WorldStanding, names: readonly string[]): readonly string[] {
  const shown = policies.filter(({ lead, policy }) => lead !== null || policy === bestBaseline || names.length <= SHOWN_ALL);
  const metrics = METRICS.filter(({ name }) => name !== 'normalisedGain' && shown.some((one) => one.metrics[name] !== null));
  if (shown.length === 0) return [];
  const rows = shown.map(({ policy, metrics: own }) => [policy, ...metrics.map(({ name }) => share(own[name] ?? undefined))]);
  return [`${world}: ${title}`, ...aligned([['policy', ...metrics.map(({ name }) => HEADS[name] ?? name)], ...rows]).map((line) => `  ${line}`)];
}

const SHOWN_ALL = 6;
const HEADS: Readonly<Record<string, string>> = {
  overPractice: 'over-practice',
  underPractice: 'not known at .95',
  falseDeclarations: 'false declarations',
  wheelSpin: 'wheel-spin',
  prerequisiteViolations: 'unready',
  itemsToMastery: 'answers a mastery',
  masteredPer100Answers: 'per 100',
  recallAfter2Weeks: 'recall, 2 weeks',
  recallAfter4Weeks: '4 weeks',
};

function ranged({ value, low, high }: Estimate): string {
  return `${signed(value)} (${signed(low)} to ${signed(high)})`;
}

export function share(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return '-';
  return Math.abs(value) >= 1 ? value.toFixed(2) : value.toFixed(3).replace(/^(-?)0\./, '$1.');
}

export function signed(value: number): string {
  return value >= 0 ? `+${share(value)}` : share(value);
}
