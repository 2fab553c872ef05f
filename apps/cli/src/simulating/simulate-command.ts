// `trellis simulate`: policies in worlds whose truth is known, as a matrix, as JSON and as a page.
import { shown } from '@trellis/service';
import { WORLDS, type World } from '@trellis/simulation';
import { wrongUsage } from '../failure.js';
import type { Io, Outcome } from '../io.js';
import { secondsSince } from '../progress.js';
import { reportPath, writeReport } from '../report-file.js';
import { ABLATIONS, CONTESTANTS, ENTRANTS, type Contestant } from './contest.js';
import { courseOf } from './course-file.js';
import { matrixText } from './matrix-text.js';
import type { Simulated } from './standings.js';
import { runWorlds } from './worlds-run.js';

export interface SimulateOptions {
  readonly policies?: string;
  readonly worlds: string;
  readonly learners?: number;
  readonly seed: number;
  readonly ablations: boolean;
  readonly resamples: number;
  readonly workers: number;
  readonly course?: string;
  readonly report?: string;
}

const LEARNERS = 2_000;
const LEARNERS_ABLATIONS = 1_500;

export async function simulate(options: SimulateOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const { seed, resamples, workers, ablations } = options;
  const [contestants, worlds] = [contestantsOf(options), worldsOf(options.worlds)];
  const learners = options.learners ?? (ablations ? LEARNERS_ABLATIONS : LEARNERS);
  const report = options.report === undefined ? null : reportPath(options.report, io);
  const content = await courseOf(options.course, io);
  const standings = await runWorlds({ contestants, worlds, learners, seed, resamples, workers }, content, io);
  const simulated: Simulated = { seed, learners, resamples, worlds: standings, seconds: secondsSince(start) };
  if (report !== null) {
    const { simulationPage } = await import('./page.js');
    writeReport(report, simulationPage(simulated));
  }
  return { json: asJson(simulated, report), text: [matrixText(simulated).join('\n'), ...(report === null ? [] : [`Report: ${report}`])].join('\n') };
}

function contestantsOf({ policies, ablations }: SimulateOptions): readonly Contestant[] {
  if (policies === undefined) return ablations ? ABLATIONS : ENTRANTS;
  if (ablations) throw wrongUsage('--ablations goes without --policies: it is a matrix of its own; single variants can be named, as in --policies graph-free,graph-free/no-review');
  return policies === 'all' ? ENTRANTS : named(policies, '--policies', CONTESTANTS, ({ name }) => name);
}

function worldsOf(text: string): readonly World[] {
  return text === 'all' ? WORLDS : named(text, '--worlds', WORLDS, ({ id }) => id);
}

function named<One>(text: string, option: string, all: readonly One[], nameOf: (one: One) => string): readonly One[] {
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !all.some((one) => nameOf(one) === name));
  if (unknown !== undefined) throw wrongUsage(`${option} names ${shown(unknown)}; there are ${all.map(nameOf).join(', ')}, or all`);
  return all.filter((one) => wanted.includes(nameOf(one)));
}

function asJson({ worlds, ...rest }: Simulated, report: string | null): object {
  return {
    ...rest,
    ...(report === null ? {} : { report }),
    worlds: worlds.map(({ policies, ...world }) => ({
      ...world,
      policies: policies.map(({ gain, metrics: { normalisedGain: _, ...others }, lead, change, ...policy }) => ({
        ...policy,
        gain: gain.value,
        ci: [gain.low, gain.high],
        ...others,
        ...(lead === null ? {} : { lead: { value: lead.value, ci: [lead.low, lead.high], p: lead.p, groupsWon: lead.groupsWon, groups: lead.groups } }),
        ...(change === null ? {} : { change: { from: change.from, value: change.value, ci: [change.low, change.high] } }),
      })),
    })),
  };
}
