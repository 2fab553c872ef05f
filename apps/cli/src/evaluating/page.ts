// The report as one HTML page that needs nothing beside it.
import { counted } from '../progress.js';
import { beside, figure, trapLines } from './as-text.js';
import { dotChart, reliabilityChart } from './charts.js';
import { escaped, list, paragraph, section, table, type Column } from './markup.js';
import { FAMILIES } from './models.js';
import { best, percent, telling } from './page-parts.js';
import { slicesSection, subgroupsSection } from './page-slices.js';
import { STYLE } from './page-style.js';
import { dataFacts, type DataFacts, type PartFacts, type Ran } from './run-facts.js';

export function asPage(ran: Ran): string {
  const facts = dataFacts(ran);
  const title = 'How well answers were foreseen';
  const body = [
    `<header><h1>${title}</h1><p class="soft">${escaped(headline(facts))}</p></header>`,
    ...trapLines(ran.evaluation.traps).map((line) => (ran.evaluation.traps.found.length > 0 ? `<p class="trap">${escaped(line)}</p>` : paragraph(line))),
    modelsSection(ran),
    comparisonsSection(ran),
    calibrationSection(ran),
    regressionsSection(ran),
    slicesSection(ran),
    subgroupsSection(ran),
    trapsSection(ran),
    readingSection(ran),
    dataSection(ran, facts),
  ];
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>\n<body><main>\n${body.filter((part) => part !== '').join('\n')}\n</main></body></html>\n`;
}

function headline({ split, train, test }: DataFacts): string {
  const judged = `${counted(test.answers)} answers of ${counted(test.learners)} learners`;
  return split === 'files' ? `${judged}, foreseen by models fitted on ${counted(train.answers)} answers of ${counted(train.learners)} others` : `${judged}, each foreseen by models fitted on other learners (${split})`;
}

/** Of the last training, which is the strict one where there are two. */
function regressionsSection({ evaluation: { models, trainings } }: Ran): string {
  const strict = trainings.at(-1)?.training;
  const tables = models.flatMap(({ model, training, regression }) => {
    if (regression === null || training !== strict) return [];
    const rows = regression.features.map((feature, n) => ({ cells: [feature, ...[regression.weights, regression.mean, regression.sd].map((of) => figure(of[n] ?? NaN))] }));
    const columns: readonly Column[] = [{ name: 'feature', kind: 'text' }, ...['weight', 'mean', 'sd'].map((name): Column => ({ name, kind: 'number' }))];
    return [table(`${model}: what one standard deviation more of a feature adds to the logit; intercept ${figure(regression.intercept)}.`, columns, rows)];
  });
  return tables.length === 0 ? '' : section('regressions', 'What the regressions rest on', tables.join(''));
}

function modelsSection(ran: Ran): string {
  const { plan } = ran;
  const { models, trainings, resamples } = ran.evaluation;
  const two = trainings.length > 1;
  const columns: readonly Column[] = [
    { name: 'model', kind: 'text' },
    ...(two ? [{ name: 'training', kind: 'text' } as const] : []),
    ...['AUC', '95 %', 'log loss', 'Brier', 'ECE', 'RMSE', 'fit s'].map((name): Column => ({ name, kind: 'number' })),
  ];
  const top = best(telling(ran));
  const rows = beside(models).map((one) => {
    const { auc, logLoss, brier, ece, rmse } = one.metrics;
    const cells = [one.model, ...(two ? [one.training] : []), figure(auc), `${figure(one.interval.low)} to ${figure(one.interval.high)}`, figure(logLoss), figure(brier), figure(ece), figure(rmse), one.fitSeconds.toFixed(1)];
    return { cells, isMarked: one === top };
  });
  const strict = trainings.at(-1)?.training;
  // A constant lies so far from all others that they could not be told apart.
  const drawn = plan.models.length > 1 ? beside(models).filter(({ model }) => model !== 'majority') : models;
  const dots = drawn.map(({ model, training, interval }) => ({ label: model, kind: training === strict ? ('accent' as const) : ('plain' as const), value: interval.value, low: interval.low, high: interval.high }));
  const description = `Each model's AUC with its 95 % interval${two ? '; filled circles strict, open squares official' : ''}. ${drawn.length < models.length ? 'Majority is left out. ' : ''}The same figures stand in the table.`;
  const key = two ? `<p><span class="key"><svg aria-hidden="true" width="12" height="12"><circle class="accent" cx="6" cy="6" r="4.5"/></svg> strict</span><span class="key"><svg aria-hidden="true" width="12" height="12"><rect class="plain" x="2.5" y="2.5" width="7" height="7"/></svg> official</span></p>` : '';
  return section(
    'models',
    'Models',
    table(`By model; intervals over ${counted(resamples)} draws of learners. The highest AUC is in bold.`, columns, rows) + `<figure>${dotChart(dots, { title: 'AUC by model', description })}<figcaption>${escaped(description)}</figcaption>${key}</figure>`,
  );
}

