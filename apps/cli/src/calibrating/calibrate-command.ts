// `trellis calibrate`: from answers to the next calibration, compared with the one in force.
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { openEngine } from '@trellis/engine';
import type { CalibrationDocument } from '@trellis/learning';
import { DEFAULT_CALIBRATION, NETWORK_ROWS_MIN, type Calibration } from '@trellis/mastery';
import { calibrationSchema } from '@trellis/ingest';
import { ENGINE_VERSION } from '@trellis/recommendation';
import { aligned } from '../aligned.js';
import { fieldMapOf } from '../evaluating/answers-file.js';
import { readHistory, readLog } from '../evaluating/own-log.js';
import { readSource, type Read } from '../evaluating/reading.js';
import { Failure, wrongUsage } from '../failure.js';
import type { Io, Outcome } from '../io.js';
import { counted, secondsSince } from '../progress.js';
import { clientOf, dataFolder, onEngine, type TargetOptions } from '../target.js';
import { inEngine, overHttp, type CalibrationStore } from './calibration-store.js';
import { cardOf } from './card.js';
import { documentOf, figuresOf, flawsOf } from './document.js';
import { fitOnThread } from './fit-thread.js';
import { itemTable } from './item-table.js';

export interface CalibrateOptions extends TargetOptions {
  readonly qMatrix?: string;
  readonly map: readonly string[];
  readonly seed?: number;
  readonly dryRun: boolean;
  readonly activate: boolean;
  readonly network: boolean;
  readonly out?: string;
  readonly items?: string;
  readonly card?: string;
}

/** Fewer say too little about anything. */
const LEARNERS_MIN = 20;
const ANSWERS_MIN = 1_000;

export async function calibrate(files: readonly string[], options: CalibrateOptions, io: Io): Promise<Outcome> {
  if (options.dryRun && options.activate) throw wrongUsage('--dry-run publishes nothing, so there is nothing to --activate');
  if (files.length === 0 && (options.qMatrix !== undefined || options.map.length > 0)) throw wrongUsage('--q-matrix and --map go with files: the log says itself what was answered');
  const start = performance.now();
  const { data: _, ...service } = options;
  const client = options.url === undefined ? null : clientOf(service, io);
  const before = client === null ? await inForce(options, io) : await overHttp(client).current();
  const { read, position } = files.length === 0 ? await fromLog(options, io) : { read: await fromFiles(files, options, io), position: null };
  const { document, table } = await fitted(read, { before, position, seed: options.seed ?? 0, withNetwork: options.network, start }, io);
  if (options.items !== undefined) writeFileSync(resolve(io.cwd, options.items), table);
  if (options.out !== undefined) writeFileSync(resolve(io.cwd, options.out), JSON.stringify(document));
  if (options.card !== undefined) writeFileSync(resolve(io.cwd, options.card), document.report.card);
  if (options.dryRun) return outcomeOf({ document, calibration: null, active: before.id, refusal: null }, start);
  const publish = (store: CalibrationStore): Promise<Outcome> => published(store, document, options, start);
  return client === null ? onEngine(options, io, 'make', (engine) => publish(inEngine(engine, io))) : publish(overHttp(client));
}

interface Circumstances {
  readonly before: Calibration;
  /** Of the log; null for files. */
  readonly position: string | null;
  readonly seed: number;
  readonly withNetwork: boolean;
  /** By the clock of `performance`. */
  readonly start: number;
}

async function fitted({ answers }: Read, { before, position, seed, withNetwork, start }: Circumstances, io: Io): Promise<{ readonly document: CalibrationDocument; readonly table: string }> {
  const { log } = answers;
  if (log.learners.length < LEARNERS_MIN || log.item.length < ANSWERS_MIN) {
    throw new Failure(`there are ${counted(log.item.length)} graded answers of ${counted(log.learners.length)} learners; a calibration needs at least ${counted(ANSWERS_MIN)} of ${LEARNERS_MIN}`);
  }
  const fit = await fitOnThread({ log, before, seed, withNetwork }, io);
  if (withNetwork && !fit.judged.some(({ model }) => model === 'network')) io.stderr.write(`trellis: the network was not fitted: it needs at least ${counted(NETWORK_ROWS_MIN)} answers\n`);
  const { learners, answers: fittedAnswers } = fit.counts;
  const report = {
    engine: ENGINE_VERSION,
    positions: { from: null, to: position },
    times: timesOf(log.at),
    learners,
    answers: fittedAnswers,
    heldOutLearners: fit.counts.heldOutLearners,
    twins: fit.counts.twins,
    seed,
    seconds: secondsSince(start),
    heldOut: figuresOf(fit, 'new'),
    before: { calibration: before.id, figures: figuresOf(fit, 'before') },
    flaws: flawsOf(fit, before.id),
    recall: `${fit.recall.isFitted ? 'fitted' : 'not fitted'}: ${fit.recall.why}`,
    badItems: fit.items.found.length,
  };
  const document = documentOf(fit.calibration, { ...report, card: cardOf({ report, fitted: fit, itemIds: log.vocabulary.items }) });
  // What is published by hand is held against the same rules as what comes over HTTP.
  return { document: calibrationSchema.parse(document, 'calibration'), table: itemTable(fit.items, log.vocabulary.items) };
}

