// `trellis calibration`: which ones there are, which one is in force, and the way to another.
import { BUILT_IN_CALIBRATION, type CalibrationDocument } from '@trellis/learning';
import { aligned } from '../aligned.js';
import { Failure } from '../failure.js';
import type { Io, Outcome } from '../io.js';
import { clientOf, onEngine, type TargetOptions } from '../target.js';
import { inEngine, overHttp, type CalibrationStore, type Listed } from './calibration-store.js';

export type CalibrationOptions = TargetOptions;

export function handleCalibration(what: 'list' | 'show' | 'activate' | 'rollback', options: CalibrationOptions, io: Io, id = ''): Promise<Outcome> {
  const work = (store: CalibrationStore): Promise<Outcome> => {
    switch (what) {
      case 'list':
        return listed(store);
      case 'show':
        return shownOne(store, id);
      case 'activate':
        return activated(store, id);
      case 'rollback':
        return rolledBack(store);
    }
  };
  const client = clientOf(options, io);
  if (client !== null) return work(overHttp(client));
  return onEngine(options, io, what === 'list' || what === 'show' ? 'read' : 'write', (engine) => work(inEngine(engine, io)));
}

async function listed(store: CalibrationStore): Promise<Outcome> {
  const list = await store.list();
  const rows = list.published.map(({ id, report }) => {
    const placement = report.heldOut.find(({ model }) => model === 'placement');
    return [id === list.active ? `${id} *` : id, String(report.learners), String(report.answers), figure(placement?.auc), figure(placement?.logLoss), figure(placement?.ece), lastTime(list, id)];
  });
  const table = aligned([['calibration', 'learners', 'answers', 'auc', 'log loss', 'ece', 'last in force from'], ...rows]);
  const head = `in force: ${list.active}${list.active === BUILT_IN_CALIBRATION ? ', which is part of the program' : ''}`;
  return { json: list, text: [head, ...(rows.length === 0 ? ['  none was published'] : table.map((line) => `  ${line}`))].join('\n') };
}

async function shownOne(store: CalibrationStore, id: string): Promise<Outcome> {
  const document = await store.document(id);
  if (document === null) throw new Failure(`calibration "${id}" is not published; trellis calibration list names those that are`);
  return { json: { calibration: id, report: document.report, skills: document.skills.length, items: document.items.length }, text: textOf(id, document) };
}

function textOf(id: string, { report: { card, flaws }, skills, items }: CalibrationDocument): string {
  const blocking = flaws.filter(({ blocks }) => blocks).map(({ model, subject, detail }) => `  cannot go live: ${model}, ${subject}: ${detail}`);
  return [`${id}: ${skills.length} skills and ${items.length} items with numbers of their own`, ...blocking, '', card].join('\n');
}

async function activated(store: CalibrationStore, id: string): Promise<Outcome> {
  const { active, changed } = await store.activate(id);
  return { json: { calibration: id, active, changed }, text: changed ? `${active} is in force` : `${active} was in force already` };
}

async function rolledBack(store: CalibrationStore): Promise<Outcome> {
  const { activations } = await store.list();
  if (activations.length === 0) throw new Failure(`there is nothing to roll back to: ${BUILT_IN_CALIBRATION} has been in force from the start`);
  return activated(store, activations.at(-2)?.calibration ?? BUILT_IN_CALIBRATION);
}

function lastTime({ activations }: Listed, id: string): string {
  return activations.findLast(({ calibration }) => calibration === id)?.at ?? 'never';
}

function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4);
}
