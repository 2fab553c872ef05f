// Ten thousand decisions of five hundred learners under every preset, each made again from the log alone.
import { readFileSync } from 'node:fs';
import { MemoryStore, MemoryViews, type EventId, type Sources } from '@trellis/event-sourcing';
import {
  classroomStream,
  course as courseRules,
  courseStream,
  DEFAULT_MIX,
  learnerStream,
  recommendationId,
  rowKey,
  trellisCodec,
  type ClassroomId,
  type CourseContent,
  type CourseId,
  type LearnerId,
  type ObjectiveId,
  type Strategy,
  type TenantId,
  type TrellisEvent,
} from '@trellis/learning';
import { seeded } from '@trellis/mastery';
import { Calibrations, Catalogue } from '@trellis/views';
import { situationOf } from './engine.js';
import { EXPLORATION } from './pipeline/choice.js';
import { chancesBy, weigh } from './policy-3.js';
import { Recommender, type Made } from './recommender.js';

const CONTENT = JSON.parse(readFileSync(new URL('../../../samples/fractions/course.json', import.meta.url), 'utf8')) as CourseContent;
const ITEMS = new Map(CONTENT.items.map((item) => [item.id, item]));
// Casts: names that keep to their patterns.
const tenant = 'north' as TenantId;
const fractions = 'fractions' as CourseId;
const START = Date.UTC(2026, 2, 2, 8);
const MINUTE = 60_000;
const LEARNERS = 500;
const DECISIONS_EACH = 20;
const STRATEGIES: readonly Strategy[] = [
  { preset: 'differentiated' },
  { preset: 'individualized' },
  { preset: 'personalized' },
  { preset: 'blended', mix: DEFAULT_MIX },
];

interface World extends Sources {
  readonly recommender: Recommender;
  readonly catalogue: Catalogue;
  readonly calibrations: Calibrations;
}

let ids = 0;

/** Appends one event; the clock of the store stands wherever the event says. */
async function append({ store, codec }: Sources, stream: ReturnType<typeof learnerStream>, event: TrellisEvent, at: number): Promise<void> {
  const id = `${(++ids).toString(16).padStart(8, '0')}-0000-5000-8000-000000000000` as EventId;
  await store.append(stream, [codec.encode(id, '0', event, { source: 'spec', occurredAt: at, schema: event.type === 'RecommendationMade' ? 2 : 1 })], 'any');
}

async function world(): Promise<World> {
  const sources = { store: new MemoryStore(() => START), views: new MemoryViews(), codec: trellisCodec() };
  const [catalogue, calibrations] = [new Catalogue(sources), new Calibrations(sources)];
  const published = courseRules.decide({ type: 'PublishCourse', content: CONTENT }, courseRules.initial);
  if ('refused' in published) throw new Error(published.detail);
  for (const event of published) await append(sources, courseStream(tenant, fractions), event, START);
  await catalogue.refresh(rowKey(tenant, fractions));
  for (const [n, strategy] of STRATEGIES.entries()) {
    const room = classroomStream(tenant, `room-${n}` as ClassroomId);
    await append(sources, room, { type: 'StrategyChosen', data: { strategy, by: 'teacher', at: START } }, START);
    await append(sources, room, { type: 'ObjectiveSet', data: { course: fractions, objective: 'sums' as ObjectiveId, locked: false, by: 'teacher', at: START } }, START);
  }
  return { ...sources, catalogue, calibrations, recommender: new Recommender(sources, catalogue, calibrations) };
}