function comparisonsSection(ran: Ran): string {
  const { comparisons, trainings } = ran.evaluation;
  const training = trainings.at(-1)?.training;
  const ranked = [...telling(ran)].filter(({ metrics }) => Number.isFinite(metrics.auc)).sort((a, b) => b.metrics.auc - a.metrics.auc);
  const top = ranked[0];
  if (top === undefined || ranked.length < 2) return '';
  const rows = ranked.slice(1).map(({ model }) => {
    const found = comparisons.find((one) => one.training === training && ((one.model === top.model && one.against === model) || (one.model === model && one.against === top.model)));
    const sign = found?.model === top.model ? 1 : -1;
    const { value, low, high } = found?.difference ?? { value: NaN, low: NaN, high: NaN };
    const [from, to] = sign > 0 ? [low, high] : [-high, -low];
    return { cells: [model, figure(sign * value), `${figure(from)} to ${figure(to)}`, from > 0 ? 'yes' : 'no'] };
  });
  const columns: readonly Column[] = [{ name: 'model', kind: 'text' }, { name: 'more AUC', kind: 'number' }, { name: '95 %', kind: 'number' }, { name: 'beyond chance', kind: 'text' }];
  return section('comparisons', `${top.model} beside the others`, table(`How much more ${top.model} has, on the same draws of learners${trainings.length > 1 ? `, ${training} training` : ''}`, columns, rows));
}

function calibrationSection(ran: Ran): string {
  const figures = telling(ran).map(({ model, metrics, reliability }) => {
    const description = `Of ${counted(metrics.n)} predictions, calibration error ${figure(metrics.ece)}`;
    return `<figure><h3>${escaped(model)}</h3>${reliabilityChart(reliability, { title: `Predicted beside actual, ${model}`, description })}<figcaption>${escaped(description)}</figcaption></figure>`;
  });
  const bins = telling(ran).flatMap(({ model, reliability }) =>
    reliability.filter(({ n }) => n > 0).map(({ from, to, n, meanPredicted, shareRight, low, high }) => ({ cells: [model, `${percent(from)} to ${percent(to)}`, counted(n), percent(meanPredicted, 1), percent(shareRight, 1), `${percent(low, 1)} to ${percent(high, 1)}`] })),
  );
  const columns: readonly Column[] = [{ name: 'model', kind: 'text' }, ...['predicted', 'answers', 'mean predicted', 'were right', '95 %'].map((name): Column => ({ name, kind: 'number' }))];
  return section(
    'calibration',
    'Does 70 % mean 70 %?',
    paragraph('Across: the predicted chance of a right answer, in ten bins, in percent. Up: how many were right. On the dashed line both agree; above it a model is too cautious, below it too sure. Bars below: how many predictions a bin has.') +
      `<div class="charts">${figures.join('')}</div><details><summary>The same as a table</summary>${table('Reliability by model and bin', columns, bins)}</details>`,
  );
}

