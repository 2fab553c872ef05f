// The matrix as one HTML page that needs nothing beside it.
import { METRICS } from '@trellis/simulation';
import { dotChart, type Dot } from '../evaluating/charts.js';
import { escaped, list, paragraph, section, table, type Column } from '../evaluating/markup.js';
import { STYLE } from '../evaluating/page-style.js';
import { counted } from '../progress.js';
import { share, signed } from './matrix-text.js';
import type { Simulated, WorldStanding } from './standings.js';

export function simulationPage(simulated: Simulated): string {
  const { seed, learners, resamples, worlds } = simulated;
  const title = 'Policies in worlds whose truth is known';
  const body = [
    `<header><h1>${title}</h1><p class="soft">${escaped(`${counted(learners)} students of split ${seed} in each world, the same for every policy`)}</p></header>`,
    matrixSection(simulated),
    ...worlds.map(worldSection),
    section('reading', 'How to read it', list(READING) + paragraph(`Intervals: ${counted(resamples)} bootstrap samples of students, the same for every policy.`)),
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>\n<body><main>\n${body.join('\n')}\n</main></body></html>\n`;
}

const READING = [
  'Gain is what was gained of what there was to gain on the skills that were the target, over all students together.',
  'The lead is over the baseline that was best in that world, chosen in hindsight among all of them.',
  'False declarations are skills that the policy would tell a teacher are mastered and that are not.',
  'Wheel-spin is the share of answers on a skill from the eleventh on without three right in a row before.',
  'A policy that knows the true state is a mark of what is possible, not a ceiling.',
];

function matrixSection({ worlds }: Simulated): string {
  const columns: readonly Column[] = [{ name: 'policy', kind: 'text' }, ...worlds.map(({ world }): Column => ({ name: world, kind: 'number' }))];
  const rows = (worlds[0]?.policies ?? []).map(({ policy, title, group }) => ({
    cells: [title, ...worlds.map(({ policies, bestBaseline }) => `${share(policies.find((one) => one.policy === policy)?.gain.value)}${bestBaseline === policy ? ' *' : ''}`)],
    isMarked: group === 'engine',
  }));
  return section('matrix', 'Gain', table('Share of what there was to gain. * marks the best baseline of a world.', columns, rows));
}

function worldSection({ world, title, policies, bestBaseline }: WorldStanding): string {
  const dots = policies.map(({ title: label, gain, group }): Dot => ({ label, kind: group === 'engine' || group === 'recipe' ? 'accent' : 'plain', value: gain.value, low: gain.low, high: gain.high }));
  const chart = dotChart(dots, { title: `${world}: gain`, description: `Gain of each policy in ${title}, with 95 % intervals`, labels: LABELS });
  const metrics = METRICS.filter(({ name }) => name !== 'normalisedGain' && policies.some((one) => one.metrics[name] !== null));
  const columns: readonly Column[] = [{ name: 'policy', kind: 'text' }, { name: 'lead', kind: 'number' }, { name: 'p', kind: 'number' }, ...metrics.map(({ title: name }): Column => ({ name: name.split(':')[0] ?? name, kind: 'number' }))];
  const rows = policies.map(({ title: label, policy, lead, metrics: own, group }) => ({
    cells: [`${label}${policy === bestBaseline ? ' *' : ''}`, lead === null ? '-' : `${signed(lead.value)} (${signed(lead.low)} to ${signed(lead.high)})`, lead === null ? '-' : lead.p < 0.001 ? '< .001' : share(lead.p), ...metrics.map(({ name }) => share(own[name] ?? undefined))],
    isMarked: group === 'engine',
  }));
  return section(`world-${world}`, `${world}: ${title}`, `<figure>${chart}</figure>${table(`Lead over the best baseline, and what else was counted.`, columns, rows)}`);
}

/** The longest title of a policy. */
const LABELS = 370;
