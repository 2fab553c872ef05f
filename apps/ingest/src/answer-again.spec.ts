// An answer with the next item in one append, sent again, at once with others, and late: nothing is lost, nothing counts twice.
import { learnerStream, type LearnerId, type TenantId } from '@trellis/learning';
import type { Reply } from '@trellis/service/testing';
import { algebra, DAY, problem, running, START, type Running } from './testing.js';

interface Answered {
  readonly revision: number;
  readonly recommendation?: { readonly recommendationId: string; readonly basedOn: { readonly revision: number }; readonly items: readonly { readonly item: string }[] } | null;
}

const ANSWERS = '/v1/learners/ada/answers';
const answer = { id: 'a1', item: 'add-number', response: '4' };

let service: Running;
beforeEach(async () => {
  service = await running();
  await service.send('PUT', '/v1/courses/algebra', algebra());
});
afterEach(() => service.close());

const post = (body: object, next?: number): Promise<Reply> => service.send('POST', next === undefined ? ANSWERS : `${ANSWERS}?next=${next}`, body);
const types = async (): Promise<readonly string[]> => (await service.events('ada')).map(({ type }) => type);

/** Ten more answers, a late one, a new version of the course that marks other skills, and a month. */
async function muchLater(): Promise<void> {
  for (let n = 0; n < 10; n++) expect((await post({ id: `later-${n}`, item: 'add-open', correct: n % 3 > 0 })).status).toBe(200);
  expect((await post({ id: 'late', item: 'both', correct: false, occurredAt: new Date(START - DAY).toISOString() })).status).toBe(200);
  const skills = [{ id: 'add', title: 'Adding', prerequisites: [], masteryAt: 0.55 }, { id: 'multiply', title: 'Multiplying', prerequisites: [] }];
  expect((await service.send('PUT', '/v1/courses/algebra', algebra({ skills }))).json()).toMatchObject({ version: 2, changed: true });
  service.clock.ms += 30 * DAY;
}

describe('an answer that asks for the next item', () => {
  it.each([
    ['in the language that the caller accepts', 'es-ES', undefined, 'es'],
    ['in the language that the learner stated', undefined, 'es', 'es'],
    ['in the language that the caller accepts, over what the learner stated', 'en', 'es', 'en'],
    ['in English where nothing is known', undefined, undefined, 'en'],
  ])('says why %s, also when it is sent again', async (_name, accepted, stated, language) => {
    if (stated !== undefined) await service.send('POST', '/v1/events', [{ id: 'p1', type: 'PreferenceStated', learner: 'ada', data: { language: stated } }]);
    const send = async (): Promise<string> => {
      const reply = await service.send('POST', `${ANSWERS}?next=1`, answer, accepted === undefined ? {} : { 'accept-language': accepted });
      return reply.json<{ recommendation: { pacing: { reason: { text: string } } } }>().recommendation.pacing.reason.text;
    };
    const text = await send();
    expect(text).toMatch({ en: /^(Time|The|A|Some|You) /, es: /^(Es|Los|Un|Una|Tu) / }[language as 'en' | 'es']);
    expect(await send()).toBe(text);
  });

  it('is kept with it in one append, and the choice rests on it', async () => {
    const { revision, recommendation } = (await post(answer, 2)).json<Answered>();
    expect([revision, recommendation?.basedOn.revision]).toEqual([0, 0]);
    expect(recommendation?.items.length).toBe(2);
    expect(recommendation?.items.map(({ item }) => item)).not.toContain('add-number');
    const events = await service.events('ada');
    expect(events.map(({ type, revision: at, position }) => [type, at, position])).toEqual([
      ['AnswerGiven', 0, '1'],
      ['RecommendationMade', 1, '2'],
    ]);
  });

  it('rests on all answers also when it comes late', async () => {
    await post({ id: 'now', item: 'add-open', correct: true });
    const { revision, recommendation } = (await post({ ...answer, occurredAt: new Date(START - DAY).toISOString() }, 1)).json<Answered>();
    expect([revision, recommendation?.basedOn.revision]).toEqual([1, 1]);
    expect(await types()).toEqual(['AnswerGiven', 'AnswerGiven', 'RecommendationMade']);
  });

  it('is kept also where nothing can be chosen, and says why', async () => {
    await service.send('PUT', '/v1/courses/geometry', algebra({
      skills: [{ id: 'angle', title: 'Angles', prerequisites: [] }], items: [{ id: 'angle-1', skills: ['angle'], kind: 'practice' }], objectives: [],
    }));
    const reply = (await post({ id: 'a1', item: 'outside', skills: ['alpha'], correct: true }, 1)).json();
    expect(reply).toMatchObject({ revision: 0, recommendation: null, notChosen: { code: 'refused:course-not-named' } });
    expect(reply['notChosen']).toMatchObject({ detail: expect.stringContaining('name one of algebra, geometry') });
    expect(await types()).toEqual(['AnswerGiven']);
  });

  it('chooses from the course that the answer names', async () => {
    await service.send('PUT', '/v1/courses/geometry', algebra({
      skills: [{ id: 'angle', title: 'Angles', prerequisites: [] }], items: [{ id: 'angle-1', skills: ['angle'], kind: 'practice' }], objectives: [],
    }));
    const named = (await post({ id: 'a1', item: 'outside', skills: ['angle'], course: 'geometry', correct: true }, 1)).json();
    expect(named).toMatchObject({ recommendation: { course: 'geometry' } });
    expect((await post({ id: 'a2', item: 'add-open', correct: true }, 1)).json()).toMatchObject({ recommendation: { course: 'algebra' } });
  });
});

