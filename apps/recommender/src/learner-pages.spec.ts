// A learner's plan and history.
import type { RecommendationBody } from '@trellis/recommendation';
import { MINUTE, problem, running, type Running } from './testing.js';

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.publish('small');
});
afterEach(() => service.close());

const get = async <Body>(path: string): Promise<Body> => (await service.send('GET', path)).json<Body>();

describe('the plan', () => {
  it('of a learner whom nobody knows says what is left to the whole course', async () => {
    expect(await get('/v1/learners/ada/plan')).toMatchObject({
      learner: 'ada',
      course: 'small',
      basedOn: { revision: -1 },
      strategy: { preset: 'individualized', source: 'default' },
      aim: { title: 'Small', by: 'course', work: { needed: 2, open: 2, mastered: 0 } },
      goals: [],
      answersPerDay: null,
      reviews: { dueNow: 0, nextAt: null },
      stuck: [],
      selfAssessments: [],
      inForce: { strategy: null, pins: [], paused: null },
    });
  });

  it('reckons with every acknowledged answer', async () => {
    await service.answers('ada', Array.from({ length: 8 }, () => ['a1', true] as const));
    const plan = await get<{ aim: { work: { open: number } }; answersPerDay: number; reviews: { days: { planned: number }[]; nextAt: string | null } }>('/v1/learners/ada/plan');
    expect(plan.aim.work.open).toBe(1);
    expect(plan.answersPerDay).toBeGreaterThan(0);
    expect(plan.reviews.days).toHaveLength(14);
    // How many, not when.
    expect(plan.reviews.days[0]).toEqual({ day: 0, due: 0, planned: 0, minutes: 0 });
    expect(plan.reviews.nextAt).toMatch(/^2026-03-/);
  });

  it('of an unknown course is refused', async () => {
    expect(problem(await service.send('GET', '/v1/learners/ada/plan?course=large'))).toMatchObject({ status: 422, code: 'unknown-course', field: 'course', value: 'large' });
  });
});

describe('the history', () => {
  interface Page { readonly entries: readonly { readonly kind: string; readonly type: string; readonly revision: number; readonly at: string; readonly data: object }[]; readonly next: number | null }

  it('shows what was answered and recommended, the newest first', async () => {
    await service.answers('ada', [['a1', true], ['a1', false]]);
    service.clock.ms += MINUTE;
    const { recommendationId, items } = (await service.send('POST', '/v1/learners/ada/recommendations', {})).json<RecommendationBody>();
    const { entries, next } = await get<Page>('/v1/learners/ada/history');
    expect(entries.map(({ kind, type, revision }) => [kind, type, revision])).toEqual([['recommended', 'RecommendationMade', 2], ['answered', 'AnswerGiven', 1], ['answered', 'AnswerGiven', 0]]);
    expect(entries[0]).toMatchObject({ at: '2026-03-02T08:01:00.000Z', recordedAt: '2026-03-02T08:01:00.000Z', source: 'recommender', data: { recommendationId, items: [{ item: items[0]?.item, reason: { text: items[0]?.reason.text } }] } });
    expect(entries[1]).toMatchObject({ data: { item: 'a1', score: 0 } });
    expect(next).toBeNull();
  });

  it('goes on page by page, and ends', async () => {
    await service.answers('ada', Array.from({ length: 7 }, (_, n) => ['a1', n % 2 === 0] as const));
    const seen: number[] = [];
    let pages = 0;
    for (let next: number | null = 7; next !== null; pages++) {
      const page: Page = await get(`/v1/learners/ada/history?limit=3&before=${next}`);
      seen.push(...page.entries.map(({ revision }) => revision));
      next = page.next;
    }
    expect([seen, pages]).toEqual([[6, 5, 4, 3, 2, 1, 0], 3]);
  });

  it('finds the few of one kind among many others', async () => {
    await service.send('POST', '/v1/learners/ada/recommendations', {});
    await service.answers('ada', Array.from({ length: 600 }, () => ['a1', true] as const));
    expect(await get<Page>('/v1/learners/ada/history?kind=recommended&limit=5')).toMatchObject({ entries: [{ kind: 'recommended', revision: 0 }], next: null });
  });

  it('of a learner whom nobody knows is empty, and takes no page larger than the most', async () => {
    expect(await get('/v1/learners/nobody/history')).toEqual({ learner: 'nobody', entries: [], next: null });
    expect(problem(await service.send('GET', '/v1/learners/ada/history?limit=201'))).toMatchObject({ status: 400, code: 'out-of-range', field: 'limit', value: 201 });
  });
});
