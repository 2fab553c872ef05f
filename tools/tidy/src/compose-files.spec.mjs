// The compose files, the Dockerfile and the script that makes their secrets, held against each other.
import { execFileSync, spawnSync } from 'node:child_process';
import { hash, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeProblems, demands, floatingImages, readYaml, unknownVariables } from './compose-checks.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const FILES = readdirSync(ROOT).filter((name) => /^docker-compose.*\.ya?ml$/.test(name));
/** A spec of the services keeps the table of the README equal to what they read. */
const VARIABLES = [...read('README.md').matchAll(/^\| `(TRELLIS_[A-Z_]+)` \|/gm)].map(([, name]) => name);

describe.each(FILES)('%s', (file) => {
  it('is a valid compose file in which nothing is open, floating, unbounded or secret by default', () => {
    expect(composeProblems(read(file), { variables: VARIABLES })).toEqual([]);
  });

  it('mounts what is there', () => {
    expect(demands(read(file)).binds.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

it('finds the compose files and the variables that they are held against', () => {
  expect(FILES).toEqual(['docker-compose.embedded.yml', 'docker-compose.yml']);
  expect(VARIABLES).toContain('TRELLIS_KURRENT_URL');
});

describe('docker-compose.yml', () => {
  const { services } = readYaml(read('docker-compose.yml'));

  it('runs each service from its own main.js with the whole configuration', () => {
    for (const name of ['ingest', 'projector', 'recommender']) {
      expect(services[name].command.at(-1)).toBe(`apps/${name}/dist/main.js`);
      expect(existsSync(join(ROOT, `apps/${name}/src/main.ts`))).toBe(true);
      expect(Object.keys(services[name].environment)).toEqual(expect.arrayContaining(['TRELLIS_STORE', 'TRELLIS_KURRENT_URL', 'TRELLIS_REDIS_URL', 'TRELLIS_KAFKA_BROKERS', 'TRELLIS_KEYS']));
    }
    expect(services.projector.deploy.replicas).toBeGreaterThan(1);
    expect(services.recommender.deploy.replicas).toBeGreaterThan(1);
  });

  it('lets Prometheus find each service by its name', () => {
    const jobs = readYaml(read('infra/prometheus/prometheus.yml')).scrape_configs;
    expect(jobs.map(({ job_name: job, dns_sd_configs: [found] }) => [job, found.names])).toEqual(['ingest', 'projector', 'recommender'].map((name) => [`trellis-${name}`, [name]]));
  });

  it('lets nobody but the balancer, Kafka and the two monitors out of the inner network', () => {
    const open = Object.entries(services).filter(([, { networks }]) => networks.includes('outside')).map(([name]) => name);
    expect(open.sort()).toEqual(['balancer', 'grafana', 'kafka', 'prometheus']);
  });
});

describe('the Dockerfile', () => {
  const dockerfile = read('infra/docker/Dockerfile');

  it('starts from pinned images of the Node that the workspace uses', () => {
    expect(floatingImages(dockerfile)).toEqual([]);
    const { node } = JSON.parse(read('package.json')).devDependencies;
    expect([...dockerfile.matchAll(/^FROM node:([\d.]+)/gm)].map(([, version]) => version)).toEqual([node, node]);
  });

  it('sets no variable that nothing reads', () => expect(unknownVariables(dockerfile, VARIABLES)).toEqual([]));

  it('runs without root', () => expect(dockerfile).toMatch(/^USER node$/m));
});

const ifOpenssl = spawnSync('openssl', ['version']).status === 0 ? describe : describe.skip;

ifOpenssl('make-secrets.sh (needs openssl)', () => {
  let folder;
  const script = () => join(folder, 'infra/docker/make-secrets.sh');
  const secret = (name) => readFileSync(join(folder, 'infra/docker/secrets', name), 'utf8');

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'trellis-secrets-'));
    cpSync(join(ROOT, 'infra/docker/make-secrets.sh'), script());
    execFileSync('bash', [script()]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes every variable and every file that the compose files demand', () => {
    const given = [...readFileSync(join(folder, '.env'), 'utf8').matchAll(/^([A-Z_]+)=[0-9a-f]{48}$/gm)].map(([, name]) => name);
    const wanted = FILES.map((file) => demands(read(file)));
    expect(given.sort()).toEqual([...new Set(wanted.flatMap(({ variables }) => variables))].sort());
    expect(wanted.flatMap(({ secrets }) => secrets).filter((path) => !existsSync(join(folder, path)))).toEqual([]);
  });

  it('writes keys that a service knows by their hashes', () => {
    const keys = JSON.parse(secret('keys.json'));
    for (const role of ['platform', 'teacher', 'operator']) expect(keys[hash('sha256', secret(`${role}.key`))]).toEqual({ tenant: 'default', role });
  });

  it('writes a certificate that its authority has signed for the name that services use', () => {
    const [node, authority] = ['kurrentdb.crt', 'authority.crt'].map((name) => new X509Certificate(secret(name)));
    expect(node.verify(authority.publicKey)).toBe(true);
    expect([node.checkHost('kurrentdb'), node.checkIP('127.0.0.1'), authority.ca]).toEqual(['kurrentdb', '127.0.0.1', true]);
  });

  it('keeps everybody else on the machine out', () => {
    expect(statSync(join(folder, '.env')).mode & 0o077).toBe(0);
    expect(statSync(join(folder, 'infra/docker/secrets')).mode & 0o077).toBe(0);
  });

  it('replaces nothing', () => {
    const before = readFileSync(join(folder, '.env'), 'utf8');
    expect(spawnSync('bash', [script()], { encoding: 'utf8' })).toMatchObject({ status: 1, stderr: expect.stringContaining('.env is there already') });
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(before);
  });
});

describe('the checks', () => {
  const good = {
    image: 'redis:7.4.6-alpine', restart: 'unless-stopped', stop_grace_period: '9s', cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'],
    healthcheck: { test: ['CMD', 'true'] }, deploy: { resources: { limits: { cpus: '1', memory: '1g' } } },
  };
  // JSON is YAML.
  const problemsOf = (changes) => composeProblems(JSON.stringify({ services: { one: { ...good, ...changes }, two: good } }), { variables: VARIABLES }).join('; ');

  it('find nothing in a good service', () => {
    expect(problemsOf({
      ports: ['127.0.0.1:80:80', { target: 80, published: '81', host_ip: '127.0.0.1' }],
      depends_on: { two: { condition: 'service_healthy' } },
      environment: { TRELLIS_PORT: '80', A_PASSWORD: '${A_PASSWORD:?set it}', URL: 'redis://:${A_PASSWORD:?set it}@host:1', LOGIN: 'password="${A_PASSWORD:?set it}"' },
    })).toBe('');
  });

  it.each([
    ['must NOT have unevaluated properties', { imagine: 1 }],
    ['redis:7 is not pinned', { image: 'redis:7' }],
    ['redis:latest is not pinned', { image: 'redis:latest' }],
    ['it has no image', { image: undefined }],
    ['port "80:80" is not on 127.0.0.1', { ports: ['80:80'] }],
    ['port "0.0.0.0:80:80" is not on 127.0.0.1', { ports: ['0.0.0.0:80:80'] }],
    ['port 80 is not on 127.0.0.1', { ports: [80] }],
    ['port {"target":80} is not on 127.0.0.1', { ports: [{ target: 80 }] }],
    ['TRELLIS_PROT is read by no service', { environment: { TRELLIS_PROT: '1' } }],
    ['environment.A_PASSWORD holds a password', { environment: { A_PASSWORD: 'changeit' } }],
    ['environment.A_PASSWORD holds a password', { environment: ['A_PASSWORD=changeit'] }],
    ['A_PASSWORD holds a password, or may be without one', { environment: { A_PASSWORD: '${A_PASSWORD:-changeit}' } }],
    ['environment.A holds a password, or may be without one', { environment: { A: '${A_PASSWORD}' } }],
    ['environment.URL holds a password', { environment: { URL: 'redis://:hush@host:1' } }],
    ['environment.LOGIN holds a password', { environment: { LOGIN: 'user_ann="hush"' } }],
    ['command holds a password', { command: 'redis-server --requirepass hush' }],
    ['no limit of processors and memory', { deploy: { resources: { limits: { cpus: '1' } } } }],
    ['no health check', { healthcheck: undefined }],
    ['how it restarts and stops', { restart: undefined }],
    ['may gain privileges', { cap_drop: undefined }],
    ['is not contained', { network_mode: 'host' }],
    ['does not wait until two is healthy', { depends_on: ['two'] }],
    ['waits for six, which is not there', { depends_on: { six: { condition: 'service_healthy' } } }],
  ])('say: %s', (problem, changes) => expect(problemsOf(changes)).toContain(problem));

  it('find an image that floats in a Dockerfile', () => {
    expect(floatingImages('FROM node:24 AS build\nFROM build\nFROM node:24.21.0-slim\n')).toEqual(['node:24']);
  });
});
