// What operators and newcomers look at: the description of every route, the page that shows it, metrics and health.
import { engineOn, type Engine } from '@trellis/engine';
import { MemoryStore, MemoryViews } from '@trellis/event-sourcing';
import { trellisCodec } from '@trellis/learning';
import { createService, type Service } from '@trellis/service';
import { LogLines, requestsTo, testConfig, type Send } from '@trellis/service/testing';
import { StandaloneModule } from '../src/standalone.module.js';
import { chain, until } from './testing.js';

let engine: Engine;
let service: Service;
let send: Send;
beforeAll(async () => {
  engine = await engineOn({ store: new MemoryStore(Date.now), views: new MemoryViews(), codec: trellisCodec() });
  service = await createService(StandaloneModule.over(engine), { name: 'trellis', config: testConfig(), logTo: new LogLines(), close: () => engine.close() });
  send = requestsTo(service);
});
afterAll(() => service.stop());

interface Operation {
  readonly requestBody?: { readonly content: { readonly [type: string]: { readonly schema: { readonly type?: string } } } };
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: object }[];
  readonly responses: { readonly [status: string]: { readonly content?: { readonly [type: string]: { readonly schema: object } } } };
}

const ROUTES = {
  'POST /v1/events': { body: 'array', query: [] },
  'POST /v1/learners/{learner}/answers': { body: 'object', query: ['next'] },
  'PUT /v1/courses/{id}': { body: 'object', query: [] },
  'POST /v1/calibrations': { body: 'object', query: [] },
  'PUT /v1/calibrations/active': { body: 'object', query: [] },
  'GET /v1/calibrations': { body: null, query: [] },
  'GET /v1/calibrations/{id}': { body: null, query: [] },
  'POST /v1/learners/{learner}/recommendations': { body: 'object', query: [] },
  'GET /v1/recommendations/{id}': { body: null, query: ['recompute'] },
  'GET /v1/learners/{learner}/mastery': { body: null, query: ['course', 'asOf'] },
  'POST /v1/recommendations/{id}/accept': { body: 'object', query: [] },
  'POST /v1/recommendations/{id}/decline': { body: 'object', query: [] },
  'GET /v1/learners/{learner}/plan': { body: null, query: ['course'] },
  'GET /v1/learners/{learner}/history': { body: null, query: ['limit', 'before', 'kind'] },
  'PUT /v1/learners/{learner}/goals': { body: 'object', query: [] },
  'PUT /v1/learners/{learner}/preferences': { body: 'object', query: [] },
  'PUT /v1/learners/{learner}/strategy': { body: 'object', query: [] },
  'PUT /v1/learners/{learner}/objective': { body: 'object', query: [] },
  'PUT /v1/learners/{learner}/pins': { body: 'object', query: [] },
  'PUT /v1/learners/{learner}/exclusions': { body: 'object', query: [] },
  'PUT /v1/learners/{learner}/attestations': { body: 'object', query: [] },
  'PUT /v1/learners/{learner}/pause': { body: 'object', query: [] },
  'POST /v1/learners/{learner}/placements': { body: 'object', query: [] },
  'POST /v1/learners/{learner}/placements/{placement}/next': { body: null, query: [] },
  'GET /v1/learners/{learner}/placements/{placement}': { body: null, query: [] },
  'POST /v1/learners/{learner}/assessments': { body: 'object', query: [] },
  'POST /v1/learners/{learner}/assessments/{assessment}/complete': { body: 'object', query: [] },
  'GET /v1/learners/{learner}/assessments/{assessment}': { body: null, query: [] },
  'PUT /v1/classrooms/{id}/learners': { body: 'object', query: [] },
  'PUT /v1/classrooms/{id}/strategy': { body: 'object', query: [] },
  'PUT /v1/classrooms/{id}/objective': { body: 'object', query: [] },
  'PUT /v1/classrooms/{id}/phase': { body: 'object', query: [] },
  'PUT /v1/classrooms/{id}/calendar': { body: 'object', query: [] },
  'PUT /v1/classrooms/{id}/groups': { body: 'object', query: [] },
  'GET /v1/classrooms/{id}/board': { body: null, query: ['course'] },
  'GET /v1/classrooms/{id}/groups': { body: null, query: ['course', 'kind', 'size'] },
};

