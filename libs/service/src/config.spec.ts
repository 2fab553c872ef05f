import { readFileSync } from 'node:fs';
import { ENVIRONMENT, readConfig, unknownVariables } from './config.js';
import { withEnvironmentTable } from './environment-table.js';
import { StartError } from './start-error.js';

const refusalOf = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof StartError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
};

const DEFAULTS = {
  data: './.trellis',
  host: '127.0.0.1',
  port: 7077,
  store: 'embedded',
  namespace: 'trellis',
  ingressTenants: ['default'],
  logLevel: 'info',
};

it('has a default for everything but keys and other parts', () => {
  expect(readConfig({})).toEqual(DEFAULTS);
});

it('reads every variable of its table', () => {
  const env = {
    TRELLIS_DATA: '/d',
    TRELLIS_HOST: '0.0.0.0',
    TRELLIS_PORT: '80',
    TRELLIS_KEYS: '/k',
    TRELLIS_STORE: 'kurrent',
    TRELLIS_KURRENT_URL: 'kurrentdb+discover://ann:hush@one:2113,two:2113?tls=true',
    TRELLIS_REDIS_URL: 'rediss://:hush@one:6379,rediss://:hush@two:6379',
    TRELLIS_KAFKA_BROKERS: 'one:9092,10.0.0.2:9092,[::1]:9092',
    TRELLIS_NAMESPACE: 'north-2',
    TRELLIS_INGRESS_TENANTS: 'default,north, south',
    TRELLIS_TRACES: 'http://127.0.0.1:4318',
    TRELLIS_LOG_LEVEL: 'warn',
  };
  expect(Object.keys(env)).toEqual(ENVIRONMENT.map(({ name }) => name));
  expect(readConfig(env)).toEqual({
    data: '/d',
    host: '0.0.0.0',
    port: 80,
    keys: '/k',
    store: 'kurrent',
    kurrentUrl: env.TRELLIS_KURRENT_URL,
    redisUrl: env.TRELLIS_REDIS_URL,
    kafkaBrokers: env.TRELLIS_KAFKA_BROKERS,
    namespace: 'north-2',
    ingressTenants: ['default', 'north', 'south'],
    traces: env.TRELLIS_TRACES,
    logLevel: 'warn',
  });
});

it('needs KurrentDB and Redis on the store that is made of them, and on no other', () => {
  const kurrent = { TRELLIS_KURRENT_URL: 'kurrentdb://one:2113' };
  const redis = { TRELLIS_REDIS_URL: 'redis://one' };
  const store = { TRELLIS_STORE: 'kurrent' };
  const kurrentWanted = 'TRELLIS_KURRENT_URL, as in kurrentdb://user:password@host:2113?tls=true';
  const redisWanted = 'TRELLIS_REDIS_URL, as in redis://:password@host:6379';
  const because = 'TRELLIS_STORE is "kurrent", which also needs';
  expect(refusalOf(store)).toBe(`${because} ${kurrentWanted}; and ${redisWanted}.`);
  expect(refusalOf({ ...store, ...kurrent })).toBe(`${because} ${redisWanted}.`);
  expect(refusalOf({ ...store, ...redis })).toBe(`${because} ${kurrentWanted}.`);
  expect(readConfig({ ...store, ...kurrent, ...redis }).store).toBe('kurrent');
  expect(readConfig({ ...kurrent, ...redis }).store).toBe('embedded');
});

it('takes a tenant that is named twice once', () => {
  expect(readConfig({ TRELLIS_INGRESS_TENANTS: 'north,north' }).ingressTenants).toEqual(['north']);
});

it('never shows a value that may hold a password', () => {
  const cases: [Record<string, string>, string][] = [
    [{ TRELLIS_KURRENT_URL: 'https://ann:hush@one' }, 'a connection string of KurrentDB, as in kurrentdb://user:password@host:2113?tls=true'],
    [{ TRELLIS_KURRENT_URL: 'kurrentdb://ann:hush hush@one' }, 'a connection string of KurrentDB, as in kurrentdb://user:password@host:2113?tls=true'],
    [{ TRELLIS_REDIS_URL: 'ann:hush@one:6379' }, 'the URL of a Redis server, as in redis://:password@host:6379'],
    [{ TRELLIS_KAFKA_BROKERS: 'ann:hush@one:9092' }, 'brokers with their ports, as in host:9092,host:9093'],
    [{ TRELLIS_KAFKA_BROKERS: 'hush' }, 'brokers with their ports, as in host:9092,host:9093'],
    [{ TRELLIS_TRACES: 'ftp://ann:hush@one' }, 'the URL of an OTLP/HTTP collector, as in http://127.0.0.1:4318'],
    [{ TRELLIS_TRACES: 'http://ann:hush@one:66000' }, 'the URL of an OTLP/HTTP collector, as in http://127.0.0.1:4318'],
  ];
  for (const [env, right] of cases) {
    const [name] = Object.keys(env);
    expect(refusalOf(env)).toBe(`${name} is wrong; it must be ${right}. Its value is not shown, since it may hold a password.`);
  }
});

