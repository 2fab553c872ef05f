import { createService, type Service } from './service.js';
import { LogLines, testConfig } from './testing/index.js';
import { SampleModule } from './testing/sample.module.js';

let service: Service;
beforeAll(async () => {
  service = await createService(SampleModule, { name: 'Sample', version: '1.2.3', config: testConfig(), logTo: new LogLines() });
});
afterAll(() => service.stop());

it('describes routes, schemas, problems and keys', async () => {
  const document = (await service.app.inject('/openapi.json')).json();
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Sample', version: '1.2.3' },
    components: { securitySchemes: { bearer: { scheme: 'bearer' } } },
  });
  const paths = ['/v1/learners/{id}/answers', '/metrics', '/health/live', '/health/ready'];
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(paths));
  const { post } = document.paths['/v1/learners/{id}/answers'];
  expect(post.requestBody.content['application/json'].schema).toMatchObject({
    required: ['item', 'score'],
    properties: { score: { minimum: 0, maximum: 1 } },
  });
  expect(post.responses['200'].content['application/json'].schema.required).toEqual(['item', 'score']);
  expect(post.responses.default.content['application/problem+json'].schema.required).toEqual(['type', 'title', 'status', 'detail']);
});

it('shows the documentation without asking any other machine', async () => {
  const page = await service.app.inject('/docs');
  expect(page.headers['content-type']).toBe('text/html');
  const sources = [...page.payload.matchAll(/(?:src|href)=["']([^"']+)["']/g)].map((match) => match[1] ?? '');
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) {
    expect(source).toMatch(/^\.\/docs\//);
    expect([source, (await service.app.inject(source.slice(1))).statusCode]).toEqual([source, 200]);
  }
});
