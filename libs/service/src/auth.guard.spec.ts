import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HealthChecks } from './health.js';
import type { Role } from './keys.js';
import { createService, type Service } from './service.js';
import { LogLines, testConfig } from './testing/index.js';
import { SampleModule } from './testing/sample.module.js';

const folder = mkdtempSync(join(tmpdir(), 'trellis-keys-'));
const file = join(folder, 'keys.json');
const roles: Role[] = ['platform', 'teacher', 'analyst', 'operator'];
const hashOf = (role: Role): string => createHash('sha256').update(`key-of-${role}`).digest('hex');
const entries = roles.map((role) => [hashOf(role), { tenant: `${role}-tenant`, role }]);
writeFileSync(file, JSON.stringify(Object.fromEntries(entries)));

const as = (role: string) => ({ authorization: `Bearer key-of-${role}` });
const logTo = new LogLines();
let guarded: Service;
let unguarded: Service;

beforeAll(async () => {
  guarded = await createService(SampleModule, { name: 'guarded', config: testConfig({ keys: file }), logTo });
  unguarded = await createService(SampleModule, { name: 'unguarded', config: testConfig(), logTo: new LogLines() });
});
afterAll(async () => {
  await Promise.all([guarded.stop(), unguarded.stop()]);
  rmSync(folder, { recursive: true });
});

it('tells a controller who calls', async () => {
  const answer = await guarded.app.inject({ url: '/v1/me', headers: as('teacher') });
  expect(answer.json()).toEqual({ tenant: 'teacher-tenant', role: 'teacher' });
});

it('lets in by the roles of the route, or else of its controller', async () => {
  const cases: [string, string, number][] = [
    ['/v1/me', 'platform', 200],
    ['/v1/me', 'teacher', 200],
    ['/v1/me', 'analyst', 403],
    ['/v1/me', 'operator', 403],
    ['/v1/courses', 'teacher', 200],
    ['/v1/courses', 'platform', 403],
    ['/metrics', 'operator', 200],
    ['/metrics', 'analyst', 403],
  ];
  for (const [url, role, status] of cases) {
    const answer = await guarded.app.inject({ url, headers: as(role) });
    expect([url, role, answer.statusCode]).toEqual([url, role, status]);
  }
});

it('answers 403 not-allowed to a key of another role', async () => {
  const answer = await guarded.app.inject({ url: '/v1/courses', headers: as('analyst') });
  expect(answer.json()).toMatchObject({ status: 403, code: 'not-allowed', detail: 'This key has the role analyst; teacher may do this.' });
});

it('answers 401 not-allowed without a key or with an unknown one, and says how to send one', async () => {
  for (const headers of [{}, { authorization: 'Bearer nonsense' }, { authorization: 'Basic eDp5' }]) {
    const answer = await guarded.app.inject({ url: '/v1/me', headers });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(answer.headers['content-type']).toMatch('application/problem+json');
    expect(answer.json()).toMatchObject({ status: 401, code: 'not-allowed', detail: expect.stringContaining('Bearer <key>') });
  }
});

it('turns away who has no key before it parses the body', async () => {
  const headers = { 'content-type': 'application/json' };
  const answer = await guarded.app.inject({ method: 'POST', url: '/v1/events', headers, payload: '{' });
  expect(answer.statusCode).toBe(401);
});

it('leaves health and documentation open', async () => {
  for (const url of ['/health/live', '/health/ready', '/openapi.json', '/docs', '/docs/swagger-ui.css', '/other/open']) {
    expect([url, (await guarded.app.inject({ url })).statusCode]).toEqual([url, 200]);
  }
});

it('answers 404 for an unknown route, key or not', async () => {
  for (const headers of [{}, as('teacher')]) expect((await guarded.app.inject({ url: '/nowhere', headers })).statusCode).toBe(404);
});

it('allows everything to everybody, in one tenant, where no keys are configured', async () => {
  expect((await unguarded.app.inject({ url: '/v1/me' })).json()).toEqual({ tenant: 'default', role: 'any' });
  for (const url of ['/v1/courses', '/metrics']) expect((await unguarded.app.inject({ url })).statusCode).toBe(200);
});

it('answers nobody on a route whose author forgot to say who may call', async () => {
  expect((await guarded.app.inject({ url: '/other/forgotten', headers: as('operator') })).statusCode).toBe(500);
  expect((await unguarded.app.inject({ url: '/other/forgotten' })).statusCode).toBe(500);
  expect(logTo.text).toContain('OtherController.forgotten names no roles');
});

it('shows reasons of health checks to operators only', async () => {
  const health = guarded.app.get(HealthChecks);
  health.add('disk', () => 'no space left on /secret/path');
  expect((await guarded.app.inject({ url: '/health/ready' })).json().checks).toMatchObject({ disk: 'not ready' });
  expect((await guarded.app.inject({ url: '/health/ready', headers: as('teacher') })).json().checks).toMatchObject({ disk: 'not ready' });
  const shown = await guarded.app.inject({ url: '/health/ready', headers: as('operator') });
  expect([shown.statusCode, shown.json().checks.disk]).toEqual([503, 'no space left on /secret/path']);
});

