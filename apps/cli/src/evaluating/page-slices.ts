// Figures of parts of the answers, on the page.
import type { Slice } from '@trellis/mastery';
import { counted } from '../progress.js';
import { figure } from './as-text.js';
import type { ModelFigures } from './evaluation.js';
import { escaped, paragraph, section, table, type Column } from './markup.js';
import { best, percent, telling } from './page-parts.js';
import type { Ran } from './run-facts.js';

const SKILLS_SHOWN = 200;

export function slicesSection(ran: Ran): string {
  const models = telling(ran);
  const top = best(models);
  const slices = models[0]?.slices;
  if (top === undefined || slices === undefined) return '';
  const parts = [
    aucTable('AUC by how many answers the learner had given', 'answer', models, ({ slices: of }) => of.position),
    slices.itemAge.length === 0 ? '' : aucTable('AUC by how many training answers the item had', 'training answers', models, ({ slices: of }) => of.itemAge),
    skillTable(top),
  ];
  return section('slices', 'Where the models are good, and where not', parts.join(''));
}

/** One line for each slice, one column for each model. */
function aucTable(caption: string, head: string, models: readonly ModelFigures[], of: (model: ModelFigures) => readonly Slice[]): string {
  const first = models[0];
  if (first === undefined) return '';
  const columns: readonly Column[] = [{ name: head, kind: 'text' }, ...['answers', 'right', ...models.map(({ model }) => model)].map((name): Column => ({ name, kind: 'number' }))];
  const rows = of(first).map(({ name, metrics }, n) => ({ cells: [name, counted(metrics.n), percent(metrics.shareRight, 1), ...models.map((model) => figure(of(model)[n]?.metrics.auc ?? NaN))] }));
  return table(caption, columns, rows);
}

function skillTable({ model, slices }: ModelFigures): string {
  const most = [...slices.skill].sort((a, b) => b.metrics.n - a.metrics.n).slice(0, SKILLS_SHOWN);
  const columns: readonly Column[] = [{ name: 'skill', kind: 'text' }, ...['answers', 'right', 'predicted', 'AUC', 'log loss', 'ECE'].map((name): Column => ({ name, kind: 'number' }))];
  const rows = most.map(({ name, metrics: { n, shareRight, meanPredicted, auc, logLoss, ece } }) => ({ cells: [name, counted(n), percent(shareRight, 1), percent(meanPredicted, 1), figure(auc), figure(logLoss), figure(ece)] }));
  const which = most.length < slices.skill.length ? `the ${SKILLS_SHOWN} of ${counted(slices.skill.length)} with the most answers` : `all ${counted(most.length)}, those with the most answers first`;
  return `<details><summary>By skill, ${escaped(model)}</summary>${table(`Skills, ${which}`, columns, rows)}</details>`;
}

export function subgroupsSection(ran: Ran): string {
  const models = telling(ran);
  const column = models[0]?.subgroups?.column;
  if (column === undefined) return '';
  const flagged = models.flatMap(({ model, subgroups }) => (subgroups?.groups ?? []).filter(({ verdict }) => verdict === 'flagged').map(({ name, gap }) => ({ model, name, gap })));
  const columns: readonly Column[] = [
    { name: 'model', kind: 'text' },
    { name: column, kind: 'text' },
    ...['learners', 'answers', 'right', 'predicted', 'gap', '95 %', 'AUC', 'ECE'].map((name): Column => ({ name, kind: 'number' })),
    { name: 'verdict', kind: 'text' },
  ];
  const rows = models.flatMap(({ model, subgroups }) =>
    (subgroups?.groups ?? []).map(({ name, learners, metrics: { n, shareRight, meanPredicted, auc, ece }, gap, verdict }) => ({
      cells: [model, name, counted(learners), counted(n), percent(shareRight, 1), percent(meanPredicted, 1), points(gap.value), `${points(gap.low)} to ${points(gap.high)}`, figure(auc), figure(ece), WORDS[verdict]],
      isMarked: verdict === 'flagged',
    })),
  );
  const found = flagged.map(({ model, name, gap }) => `<p class="trap">${escaped(`${model} promises ${gap.value > 0 ? 'too much' : 'too little'} to ${column} ${name}: ${points(gap.value)} points.`)}</p>`);
  return section(
    'subgroups',
    `By ${column}`,
    paragraph('Gap: mean predicted chance less the share that was right, in points. A group is flagged where the gap is wider than 2 points and beyond what chance would make, with all groups looked at.') + found.join('') + table(`Subgroups of ${column}`, columns, rows),
  );
}

const WORDS = { flagged: 'flagged', fine: 'fine', 'too-small': 'too few to say' } as const;

function points(share: number): string {
  return Number.isFinite(share) ? `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}` : '-';
}