const operations = async (): Promise<Map<string, Operation>> => {
  const { paths } = (await send('GET', '/openapi.json')).json<{ paths: { [path: string]: { [method: string]: Operation } } }>();
  return new Map(Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation])));
};

it('describes every route, and no other', async () => {
  const own = ['GET /health/live', 'GET /health/ready', 'GET /metrics'];
  expect([...(await operations()).keys()].toSorted()).toEqual([...Object.keys(ROUTES), ...own].toSorted());
});

it.each(Object.entries(ROUTES))('describes what %s takes and answers', async (route, { body, query }) => {
  const operation = (await operations()).get(route);
  expect(operation?.requestBody?.content['application/json']?.schema.type ?? null).toBe(body);
  expect(operation?.responses['200']?.content?.['application/json']?.schema).toEqual(expect.any(Object));
  expect(operation?.responses['default']?.content?.['application/problem+json']?.schema).toEqual(expect.any(Object));
  const parameters = operation?.parameters ?? [];
  expect(parameters.filter((each) => each.in === 'query').map(({ name }) => name)).toEqual(query);
  for (const { name, schema } of parameters) expect([name, schema]).toEqual([name, expect.any(Object)]);
});

it('takes batches as lines too, and says so', async () => {
  expect(Object.keys((await operations()).get('POST /v1/events')?.requestBody?.content ?? {})).toEqual(['application/json', 'application/x-ndjson']);
});

it('serves a page of it without anything from elsewhere', async () => {
  const page = await send('GET', '/docs');
  expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
  expect(sources.filter((source) => /^(https?:)?\/\//.test(source))).toEqual([]);
  for (const source of sources) expect((await send('GET', new URL(source, 'http://x/docs').pathname)).status).toBe(200);
});

it('counts events, times requests, ingest and decisions, and tells how far rows lag', async () => {
  await send('PUT', '/v1/courses/chain', chain());
  const events = [1, 2, 2, 3].map((n) => ({ id: `e${n}`, type: 'AnswerGiven', learner: 'ada', occurredAt: `2026-01-0${n}T00:00:00Z`, data: { item: n === 3 ? 'nowhere' : 's1-1', correct: true } }));
  await send('POST', '/v1/events', events);
  const answer = { id: 'a1', item: 's1-2', correct: true };
  await send('POST', '/v1/learners/ada/answers', answer);
  await send('POST', '/v1/learners/ada/answers', answer);
  await send('POST', '/v1/learners/ada/recommendations', {});
  const metrics = async (): Promise<string[]> => (await send('GET', '/metrics')).text.split('\n');
  await until('the rows have caught up', async () => (await metrics()).includes('trellis_projector_lag_events{view="learner",partition="log"} 0'));
  const lines = await metrics();
  expect(lines).toEqual(expect.arrayContaining([
    'trellis_events_total{source="http",outcome="accepted"} 3',
    'trellis_events_total{source="http",outcome="duplicate"} 2',
    'trellis_events_total{source="http",outcome="rejected"} 1',
    'trellis_ingest_seconds_count 3',
    'trellis_recommendation_seconds_count 1',
    'trellis_projector_events_total{view="learner"} 4',
    'trellis_projector_rows_written_total{view="course"} 1',
    'trellis_projector_lag_events{view="classroom",partition="log"} 0',
    'trellis_http_request_seconds_count{method="POST",route="/v1/learners/:learner/answers",status="200"} 2',
    'trellis_http_requests_in_flight 0',
  ]));
  expect(lines.join('\n')).not.toContain('ada');
});

it('is alive and ready, check by check', async () => {
  expect((await send('GET', '/health/live')).json()).toEqual({ live: true });
  const { ready, checks } = (await send('GET', '/health/ready')).json<{ ready: boolean; checks: object }>();
  expect([ready, Object.keys(checks).toSorted()]).toEqual([true, ['accepting', 'courses', 'decisions', 'log', 'view calibration', 'view classroom', 'view course', 'view learner']]);
});
