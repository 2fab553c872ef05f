// A decision can be made again from the log alone: elsewhere, later, without rows, under what the course has become since.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { engineOn, openEngine, type Engine } from '@trellis/engine';
import { calibrationDocument } from '@trellis/learning/testing';
import { DEFAULT_CALIBRATION, type Calibration } from '@trellis/mastery';
import { call, chain, endProcesses, folder, ITEMS_EACH, listening, removeFolders, SKILLS, startProcess, withoutProjector, type Reply } from './testing.js';

interface Made {
  readonly recommendationId: string;
  readonly items: readonly object[];
}

interface Recomputed {
  readonly identical: boolean;
  readonly differs: readonly string[];
  readonly recomputed: Made;
}

const DAY = 24 * 3_600_000;

afterEach(() => {
  endProcesses();
  removeFolders();
});

/** Decisions of every kind over five learners: at once, with the answer, towards an objective, after late answers and repeats. */
async function decisions(url: string): Promise<Made[]> {
  expect((await call('PUT', `${url}/v1/courses/chain`, chain())).status).toBe(200);
  const learners = Array.from({ length: 5 }, (_, at) => `learner-${at}`);
  expect((await call('PUT', `${url}/v1/classrooms/room/learners`, { course: 'chain', learners })).status).toBe(200);
  const made: Made[] = [];
  for (const [at, learner] of learners.entries()) {
    const ask = async (body: object): Promise<void> => {
      made.push((await call<Made>('POST', `${url}/v1/learners/${learner}/recommendations`, body)).body);
    };
    const answer = async (n: number, more: object = {}): Promise<Reply<{ recommendation: Made }>> => {
      const item = `s${1 + (Math.floor(n / 4) % SKILLS)}-${1 + (n % ITEMS_EACH)}`;
      return call('POST', `${url}/v1/learners/${learner}/answers?next=${n % 3}`, { id: `a${n}-${at}`, item, correct: (n * 7 + at) % 4 > 0, ...more });
    };
    await ask({ count: 3 });
    for (let n = 0; n < 12; n++) {
      const { status, body } = await answer(n, n % 5 === 4 ? { occurredAt: new Date(Date.now() - n * DAY).toISOString() } : {});
      expect(status).toBe(200);
      if (body.recommendation !== undefined) made.push(body.recommendation);
    }
    await ask({ count: 5, objective: 'middle', budgetMinutes: 30 });
    await ask({ count: 20, requestId: 'r1' });
  }
  return made;
}

/** What cannot be made again, or differs from what was kept. Empty when all is well. */
async function unlike(url: string, made: readonly Made[]): Promise<string[]> {
  const found: string[] = [];
  for (const decision of made) {
    const { recommendationId } = decision;
    const kept = await call(`GET`, `${url}/v1/recommendations/${recommendationId}`);
    expect(kept.body).toEqual(decision);
    const { body } = await call<Recomputed>('GET', `${url}/v1/recommendations/${recommendationId}?recompute=true`);
    if (!body.identical || body.differs.length > 0 || JSON.stringify(body.recomputed) !== kept.text) found.push(`${recommendationId}: ${JSON.stringify(body).slice(0, 300)}`);
  }
  return found;
}

async function tenMoreAndOneLate(url: string): Promise<void> {
  for (let at = 0; at < 5; at++) {
    const answers = `${url}/v1/learners/learner-${at}/answers`;
    for (let n = 0; n < 10; n++) expect((await call('POST', answers, { id: `more-${n}-${at}`, item: `s1-${1 + (n % ITEMS_EACH)}`, correct: n % 2 === 0 })).status).toBe(200);
    const late = { id: `late-${at}`, item: 's2-1', correct: true, occurredAt: new Date(Date.now() - 40 * DAY).toISOString() };
    expect((await call('POST', answers, late)).status).toBe(200);
  }
}

/** Other marks, other items, another order of what comes first. */
async function newVersion(url: string): Promise<void> {
  const course = chain() as { readonly skills: readonly { readonly id: string }[]; readonly items: readonly { readonly id: string }[] };
  const skills = course.skills.toReversed().map(({ id }) => ({ id, title: `New ${id}`, prerequisites: [], masteryAt: 0.7 }));
  const items = course.items.filter(({ id }) => !id.endsWith('-1'));
  expect((await call('PUT', `${url}/v1/courses/chain`, chain({ skills, items }))).body).toMatchObject({ version: 2, changed: true });
}

async function inThisProcess<Answer>(data: string, use: (url: string, engine: Engine) => Promise<Answer>): Promise<Answer> {
  const engine = await openEngine(data, { now: Date.now });
  const service = await listening(withoutProjector(engine));
  try {
    return await use(service.url, engine);
  } finally {
    await service.stop();
    await engine.close();
  }
}

it('in another process, with the projector running, after more and late answers, under a new version of the course, and without rows', async () => {
  const data = folder();
  const made = await inThisProcess(data, decisions);
  expect(made.length).toBe(5 * (1 + 8 + 2));

  const other = startProcess({ TRELLIS_DATA: data });
  const url = await other.url();
  expect(await unlike(url, made)).toEqual([]);
  await tenMoreAndOneLate(url);
  expect(await unlike(url, made)).toEqual([]);
  await newVersion(url);
  expect(await unlike(url, made)).toEqual([]);
  expect(await other.stop()).toBe(0);

  for (const derived of ['rows', 'index']) rmSync(join(data, derived), { recursive: true });
  const third = startProcess({ TRELLIS_DATA: data });
  expect(await unlike(await third.url(), made)).toEqual([]);
  expect(await third.stop()).toBe(0);
});

