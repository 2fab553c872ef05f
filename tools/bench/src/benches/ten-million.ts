// A log of ten million events through its life: written, started, killed, scanned, folded into rows. Each phase is a process
// of its own, and what it holds in memory is watched from outside.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Measured, RowPlan } from '../benchmark.js';
import type { Phase } from '../large-log-phase.js';
import { watchMemory } from '../process-memory.js';
import type { Workplace } from '../workplace.js';

const EVENTS = 10_000_000;
const ANSWERS_A_LEARNER = 100;
const LEARNERS_MIN = 10;
const CLI = new URL('../../../../apps/cli/bin/trellis.js', import.meta.url).pathname;
const SCRIPT = new URL('../../dist/large-log-phase.js', import.meta.url).pathname;
const MEMORY_GOAL_MIB = 600;
const START_GOAL_SECONDS = 2;

export const tenMillion: Benchmark = {
  name: 'ten-million',
  title: 'A log of ten million events',
  onlyByName: true,
  roundsMax: 1,
  prepare: async ({ workplace, scale, say }) => {
    const events = scale.events ?? Math.max(1_000, Math.round(EVENTS * scale.size));
    const learners = Math.max(LEARNERS_MIN, Math.round(events / ANSWERS_A_LEARNER));
    const life = async (): Promise<Measured> => {
      const folder = workplace.folder();
      const phase = (name: Phase): Promise<Measured> => runPhase(workplace, [name, folder, String(events), String(learners)], say);
      const measured: Record<string, number> = {};
      const take = (name: string, figures: Measured): void => {
        for (const [figure, value] of Object.entries(figures)) measured[`${name} ${figure}`] = value;
      };
      take('write', await phase('write'));
      measured['log bytes'] = bytesIn(join(folder, 'log')) / events;
      measured['index bytes'] = bytesIn(join(folder, 'index')) / events;
      take('clean start', await phase('start'));
      await killed(workplace, ['write-on', folder, String(events), String(learners)], say);
      take('crash start', await phase('start'));
      take('scan', await phase('scan'));
      take('catch-up', await phase('catch-up'));
      const command = (...args: string[]): Promise<Measured> => runCommand(workplace, args, say);
      take('verify', await command('verify', '--data', folder));
      const backup = workplace.folder();
      take('backup', await command('backup', backup, '--data', folder));
      take('restore', await command('restore', backup, '--data', join(workplace.folder(), 'data')));
      return measured;
    };
    return {
      sides: [life],
      rows: ROWS,
      notes: [
        `${events.toLocaleString('en')} answers to items of the sample course by ${learners.toLocaleString('en')} learners who take turns, appended in batches of 500; the events are made in the writing process.`,
        'Memory is the most that any look at `Anonymous` in `/proc/<pid>/smaps_rollup` saw, ten a second: what a process holds of its own, without the pages of mapped files.',
        'A start is counted from the start of the process until the store is open, with the log in the page cache. The writer was killed with SIGKILL while it appended.',
      ],
      close: async () => undefined,
    };
  },
};

const memory = (what: string, phase: string): RowPlan => ({ what: `memory while ${what}`, unit: 'MiB', figure: `${phase} anonymous`, goals: [{ of: 'figure', atMost: MEMORY_GOAL_MIB }] });

const ROWS: readonly RowPlan[] = [
  { what: 'written, each batch durable', unit: 'events/s', figure: 'write perSecond' },
  { what: 'the log on disk', unit: 'bytes an event', figure: 'log bytes' },
  { what: 'the index on disk', unit: 'bytes an event', figure: 'index bytes' },
  { what: 'start after a clean stop', unit: 's', figure: 'clean start seconds', goals: [{ of: 'figure', atMost: START_GOAL_SECONDS }] },
  { what: 'start after a kill', unit: 's', figure: 'crash start seconds' },
  { what: 'events that this start read again', unit: 'events', figure: 'crash start scanned' },
  { what: 'the whole log read', unit: 'events/s', figure: 'scan perSecond' },
  { what: 'the rows of all learners made from none', unit: 'events/s', figure: 'catch-up perSecond' },
  { what: '`trellis verify`: checksums, index against log, rows against folds', unit: 's', figure: 'verify seconds' },
  { what: '`trellis backup` into an empty folder', unit: 's', figure: 'backup seconds' },
  { what: '`trellis restore`, with the index built anew', unit: 's', figure: 'restore seconds' },
  memory('writing', 'write'),
  memory('starting after a kill', 'crash start'),
  memory('reading the whole log', 'scan'),
  memory('making all rows', 'catch-up'),
  memory('verifying', 'verify'),
  memory('backing up', 'backup'),
  memory('restoring', 'restore'),
];

async function runPhase(workplace: Workplace, args: readonly string[], say: (line: string) => void): Promise<Measured> {
  const { line, anonymous } = await watched(workplace, SCRIPT, args);
  const measured = { ...(JSON.parse(line) as Measured), anonymous }; // what `say` in large-log-phase.ts wrote
  say(`ten-million: ${args[0]} ${JSON.stringify(measured)}`);
  return measured;
}

/** A command of the command line, counted from its start to its end. */
async function runCommand(workplace: Workplace, args: readonly string[], say: (line: string) => void): Promise<Measured> {
  const begun = performance.now();
  const { line, anonymous } = await watched(workplace, CLI, [...args, '--json']);
  say(`ten-million: ${args[0]} ${line}`);
  return { seconds: (performance.now() - begun) / 1000, anonymous };
}

/** The one line that a process has to say, and the most memory that it held. */
async function watched(workplace: Workplace, script: string, args: readonly string[]): Promise<{ readonly line: string; readonly anonymous: number }> {
  const worker = workplace.work({ script, args });
  const watch = watchMemory(worker.pid);
  try {
    const line = await worker.line();
    // Its end: a process that fails has said why by then.
    await worker.line();
    if (line === null) throw new Error(`${script} ${args.join(' ')} ended without a word`);
    return { line, anonymous: await watch.stop() };
  } finally {
    await watch.stop();
  }
}

/** Ends a phase as soon as it says something, as a power cut would. */
async function killed(workplace: Workplace, args: readonly string[], say: (line: string) => void): Promise<void> {
  const worker = workplace.work({ script: SCRIPT, args });
  const taken = await worker.line();
  await worker.kill();
  say(`ten-million: ${args[0]} killed after ${taken}`);
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
