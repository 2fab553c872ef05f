// `trellis what-if`: what another strategy would have earned, estimated from the decisions that the log holds and the chances that they were drawn with.
import { readFile } from 'node:fs/promises';
import type { Engine } from '@trellis/engine';
import { DEFAULT_MIX, LEARNER_PREFIX, splitKey, strategyFlaw, type LearnerId, type Strategy, type TenantId } from '@trellis/learning';
import { crossFitted, judge, rewardFeatures, type Estimate, type LeftOut, type Reward, type SkillChoice, type Verdict } from '@trellis/recommendation';
import { strategySchema } from '@trellis/recommender';
import { DEFAULT_TENANT, Problem } from '@trellis/service';
import { aligned } from '../aligned.js';
import { interruption } from '../evaluating/pool.js';
import { Failure, whyNotRead, wrongUsage } from '../failure.js';
import { EXIT, type Io, type Outcome } from '../io.js';
import { counted, Progress } from '../progress.js';
import { onEngine, type TargetOptions } from '../target.js';

export interface WhatIfOptions extends Pick<TargetOptions, 'data'> {
  readonly strategy: string;
  readonly reward: Reward;
  readonly level: number;
  readonly seed: number;
}

interface Collected {
  readonly log: (readonly SkillChoice[])[];
  readonly leftOut: Record<LeftOut, number>;
}

const PRESETS: { readonly [name: string]: Strategy } = {
  differentiated: { preset: 'differentiated' },
  individualized: { preset: 'individualized' },
  personalized: { preset: 'personalized' },
  blended: { preset: 'blended', mix: DEFAULT_MIX },
};
const LEARNERS_MIN = 4;
/** No path: rather a preset that was meant. */
const PLAIN_WORD = /^[A-Za-z-]+$/;

export async function whatIf({ strategy: named, reward, level, seed, ...target }: WhatIfOptions, io: Io): Promise<Outcome> {
  const strategy = await strategyOf(named);
  return onEngine(target, io, 'read', async (engine) => {
    const { log, leftOut } = await collected(engine, { strategy, reward }, io);
    const choices = log.reduce((sum, each) => sum + each.length, 0);
    if (log.length < LEARNERS_MIN) {
      const why = Object.entries(leftOut).filter(([, count]) => count > 0).map(([name, count]) => `${counted(count)} ${WHY[name as LeftOut]}`);
      const who = log.length === 1 ? '1 learner has' : `${log.length} learners have`;
      throw new Failure(`${who} answered what was recommended; at least ${LEARNERS_MIN} are needed${why.length === 0 ? '' : `. Left out: ${why.join(', ')}`}`);
    }
    const verdict = judge(crossFitted(log, { features: rewardFeatures }, seed), { level });
    return { json: { strategy, reward, level, learners: log.length, choices, leftOut, ...verdict }, text: textOf(named, verdict, { reward, level, learners: log.length, choices, leftOut }).join('\n') };
  });
}

async function strategyOf(named: string): Promise<Strategy> {
  const preset = PRESETS[named];
  if (preset !== undefined) return preset;
  let text: string;
  try {
    text = await readFile(named, 'utf8');
  } catch (error) {
    if (PLAIN_WORD.test(named)) throw wrongUsage(`--strategy names "${named}"; there are ${Object.keys(PRESETS).join(', ')}, or a JSON file with a strategy`);
    throw whyNotRead(named, error);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${named} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const strategy = parsedStrategy(named, parsed);
  const flaw = strategyFlaw(strategy);
  if (flaw !== null) throw wrongUsage(`${named}: ${flaw.detail ?? flaw.refused}`);
  return strategy;
}

function parsedStrategy(file: string, parsed: unknown): Strategy {
  try {
    return strategySchema.parse(parsed, 'strategy');
  } catch (error) {
    // Its sentence names the member; this adds where it stands.
    if (error instanceof Problem) throw new Failure(`${file}: ${error.detail}`, EXIT.failed, { cause: error });
    throw error;
  }
}

async function collected(engine: Engine, how: { readonly strategy: Strategy; readonly reward: Reward }, { signal, stderr }: Io): Promise<Collected> {
  const log: (readonly SkillChoice[])[] = [];
  const leftOut: Record<LeftOut, number> = { 'earlier-policy': 0, gone: 0, 'no-item': 0, pinned: 0, 'not-answered': 0 };
  let read = 0;
  const progress = new Progress(stderr, 'learners read', () => ({ count: read, share: null }));
  try {
    for (const learner of await learnersOf(engine, DEFAULT_TENANT)) {
      if (signal.aborted) throw interruption();
      const { choices, leftOut: left } = await engine.recommender.choices(DEFAULT_TENANT, learner, how);
      if (choices.length > 0) log.push(choices);
      for (const why of Object.keys(left) as LeftOut[]) leftOut[why] += left[why];
      read++;
    }
  } finally {
    progress.end();
  }
  return { log, leftOut };
}

/** Those who were recommended anything, in the order of their ids. */
async function learnersOf({ sources: { store } }: Engine, of: TenantId): Promise<readonly LearnerId[]> {
  const learners = new Set<LearnerId>();
  for await (const page of store.readAll({ after: null, prefix: LEARNER_PREFIX })) {
    for (const { type, stream } of page) {
      if (type !== 'RecommendationMade') continue;
      const { tenant, id } = splitKey(stream.slice(LEARNER_PREFIX.length));
      // A learner's key ends in their id.
      if (tenant === of) learners.add(id as LearnerId);
    }
  }
  return [...learners].sort();
}

const WHY: Readonly<Record<LeftOut, string>> = {
  'earlier-policy': 'by policies that followed no strategy',
  gone: 'whose course, calibration or skill the log does not hold any more',
  'no-item': 'without an item',
  pinned: 'pinned by a teacher',
  'not-answered': 'never answered',
};

const UNITS: Readonly<Record<Reward, string>> = { right: 'score of the answer', learning: 'P(known) gained with the answer, over its skills' };

interface Counts {
  readonly reward: Reward;
  readonly level: number;
  readonly learners: number;
  readonly choices: number;
  readonly leftOut: Readonly<Record<LeftOut, number>>;
}

function textOf(named: string, { logged, ips, snips, dr, support, warnings }: Verdict, { reward, level, learners, choices, leftOut }: Counts): readonly string[] {
  const row = (name: string, estimate: Estimate | null): readonly string[] => (estimate === null ? [name, '-', '-'] : [name, estimate.value.toFixed(4), `${estimate.low.toFixed(4)} to ${estimate.high.toFixed(4)}`]);
  const left = Object.entries(leftOut).filter(([, count]) => count > 0);
  return [
    `${named} over ${counted(choices)} choices of ${counted(learners)} learners; ${UNITS[reward]}, a choice`,
    ...aligned([['', 'value', `${Math.round(level * 100)} %`], row('as it was', logged), row('inverse propensity', ips), row('self-normalised', snips), row('doubly robust', dr)]).map((line) => `  ${line}`),
    `  as much as ${support.effectiveLearners.toFixed(1)} evenly weighted learners; largest weight ${support.largestWeight.toFixed(1)}; ${Math.round(support.neverChosen * 100)} % of the choices it would never make`,
    ...warnings.map(({ text }) => `  warning: ${text}`),
    ...left.map(([why, count]) => `  left out: ${counted(count)} ${WHY[why as LeftOut]}`),
  ];
}