describe('an answer that is sent again', () => {
  it('gets the same reply to the byte, also much later', async () => {
    const first = await post(answer);
    expect((await post(answer)).text).toBe(first.text);
    await muchLater();
    expect((await post(answer)).text).toBe(first.text);
    expect((await types()).length).toBe(12);
  });

  it('gets the same reply and the same next item to the byte, also much later', async () => {
    const first = await post(answer, 3);
    expect((await post(answer, 3)).text).toBe(first.text);
    await muchLater();
    expect((await post(answer, 3)).text).toBe(first.text);
    expect((await types()).filter((type) => type === 'RecommendationMade').length).toBe(1);
  });

  it('gets the same reply with a status that does not age', async () => {
    const skills = [{ id: 'add', title: 'Addition', prerequisites: [], masteryAt: 0.6 }, { id: 'multiply', title: 'Multiplication', prerequisites: [] }];
    await service.send('PUT', '/v1/courses/algebra', algebra({ skills }));
    const first = await post(answer);
    expect(first.json()).toMatchObject({ skills: [{ status: 'mastered' }] });
    service.clock.ms += 30 * DAY;
    expect((await post(answer)).text).toBe(first.text);
    await service.send('PUT', '/v1/courses/algebra', algebra());
    expect((await post(answer)).text).toBe(first.text);
  });

  it('gets a next item when it first asks for one, and that same one from then on', async () => {
    await post(answer);
    await post({ id: 'between', item: 'add-open', correct: false });
    const asked = await post(answer, 1);
    expect(asked.json<Answered>()).toMatchObject({ revision: 0, recommendation: { basedOn: { revision: 1 } } });
    await muchLater();
    expect((await post(answer, 1)).text).toBe(asked.text);
    expect((await types()).filter((type) => type === 'RecommendationMade').length).toBe(1);
  });

  it('gets the same reply when its item has left the course', async () => {
    const first = await post(answer, 1);
    await service.send('PUT', '/v1/courses/algebra', algebra({ items: [{ id: 'add-open', skills: ['add'], kind: 'practice' }] }));
    expect((await post({ ...answer, id: 'a2' })).json()).toMatchObject({ code: 'unknown-item' });
    expect((await post(answer, 1)).text).toBe(first.text);
  });

  it('gets the same reply when it first came in a batch', async () => {
    const { id, ...data } = answer;
    await service.send('POST', '/v1/events', [{ id, type: 'AnswerGiven', learner: 'ada', data }]);
    expect((await post(answer)).json()).toMatchObject({ id: 'a1', revision: 0, correct: true });
    expect(await types()).toEqual(['AnswerGiven']);
  });

  it('is refused with other content, and what was sent first stands', async () => {
    const first = await post(answer, 1);
    expect(problem(await post({ ...answer, response: '5' }, 1))).toEqual({
      status: 409, code: 'conflicting-duplicate', field: 'id', value: 'a1',
      detail: 'id is "a1", which this source sent before with different content; what was sent first stands: correct it with a new id.',
    });
    expect((await post(answer, 1)).text).toBe(first.text);
  });

  it.each([[0], [1]])('is refused from another learner: an id is one event (next=%i)', async (next) => {
    await post(answer, next);
    const other = await service.send('POST', `/v1/learners/ben/answers?next=${next}`, answer);
    expect(other).toMatchObject({ status: 409 });
    expect(other.json()).toMatchObject({ code: 'conflicting-duplicate', field: 'id', value: 'a1' });
  });
});

