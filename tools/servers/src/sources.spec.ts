import type { Machine } from './machine.js';
import { kafkaSource, prometheusSource, redisSource, type Source } from './sources.js';

interface Offers {
  readonly variables?: Readonly<Record<string, string>>;
  readonly programs?: readonly string[];
  readonly java?: number;
  readonly docker?: boolean;
  readonly root?: boolean;
  readonly jars?: boolean;
}

const machine = ({ variables = {}, programs = [], java, docker = false, root = false, jars = false }: Offers): Machine => ({
  variable: (name) => variables[name] ?? null,
  program: (name) => (programs.includes(name) ? `/usr/bin/${name}` : null),
  isRoot: root,
  hasDocker: () => Promise.resolve(docker),
  javaVersion: () => Promise.resolve(java ?? null),
  hasKafkaJars: () => jars,
});

const GIVEN = { TRELLIS_REDIS_URL: 'redis://there:1', TRELLIS_KAFKA_BROKERS: 'there:2,there:3' };
const installs = (...packages: string[]): Source => ({ kind: 'programs', packages });
const debianRoot = { root: true, programs: ['apt-get'] };

describe('where a Redis comes from', () => {
  it.each<[string, Offers, Source]>([
    ['the given one before all others', { variables: GIVEN, docker: true, programs: ['redis-server'] }, { kind: 'given', address: 'redis://there:1' }],
    ['Docker before programs',          { docker: true, programs: ['redis-server'] },                    { kind: 'docker' }],
    ['the program that is there',       { programs: ['redis-server'] },                                  installs()],
    ['the program, for root too',       { root: true, programs: ['redis-server', 'apt-get'] },           installs()],
    ['a package, as root',              debianRoot,                                                      installs('redis-server')],
  ])('is %s', async (_, offers, source) => {
    expect(await redisSource(machine(offers), false)).toEqual(source);
  });

  it('is never a given one for a test that kills it', async () => {
    expect(await redisSource(machine({ variables: GIVEN, programs: ['redis-server'] }), true)).toEqual(installs());
  });

  it('is a sentence about what to install where there is nothing', async () => {
    const nothing = 'Redis cannot be started here: this machine has no redis-server. Please install redis-server (apt-get install redis-server), or start Docker';
    await expect(redisSource(machine({}), false)).rejects.toThrow(`${nothing}, or set TRELLIS_REDIS_URL to the address of a running one.`);
    await expect(redisSource(machine({ variables: GIVEN }), true)).rejects.toThrow(`${nothing}.`);
    await expect(redisSource(machine({ root: true }), false)).rejects.toThrow(nothing); // root, but no Debian
  });
});

describe('where a Kafka comes from', () => {
  it.each<[string, Offers, Source]>([
    ['the given one before all others',  { variables: GIVEN, docker: true, java: 17, jars: true },   { kind: 'given', address: 'there:2,there:3' }],
    ['Docker before programs',           { docker: true, java: 17, jars: true },                     { kind: 'docker' }],
    ['Java, and jars from Maven',        { java: 17, programs: ['mvn'] },                            installs()],
    ['Java, and jars that are there',    { java: 21, jars: true },                                   installs()],
    ['both packages, as root',           debianRoot,                                                 installs('default-jre-headless', 'maven')],
    ['a later Java, as root',            { ...debianRoot, java: 11, jars: true },                    installs('default-jre-headless')],
    ['Maven alone, as root',             { ...debianRoot, java: 17 },                                installs('maven')],
  ])('is %s', async (_, offers, source) => {
    expect(await kafkaSource(machine(offers), false)).toEqual(source);
  });

  it.each<[string, Offers, string]>([
    ['everything', {}, 'no Java 17 or later and no Maven (mvn), which fetches the jars of Kafka. Please install default-jre-headless and maven (apt-get install default-jre-headless maven), or start Docker, or set TRELLIS_KAFKA_BROKERS'],
    ['a later Java', { java: 11, programs: ['mvn'] }, 'no Java 17 or later (java here is version 11). Please install default-jre-headless (apt-get install default-jre-headless), or'],
    ['Maven', { java: 17 }, 'no Maven (mvn), which fetches the jars of Kafka. Please install maven (apt-get install maven), or'],
  ])('is a sentence where %s is missing', async (_, offers, sentence) => {
    await expect(kafkaSource(machine(offers), false)).rejects.toThrow(`Kafka cannot be started here: this machine has ${sentence}`);
  });
});

it('takes Prometheus from this machine only', () => {
  expect(prometheusSource(machine({ docker: true, programs: ['prometheus'] }))).toEqual(installs());
  expect(() => prometheusSource(machine({ docker: true }))).toThrow('Prometheus cannot be started here: this machine has no prometheus. Please install prometheus (apt-get install prometheus).');
});