async function published(store: CalibrationStore, document: CalibrationDocument, { activate }: CalibrateOptions, start: number): Promise<Outcome> {
  const { calibration, active } = await store.publish(document);
  const blocking = document.report.flaws.filter(({ blocks }) => blocks);
  if (!activate || blocking.length > 0) return outcomeOf({ document, calibration, active, refusal: activate ? blocking.map(({ model, detail }) => `${model}: ${detail}`).join('; ') : null }, start);
  return outcomeOf({ document, calibration, active: (await store.activate(calibration)).active, refusal: null }, start);
}

function isOnServers({ data }: CalibrateOptions, { env }: Io): boolean {
  return data === undefined && env['TRELLIS_STORE'] === 'kurrent';
}

/** Without the folder nothing was ever activated. */
function inForce(options: CalibrateOptions, io: Io): Promise<Calibration> {
  return isOnServers(options, io) || existsSync(dataFolder(options, io)) ? onEngine(options, io, 'read', (engine) => inEngine(engine, io).current()) : Promise.resolve(DEFAULT_CALIBRATION);
}

async function fromLog(options: CalibrateOptions, io: Io): Promise<{ readonly read: Read; readonly position: string | null }> {
  if (isOnServers(options, io)) {
    return onEngine(options, io, 'read', async ({ sources }) => {
      const position = await sources.store.head();
      return { read: await readHistory(sources, 'the log', io), position };
    });
  }
  const folder = dataFolder(options, io);
  if (!existsSync(folder)) throw new Failure(`there is no data in ${folder}: import something, name another folder with --data, or name files of answers`);
  const engine = await openEngine(folder, { now: io.now, readOnly: true });
  const position = await engine.sources.store.head().finally(() => engine.close());
  return { read: await readLog(folder, io), position };
}

function fromFiles(files: readonly string[], { qMatrix, map }: CalibrateOptions, io: Io): Promise<Read> {
  return readSource({ train: [], test: [], data: files, format: 'table', map: fieldMapOf(map), ...(qMatrix === undefined ? {} : { qMatrix }) }, io);
}

function timesOf(at: Float64Array | null): { readonly first: number | null; readonly last: number | null } {
  if (at === null || at.length === 0) return { first: null, last: null };
  return { first: at.reduce((least, time) => Math.min(least, time), Infinity), last: at.reduce((most, time) => Math.max(most, time), -Infinity) };
}

interface Calibrated {
  readonly document: CalibrationDocument;
  /** Null: nothing was published. */
  readonly calibration: string | null;
  readonly active: string;
  /** Why it was not activated, though that was asked for. */
  readonly refusal: string | null;
}

function outcomeOf({ document: { report, skills, items }, calibration, active, refusal }: Calibrated, start: number): Outcome {
  const { learners, answers, heldOut, before, flaws, recall, badItems } = report;
  const seconds = secondsSince(start);
  const models = heldOut.map((figures) => ({ ...figures, before: before?.figures.find(({ model }) => model === figures.model) ?? null }));
  const rows = models.map(({ model, auc, logLoss, ece, before: was }) => [model, shown(auc), shown(was?.auc), shown(logLoss), shown(was?.logLoss), shown(ece), shown(was?.ece)]);
  const named = flaws.filter(({ blocks }) => !blocks);
  const lines = [
    `${calibration ?? 'not published'}: fitted on ${counted(answers)} answers of ${counted(learners)} learners in ${seconds} s; ${counted(skills.length)} skills and ${counted(items.length)} items have numbers of their own`,
    '  on held-out learners, beside the one in force:',
    ...aligned([['model', 'auc', `with ${before?.calibration ?? ''}`, 'log loss', 'before', 'ece', 'before'], ...rows]).map((line) => `    ${line}`),
    ...(named.length === 0 ? [] : [`  ${counted(named.length)} fits of single skills have too few answers or make no sense, such as ${named.slice(0, 3).map(({ subject, detail }) => `${subject} (${detail})`).join(', ')}`]),
    `  recall: ${recall}`,
    ...(badItems === 0 ? [] : [`  ${counted(badItems)} items behave badly; the model card names them`]),
    ...flaws.filter(({ blocks }) => blocks).map(({ model, subject, detail }) => `  cannot go live: ${model}, ${subject}: ${detail}`),
    `  in force: ${active}`,
  ];
  return { json: { calibration, active, learners, answers, models, flaws, seconds }, text: lines.join('\n'), ...(refusal === null ? {} : { exitCode: 1 }) };
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4);
}
