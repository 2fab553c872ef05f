import { readFileSync } from 'node:fs';
import { ENVIRONMENT, readConfig, unknownVariables } from './config.js';
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

it('has a default for everything but keys', () => {
  expect(readConfig({})).toEqual({ data: './.trellis', host: '127.0.0.1', port: 7077, store: 'embedded', logLevel: 'info' });
});

it('reads every variable of its table', () => {
  const env = {
    TRELLIS_DATA: '/d',
    TRELLIS_HOST: '0.0.0.0',
    TRELLIS_PORT: '80',
    TRELLIS_KEYS: '/k',
    TRELLIS_STORE: 'embedded',
    TRELLIS_LOG_LEVEL: 'warn',
  };
  expect(Object.keys(env)).toEqual(ENVIRONMENT.map(({ name }) => name));
  expect(readConfig(env)).toEqual({ data: '/d', host: '0.0.0.0', port: 80, keys: '/k', store: 'embedded', logLevel: 'warn' });
});

it('takes an empty variable as absent', () => {
  expect(readConfig({ TRELLIS_KEYS: '', TRELLIS_PORT: '' })).toEqual(readConfig({}));
});

it('names the variable, its value and what would be right', () => {
  const port = 'it must be a whole number from 0 to 65535.';
  const levels = 'it must be one of "trace", "debug", "info", "warn", "error", "fatal", "silent".';
  const cases: [Record<string, string>, string][] = [
    [{ TRELLIS_PORT: 'http' }, `TRELLIS_PORT is "http"; ${port}`],
    [{ TRELLIS_PORT: '70000' }, `TRELLIS_PORT is 70000; ${port}`],
    [{ TRELLIS_PORT: '-1' }, `TRELLIS_PORT is -1; ${port}`],
    [{ TRELLIS_PORT: '70.5' }, `TRELLIS_PORT is "70.5"; ${port}`],
    [{ TRELLIS_HOST: 'a b' }, 'TRELLIS_HOST is "a b"; it must be an IP address or a host name.'],
    [{ TRELLIS_STORE: 'kurrent' }, 'TRELLIS_STORE is "kurrent"; it must be "embedded": this version has no other store yet.'],
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

describe('what the project says elsewhere', () => {
  const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

  it('is the same table in the README', () => {
    const code = (text: string | null): string => (text === null ? '' : `\`${text}\``);
    const rows = ENVIRONMENT.map((variable) => `| ${code(variable.name)} | ${code(variable.default)} | ${variable.description} |`);
    expect(read('README.md')).toContain(['| variable | default | what |', '| --- | --- | --- |', ...rows].join('\n'));
  });

  it.each([['docker-compose.yml'], ['infra/docker/Dockerfile']])('names no variable in %s that nothing reads', (path) => {
    const known = ENVIRONMENT.map(({ name }) => String(name));
    const named = read(path).match(/TRELLIS_[A-Z_]+/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });
});
