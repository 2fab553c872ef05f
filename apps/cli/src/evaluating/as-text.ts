// The result of a run as lines for people.
import { aligned } from '../aligned.js';
import { counted } from '../progress.js';
import type { ModelFigures } from './evaluation.js';
import { dataFacts, type PartFacts, type Ran } from './run-facts.js';
import type { Traps } from './traps.js';

export function asText(ran: Ran, report: string | null): string {
  const { plan, evaluation, seconds, peakMemoryMb } = ran;
  const { traps, models, trainings, resamples } = evaluation;
  const facts = dataFacts(ran);
  return [
    ...(plan.folds === null ? [`train  ${part(facts.train)}`, `test   ${part(facts.test)}`] : [`answers  ${part(facts.test)}, in ${facts.split}`]),
    ...trapLines(traps).map((line) => (traps.found.length > 0 ? `trap   ${line}` : `traps  ${line}`)),
    '',
    ...table(models, trainings.length > 1),
    '',
    ...groupLines(models),
    `ci: 95 % of the AUC over ${counted(resamples)} draws of learners. ${seconds} s, at most ${counted(peakMemoryMb)} MB, seed ${plan.seed}.`,
    ...(report === null ? [] : [`Report: ${report}`]),
  ].join('\n');
}

function part({ answers, learners, items, shareRight }: PartFacts): string {
  return `${counted(answers)} answers of ${counted(learners)} learners, ${items === 0 ? 'no items' : `${counted(items)} items`}, ${(shareRight * 100).toFixed(1)} % right`;
}

/** One sentence for each trap, or that there is none. */
export function trapLines({ found, repeatedRows, twins }: Traps): readonly string[] {
  if (found.length === 0) return [twins.complete ? 'none: no rows repeated once per skill, no students under two ids' : 'none found, but the search for students under two ids gave up before its end'];
  const lines: string[] = [];
  if (repeatedRows.answers > 0) {
    lines.push(`repeated rows: ${counted(repeatedRows.answers)} answers stand in several rows, one for each skill (${counted(repeatedRows.surplusRows)} rows too many); who sees the first knows the others. Strict has each once.`);
  }
  if (twins.pairs > 0) {
    lines.push(
      `twins: ${twins.pairs === 1 ? 'one pair of ids is one student' : `${counted(twins.pairs)} pairs of ids are one student each`} (${counted(twins.across)} across train and test, ${counted(twins.insideTrain)} inside train, ` +
        `${counted(twins.insideTest)} inside test); ${(twins.testShare * 100).toFixed(0)} % of the test answers have their copy in train. Strict trains without them.${twins.complete ? '' : ' The search gave up before its end: there may be more.'}`,
    );
  }
  return lines;
}

/** Groups to whom a model promises too much or too little. */
function groupLines(models: readonly ModelFigures[]): readonly string[] {
  const [first] = models;
  if (first === undefined || first.subgroups === null) return [];
  const { column, judged, groups } = first.subgroups;
  const lines = models.flatMap(({ model, training, subgroups }) =>
    (subgroups?.groups ?? [])
      .filter(({ verdict }) => verdict === 'flagged')
      .map(({ name, gap: { value, low, high } }) => `subgroup  ${column} ${name}: ${model} (${training}) promises too ${value > 0 ? 'much' : 'little'}, ${points(value)} points (${points(low)} to ${points(high)})`),
  );
  return [`${column}: ${judged} of ${groups.length} subgroups large enough to judge${lines.length === 0 ? ', none promised too much or too little' : ''}.`, ...lines, ''];
}

function points(share: number): string {
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`;
}

function table(models: readonly ModelFigures[], twoTrainings: boolean): readonly string[] {
  const header = ['model', ...(twoTrainings ? ['training'] : []), 'auc', 'ci', 'log loss', 'brier', 'ece', 'rmse', 'fit s'];
  return aligned([header, ...beside(models).map((one) => cells(one, twoTrainings))]);
}

/** The two trainings of a model one below the other: official is never read alone. */
export function beside(models: readonly ModelFigures[]): readonly ModelFigures[] {
  const names = [...new Set(models.map(({ model }) => model))];
  return names.flatMap((name) => models.filter(({ model }) => model === name));
}

function cells({ model, training, metrics, interval, fitSeconds }: ModelFigures, twoTrainings: boolean): readonly string[] {
  const { auc, logLoss, brier, ece, rmse } = metrics;
  return [model, ...(twoTrainings ? [training] : []), figure(auc), `${figure(interval.low)}-${figure(interval.high)}`, figure(logLoss), figure(brier), figure(ece), figure(rmse), fitSeconds.toFixed(1)];
}

/** A dash where the figure does not exist. */
export function figure(value: number, digits = 4): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}
