// `trellis simulate`: policies in worlds whose truth is known, as a matrix, as JSON and as a page.
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { courseSchema } from '@trellis/ingest';
import type { CourseContent } from '@trellis/learning';
import { shown } from '@trellis/service';
import { joined, POLICIES, WORLDS, type ListedPolicy, type RunColumns, type World } from '@trellis/simulation';
import { inThreads } from '../evaluating/pool.js';
import { Failure, whyNotRead, wrongUsage } from '../failure.js';
import type { Io, Outcome } from '../io.js';
import { Progress, secondsSince } from '../progress.js';
import { ablated, CONTESTANTS, pieces, type ContestStage, type Piece } from './contest.js';
import { matrixText } from './matrix-text.js';
import { standing, type WorldStanding } from './standings.js';

export interface SimulateOptions {
  readonly policies: string;
  readonly worlds: string;
  readonly learners?: number;
  readonly seed: number;
  readonly ablations: boolean;
  readonly resamples: number;
  readonly workers: number;
  readonly course?: string;
  readonly report?: string;
}

export interface Simulated {
  /** The split whose students were drawn. */
  readonly seed: number;
  readonly learners: number;
  readonly resamples: number;
  readonly worlds: readonly WorldStanding[];
  readonly seconds: number;
}

/** Workers are built code, also where this file runs as it is written. */
const WORKER = new URL('../../dist/simulating/worker.js', import.meta.url);
const SAMPLE = new URL('../../../../samples/elementary-algebra/course.json', import.meta.url);
const LEARNERS = 2_000;
const LEARNERS_ABLATIONS = 1_500;
/** In the ablation table the recipes stand beside their changes. */
const ABLATED = ['graph-free', 'recommended'];

export async function simulate(options: SimulateOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const [policies, worlds] = [policiesOf(options), worldsOf(options.worlds)];
  const learners = options.learners ?? (options.ablations ? LEARNERS_ABLATIONS : LEARNERS);
  const content = await courseOf(options.course, io);
  const tasks = pieces(policies, worlds, learners);
  let done = 0;
  const progress = new Progress(io.stderr, 'students', () => ({ count: Math.round((done / tasks.length) * learners * policies.length * worlds.length), share: done / tasks.length }));
  const work = { worker: WORKER, workerData: { content, split: options.seed } satisfies ContestStage, tasks, nameOf: ({ policy, world }: Piece) => `${policy} in ${world}` };
  const results = await inThreads<Piece, RunColumns>(work, { workers: options.workers, signal: io.signal, watch: () => void done++ }).finally(() => progress.end());
  const of = (policy: ListedPolicy, world: World): RunColumns => joined(tasks.flatMap((task, n) => (task.policy === policy.policy.name && task.world === world.id ? (results[n] ?? []) : [])));
  const standings = worlds.map((world) => standing(world, policies.map((listed) => ({ listed, columns: of(listed, world) })), { seed: options.seed, resamples: options.resamples }));
  const simulated: Simulated = { seed: options.seed, learners, resamples: options.resamples, worlds: standings, seconds: secondsSince(start) };
  if (options.report !== undefined) {
    const { simulationPage } = await import('./page.js');
    const path = resolve(io.cwd, options.report);
    await writeFile(path, simulationPage(simulated)).catch((error: unknown) => {
      throw whyNotRead(path, error);
    });
  }
  return { json: asJson(simulated, options.report), text: matrixText(simulated).join('\n') };
}

function policiesOf({ policies, ablations }: SimulateOptions): readonly ListedPolicy[] {
  if (ablations) return [...CONTESTANTS.filter(({ policy }) => ABLATED.includes(policy.name)), ...ABLATED.flatMap(ablated)];
  if (policies === 'all') return POLICIES;
  return named(policies, '--policies', CONTESTANTS, ({ policy }) => policy.name);
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

async function courseOf(path: string | undefined, { cwd }: Io): Promise<CourseContent> {
  const file = path === undefined ? SAMPLE : resolve(cwd, path);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw whyNotRead(String(file), error);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${String(file)} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const content = courseSchema.parse(parsed, 'course');
  const sections = new Set(content.skills.flatMap(({ section = '' }) => (section === '' || section.split('.')[0] === '1' ? [] : [section])));
  if (sections.size < SECTIONS_MIN) throw new Failure(`${String(file)}: ${sections.size} sections after the first chapter; worlds draw their targets from at least ${SECTIONS_MIN}`);
  return content;
}

const SECTIONS_MIN = 3;

function asJson({ worlds, ...rest }: Simulated, report: string | undefined): object {
  return {
    ...rest,
    ...(report === undefined ? {} : { report }),
    worlds: worlds.map(({ policies, ...world }) => ({
      ...world,
      policies: policies.map(({ gain, metrics, lead, ...policy }) => {
        const { normalisedGain: _, ...others } = metrics;
        return { ...policy, gain: gain.value, ci: [gain.low, gain.high], ...others, ...(lead === null ? {} : { lead: { value: lead.value, ci: [lead.low, lead.high], p: lead.p, groupsWon: lead.groupsWon, groups: lead.groups } }) };
      }),
    })),
  };
}