describe('answers at the same moment', () => {
  it.each([[0], [2]])('of one id are one answer (next=%i)', async (next) => {
    service.store.meet(20);
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(answer, next)));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await types()).toEqual(next === 0 ? ['AnswerGiven'] : ['AnswerGiven', 'RecommendationMade']);
  });

  it('of one id, some with a next item and some without, agree', async () => {
    service.store.meet(12);
    const replies = await Promise.all(Array.from({ length: 12 }, (_, n) => post(answer, n % 3)));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const chosen = replies.flatMap((reply) => reply.json<Answered>().recommendation?.recommendationId ?? []);
    expect([chosen.length, new Set(chosen).size]).toEqual([8, 1]);
    expect((await types()).toSorted()).toEqual(['AnswerGiven', 'RecommendationMade']);
  });

  it.each([[0], [1]])('of one id with different content are one answer and one refusal (next=%i)', async (next) => {
    service.store.meet(2);
    const replies = await Promise.all([post(answer, next), post({ ...answer, response: '5' }, next)]);
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect((await types()).filter((type) => type === 'AnswerGiven').length).toBe(1);
    const kept = replies.find(({ status }) => status === 200);
    expect((await post(kept === replies[0] ? answer : { ...answer, response: '5' }, next)).text).toBe(kept?.text);
  });

  it('of one learner are all kept, each with a choice that rests on it', async () => {
    for (let pair = 0; pair < 50; pair++) {
      service.store.meet(2);
      const two = [`p${pair}-1`, `p${pair}-2`].map((id, n) => post({ id, item: 'add-open', correct: n === 0 }, 1));
      for (const reply of await Promise.all(two)) {
        const { revision, recommendation } = reply.json<Answered>();
        expect(reply.status).toBe(200);
        expect(recommendation?.basedOn.revision).toBeGreaterThanOrEqual(revision);
      }
    }
    const events = await service.events('ada');
    const made = (type: string): number => events.filter((event) => event.type === type).length;
    expect([made('AnswerGiven'), made('RecommendationMade')]).toEqual([100, 100]);
    const { sources, recommender } = service.engine;
    // The row that readers get holds every one of them.
    expect((await recommender.learner('default' as TenantId, 'ada' as LearnerId)).state.answers).toBe(100);
    expect((await sources.store.read(learnerStream('default' as TenantId, 'ada' as LearnerId), { from: 200 })[Symbol.asyncIterator]().next()).done).toBe(true);
  });

  it('of one learner in a crowd are all kept, each with a choice', async () => {
    service.store.meet(30);
    const replies = await Promise.all(Array.from({ length: 30 }, (_, n) => post({ id: `c${n}`, item: 'add-open', correct: true }, 1)));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(replies.map((reply) => reply.json<Answered>().recommendation ?? null)).not.toContain(null);
    expect((await types()).filter((type) => type === 'AnswerGiven').length).toBe(30);
  });

  it.each([[4], [5], [13]])('as others that another process takes are kept, and who got no choice gets one by asking again (%i came first)', async (others) => {
    service.store.overtake(others);
    const reply = await post(answer, 1);
    expect(reply.status).toBe(200);
    // Five tries with the answer, then eight for the choice alone.
    if (others < 5 + 8) expect(reply.json<Answered>().recommendation?.basedOn.revision).toBe(others);
    else expect(reply.json()).toMatchObject({ recommendation: null, notChosen: { code: 'busy', detail: expect.any(String) } });
    expect((await types()).filter((type) => type === 'AnswerGiven').length).toBe(1 + Math.min(5, others));
    expect((await post(answer, 1)).json<Answered>().recommendation).not.toBeNull();
  });
});