/** A learner who answers what is recommended, says things, declines, and meets a teacher. */
async function school(it: World, learner: LearnerId, n: number): Promise<readonly Made[]> {
  const random = seeded(n);
  const stream = learnerStream(tenant, learner);
  const made: Made[] = [];
  let at = START + n * MINUTE;
  await append(it, stream, { type: 'LearnerEnrolled', data: { learner, classroom: `room-${n % STRATEGIES.length}` as ClassroomId, course: fractions } }, at);
  for (let asked = 0; asked < DECISIONS_EACH; asked++) {
    at += asked % 8 === 0 ? 24 * 60 * MINUTE : MINUTE;
    if (random() < 0.05) await append(it, stream, { type: 'MoodReported', data: { mood: random() < 0.5 ? 'tired' : 'good' } }, at);
    if (random() < 0.05) await append(it, stream, { type: 'PreferenceStated', data: { interests: ['sports'], modalities: ['visual'] } }, at);
    if (random() < 0.03) await append(it, stream, { type: 'MasteryAttested', data: { skill: 'compare' as never, mastered: random() < 0.5, by: 'teacher' } }, at);
    if (random() < 0.03) await append(it, stream, { type: 'GoalSet', data: { goal: 'g', course: fractions, objective: 'names' as ObjectiveId, by: 'learner', at } }, at);
    const one = await it.recommender.recommend({ tenant, learner, decisionId: `${(0xf000_0000 + n * 100 + asked).toString(16)}-0000-5000-8000-000000000000` as EventId, now: at, count: 1 + (asked % 3) });
    if ('refused' in one) throw new Error(one.detail);
    made.push(one);
    const [first] = one.decision.items;
    if (first === undefined) continue;
    if (random() < 0.1) {
      await append(it, stream, { type: 'RecommendationDeclined', data: { recommendation: one.id, items: [first.item], skills: first.skills, why: random() < 0.5 ? 'not-now' : 'too-hard', at } }, at);
      continue;
    }
    const data = { item: first.item, skills: ITEMS.get(first.item)?.skills ?? first.skills, score: random() < 0.7 ? 1 : 0, attempt: 1, hints: 0, durationMs: Math.round(500 + random() * 60_000), recommendation: one.id };
    await append(it, stream, { type: 'AnswerGiven', data }, at);
  }
  return made;
}

it('is identical ten thousand times, and every plausible skill had its floor', async () => {
  const it = await world();
  const fresh = new Recommender({ ...it, views: new MemoryViews() }, it.catalogue, it.calibrations);
  const seen = { decisions: 0, draws: 0, strategies: new Set<string>() };
  for (let n = 0; n < LEARNERS; n++) {
    const learner = `learner-${n}` as LearnerId;
    for (const made of await school(it, learner, n)) {
      const again = await fresh.recompute(tenant, made);
      if (!('identical' in again) || !again.identical) throw new Error(`${made.id}: ${JSON.stringify(again)}`);
      seen.decisions++;
      seen.strategies.add(made.decision.versions.strategy);
      expect(recommendationId(learnerStream(tenant, learner), made.decision.basedOn.revision + 1)).toBe(made.id);
      if (seen.decisions % 7 !== 0) continue;
      const { state } = await fresh.learnerAt(tenant, learner, { revision: made.decision.basedOn.revision, calibration: it.calibrations.current(tenant) });
      const course = it.catalogue.course(tenant, fractions);
      if (course === null) throw new Error('the course is published');
      const { wish, at: now, seed } = made.decision;
      const classroom = await fresh.classroomOf(tenant, state, fractions);
      const situation = situationOf({ learner, state, classroom, course, wish, now, seed });
      const chances = chancesBy(situation).map(({ probability }) => probability);
      const values = weigh(situation).scored.values;
      if (chances.length === 0) continue;
      seen.draws++;
      expect(chances.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
      const from = EXPLORATION.plausibleFrom * Math.max(...values);
      const floor = EXPLORATION.share / values.filter((value) => value >= from).length;
      for (const [place, value] of values.entries()) if (value >= from) expect(chances[place] ?? 0).toBeGreaterThanOrEqual(floor);
    }
  }
  expect(seen).toEqual({ decisions: LEARNERS * DECISIONS_EACH, draws: expect.any(Number), strategies: new Set(['differentiated-2', 'individualized-2', 'personalized-2', 'blended/differentiated-2']) });
  expect(seen.draws).toBeGreaterThan(500);
}, 120_000);