describe('with other parameters under the same name', () => {
  it.each<[string, (calibration: Calibration) => Calibration]>([
    ['slip', (calibration) => ({ ...calibration, bkt: { ...calibration.bkt, slip: calibration.bkt.slip * 1.01 } })],
    ['the drift of an ability', (calibration) => ({ ...calibration, ability: { ...calibration.ability, drift: calibration.ability.drift * 1.01 } })],
  ])('says where it differs when %s is 1 %% higher', async (_name, changed) => {
    await inThisProcess(folder(), async (url, engine) => {
      const made = await decisions(url);
      const { sources } = engine;
      const other = await engineOn(sources, changed(DEFAULT_CALIBRATION));
      const service = await listening(withoutProjector(other));
      const differing: Recomputed[] = [];
      for (const { recommendationId } of made) {
        const { body } = await call<Recomputed>('GET', `${service.url}/v1/recommendations/${recommendationId}?recompute=true`);
        expect(body.identical).toBe(body.differs.length === 0);
        expect(body.differs.filter((pointer) => !/^\/(items\/\d+|passed|pacing)(\/|$)/.test(pointer))).toEqual([]);
        if (!body.identical) differing.push(body);
      }
      await service.stop();
      await other.close();
      // The first decision of each learner rests on nothing that these parameters touch.
      expect(differing.length).toBeGreaterThanOrEqual(made.length - 10);
      expect(differing[0]?.differs.some((pointer) => /^\/items\/0\/(prediction|reason\/params\/mastery)$/.test(pointer))).toBe(true);
    });
  });

  it('says that a calibration which is not here is gone', async () => {
    await inThisProcess(folder(), async (url, engine) => {
      const [made] = await decisions(url);
      const other = await engineOn(engine.sources, { ...DEFAULT_CALIBRATION, id: 'default-2' });
      const service = await listening(withoutProjector(other));
      expect((await call('GET', `${service.url}/v1/recommendations/${made?.recommendationId}?recompute=true`)).body).toEqual({ gone: 'calibration default-1' });
      await service.stop();
      await other.close();
    });
  });
});

describe('under calibrations that come and go', () => {
  const skills = Array.from({ length: SKILLS }, (_, n) => `s${n + 1}`);
  const items = skills.flatMap((skill) => Array.from({ length: ITEMS_EACH }, (_, n) => `${skill}-${n + 1}`));

  async function recommended(url: string, learners: number): Promise<(Made & { readonly versions: { readonly calibration: string } })[]> {
    const made: (Made & { readonly versions: { readonly calibration: string } })[] = [];
    for (let at = 0; at < learners; at++) {
      expect((await call('POST', `${url}/v1/learners/learner-${at}/answers`, { item: `s1-${1 + (at % ITEMS_EACH)}`, correct: at % 2 === 0 })).status).toBe(200);
      const { status, body } = await call<Made & { readonly versions: { readonly calibration: string } }>('POST', `${url}/v1/learners/learner-${at}/recommendations`, { count: 3, course: 'chain' });
      expect(status).toBe(200);
      made.push(body);
    }
    return made;
  }

  it('each decision names its own, and all are made again identically: before, between, after a roll-back, and from the log alone', async () => {
    const data = folder();
    const running = startProcess({ TRELLIS_DATA: data });
    const url = await running.url();
    const made = [...(await decisions(url))];
    const byDefault = await recommended(url, 5);
    for (const seed of [1, 2]) expect((await call('POST', `${url}/v1/calibrations`, calibrationDocument({ skills, items, seed }))).body).toEqual({ calibration: `c${seed}`, changed: true, active: 'default-1' });
    const activate = (calibration: string): Promise<Reply<unknown>> => call('PUT', `${url}/v1/calibrations/active`, { calibration });
    const rounds: [string, Awaited<ReturnType<typeof recommended>>][] = [['default-1', byDefault]];
    for (const calibration of ['c1', 'c2', 'c1', 'default-1']) {
      expect((await activate(calibration)).body).toEqual({ calibration, changed: true, active: calibration });
      rounds.push([calibration, await recommended(url, 5)]);
    }
    for (const [calibration, round] of rounds) {
      expect(round.map(({ versions }) => versions.calibration)).toEqual(round.map(() => calibration));
      made.push(...round);
    }
    // Other numbers give other predictions: the names are no mere labels.
    const predictions = (round: typeof byDefault): unknown[] => round.map(({ items: chosen }) => chosen.map((item) => (item as { prediction: number }).prediction));
    expect(predictions(rounds[1]?.[1] ?? [])).not.toEqual(predictions(rounds[2]?.[1] ?? []));
    expect(await unlike(url, made)).toEqual([]);
    expect(await running.stop()).toBe(0);

    for (const derived of ['rows', 'index']) rmSync(join(data, derived), { recursive: true });
    const again = startProcess({ TRELLIS_DATA: data });
    const there = await again.url();
    expect(await unlike(there, made)).toEqual([]);
    expect((await call<{ active: string }>('GET', `${there}/v1/calibrations`)).body.active).toBe('default-1');
    expect((await call('PUT', `${there}/v1/calibrations/active`, { calibration: 'c2' })).body).toMatchObject({ active: 'c2' });
    expect((await recommended(there, 1))[0]?.versions.calibration).toBe('c2');
    expect(await again.stop()).toBe(0);
  });
});