it('takes an empty variable as absent', () => {
  expect(readConfig({ TRELLIS_KEYS: '', TRELLIS_PORT: '' })).toEqual(readConfig({}));
});

it('names the variable, its value and what would be right', () => {
  const port = 'it must be a whole number from 0 to 65535.';
  const levels = 'it must be one of "trace", "debug", "info", "warn", "error", "fatal", "silent".';
  const tenants = 'it must be 1 to 100 tenants separated by commas, each of 1 to 63 lower-case letters, digits or hyphens.';
  const cases: [Record<string, string>, string][] = [
    [{ TRELLIS_PORT: 'http' }, `TRELLIS_PORT is "http"; ${port}`],
    [{ TRELLIS_PORT: '70000' }, `TRELLIS_PORT is 70000; ${port}`],
    [{ TRELLIS_PORT: '-1' }, `TRELLIS_PORT is -1; ${port}`],
    [{ TRELLIS_PORT: '70.5' }, `TRELLIS_PORT is "70.5"; ${port}`],
    [{ TRELLIS_HOST: 'a b' }, 'TRELLIS_HOST is "a b"; it must be an IP address or a host name.'],
    [{ TRELLIS_STORE: 'disk' }, 'TRELLIS_STORE is "disk"; it must be one of "embedded", "kurrent".'],
    [{ TRELLIS_NAMESPACE: 'North' }, 'TRELLIS_NAMESPACE is "North"; it must be 1 to 32 lower-case letters, digits or hyphens.'],
    [{ TRELLIS_NAMESPACE: 'n'.repeat(33) }, `TRELLIS_NAMESPACE is "${'n'.repeat(33)}"; it must be 1 to 32 lower-case letters, digits or hyphens.`],
    [{ TRELLIS_INGRESS_TENANTS: 'a,,b' }, `TRELLIS_INGRESS_TENANTS is "a,,b"; ${tenants}`],
    [{ TRELLIS_INGRESS_TENANTS: 'a.b' }, `TRELLIS_INGRESS_TENANTS is "a.b"; ${tenants}`],
    [{ TRELLIS_INGRESS_TENANTS: Array(101).fill('a').join() }, `TRELLIS_INGRESS_TENANTS is "${'a,'.repeat(39)}…; ${tenants}`],
    [{ TRELLIS_LOG_LEVEL: 'loud' }, `TRELLIS_LOG_LEVEL is "loud"; ${levels}`],
  ];
  for (const [env, sentence] of cases) expect(refusalOf(env)).toBe(sentence);
});

it('binds only to this machine itself while there are no keys', () => {
  for (const host of ['127.0.0.1', '127.8.9.1', '::1', 'localhost']) expect(readConfig({ TRELLIS_HOST: host }).host).toBe(host);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '128.0.0.1', 'example.org', '127.0.0.1.example.org']) {
    expect(refusalOf({ TRELLIS_HOST: host })).toBe(
      `TRELLIS_HOST is "${host}", which other machines can reach, but there are no keys: ` +
        'set TRELLIS_KEYS to a keys file, or TRELLIS_HOST to 127.0.0.1.',
    );
    expect(readConfig({ TRELLIS_HOST: host, TRELLIS_KEYS: 'keys.json' }).host).toBe(host);
  }
});

it('points out variables that are most likely misspelt', () => {
  expect(unknownVariables({ TRELLIS_PROT: '1', TRELLIS_PORT: '1', PATH: '/' })).toEqual(['TRELLIS_PROT']);
});

describe('the table of the README', () => {
  it('is current (npm run docs writes it)', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    expect(readme).toBe(withEnvironmentTable(readme));
  });

  it('replaces only what stands between its marks', () => {
    const [before = '', after = ''] = withEnvironmentTable('a\n<!-- environment -->\nold\n<!-- /environment -->\nz\n').split(/\| variable[^]*\|\n/);
    expect([before, after]).toEqual(['a\n<!-- environment -->\n', '<!-- /environment -->\nz\n']);
    expect(() => withEnvironmentTable('no marks')).toThrow('the table of variables has no place');
  });
});