function trapsSection({ evaluation: { traps } }: Ran): string {
  const { repeatedRows, twins } = traps;
  const parts: string[] = [];
  if (twins.pairs > 0) {
    const rows = twins.examples.map(({ first, second, sharedItems, agreement }) => ({ cells: [first, second, counted(sharedItems), percent(agreement, 1)] }));
    parts.push(
      paragraph(
        `${twins.testAnswers === 0 ? 'None' : counted(twins.testAnswers)} of the test answers (${percent(twins.testShare, 1)}) are of learners whose copy is in train. ` +
          `The strict training leaves out ${twins.leftOutLearners === 1 ? 'one learner' : `${counted(twins.leftOutLearners)} learners`} with ${counted(twins.leftOutAnswers)} answers and predicts the same learners.`,
      ),
      table('Some of the pairs', [{ name: 'learner', kind: 'text' }, { name: 'the same as', kind: 'text' }, { name: 'items both answered', kind: 'number' }, { name: 'agree', kind: 'number' }], rows),
    );
  }
  if (repeatedRows.answers > 0) {
    const rows = repeatedRows.examples.map(({ learner, item, skills }) => ({ cells: [learner, item, skills.join(', ')] }));
    parts.push(
      paragraph(`${counted(repeatedRows.surplusRows)} rows repeat an answer under another skill. The strict training and its test part have each answer once, with all its skills.`),
      table('Some of the answers', [{ name: 'learner', kind: 'text' }, { name: 'item', kind: 'text' }, { name: 'skills', kind: 'text' }], rows),
    );
  }
  return parts.length === 0 ? '' : section('traps', 'What was found in the answers', parts.join(''));
}

function readingSection(ran: Ran): string {
  const about = FAMILIES.flatMap((family) => Object.entries(family.about)).filter(([model]) => ran.plan.models.includes(model));
  const lines = [
    'Every answer is predicted from what was known before it: the answers that the learner gave until then, and what was fitted on other learners.',
    'AUC: of a right and a wrong answer drawn at random, how often the model gave the right one the higher chance. 0.5 is a coin, 1 foresight.',
    'Log loss: mean of -ln of the chance given to what happened. Brier: mean square of the distance. RMSE: its root. Lower is better.',
    'ECE: how far predicted and actual shares lie apart, in the mean over ten bins of equal width. Below 0.01 a probability may be taken as it stands.',
    '95 %: where the figure would lie with other learners of the same kind: learners are drawn anew with replacement, whole.',
    'Fit s: seconds of fitting on one thread; what several models share is counted in each.',
  ];
  if (ran.evaluation.trainings.length > 1) lines.push('Official: the files as they are. Strict: without what was found in them. Only strict says anything about learners to come.');
  const rows = about.map(([model, text]) => ({ cells: [model, text] }));
  return section('reading', 'How to read it', list(lines) + table('The models', [{ name: 'model', kind: 'text' }, { name: 'what it is', kind: 'text' }], rows));
}

function dataSection({ plan, seconds, peakMemoryMb }: Ran, facts: DataFacts): string {
  const columns: readonly Column[] = [{ name: 'part', kind: 'text' }, ...['answers', 'learners', 'items', 'right'].map((name): Column => ({ name, kind: 'number' }))];
  const row = (name: string, { answers, learners, items, shareRight }: PartFacts): { readonly cells: readonly string[] } => ({ cells: [name, counted(answers), counted(learners), items === 0 ? 'none' : counted(items), percent(shareRight, 1)] });
  const rows = facts.split === 'files' ? [row('train', facts.train), row('test', facts.test)] : [row('all', facts.test)];
  const files = facts.files.map(({ part, file, sha256 }) => `<li>${escaped(`${part}: ${file}`)}${sha256 === null ? '' : `, SHA-256 of its text <code>${sha256}</code>`}</li>`).join('');
  return section(
    'data',
    'The answers and the run',
    table('Parts', columns, rows) +
      paragraph(`${counted(facts.skills)} skills in ${counted(facts.combinations)} combinations; ${facts.times ? 'rows in the order of their times' : 'no times, rows in the order of the files'}.`) +
      `<ul>${files}</ul>` +
      paragraph(`Seed ${plan.seed}, ${plan.workers} threads, ${seconds} s, at most ${counted(peakMemoryMb)} MB. The same files and seed give the same figures, whatever the number of threads.`),
  );
}
