// What must hold for every compose file: it is valid, nothing in it is open, floating, unbounded or secret by default.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

const SCHEMA = JSON.parse(readFileSync(new URL('../../../infra/compose-spec/compose-spec.json', import.meta.url), 'utf8'));
const isComposeFile = new Ajv2020({ strict: false, allErrors: true }).compile(SCHEMA);

/** At least a whole version: `1.28.0-alpine`, `v3.5.1`, or a digest. */
const PINNED = /(:v?\d+\.\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})$/;
const PASSWORD_NAME = /(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|AUTH)$/i;
/** A value that compose refuses to start without. */
const REQUIRED = /\$\{[A-Z_]+:\?[^}]+\}/g;
const MARK = '<required>';

/** Compose files use merge keys (`<<`), which YAML 1.2 has no more. */
export function readYaml(text) {
  return load(text, { schema: CORE_SCHEMA.withTags(mergeTag) });
}

/** @returns {string[]} what is wrong, a sentence each */
export function composeProblems(text, { variables }) {
  const file = readYaml(text);
  if (!isComposeFile(file)) return (isComposeFile.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  const services = Object.entries(file.services ?? {});
  return [
    ...unknownVariables(text, variables),
    ...passwords(file),
    ...services.flatMap(([name, service]) => [...imageOf(service), ...ports(service), ...bounds(service, services)].map((problem) => `${name}: ${problem}`)),
  ];
}

/** Images in a Dockerfile that are not pinned; a stage may name another stage. */
export function floatingImages(dockerfile) {
  const stages = [...dockerfile.matchAll(/^FROM\s+(\S+)(?:\s+AS\s+(\S+))?/gim)];
  const named = stages.map(([, , stage]) => stage);
  return stages.map(([, image]) => image).filter((image) => !named.includes(image) && !PINNED.test(image));
}

/** Variables of ours that nothing reads. */
export function unknownVariables(text, variables) {
  const named = new Set(text.match(/TRELLIS_[A-Z_]+/g) ?? []);
  return [...named].filter((name) => !variables.includes(name)).map((name) => `${name} is read by no service`);
}

/** Variables that must be given, and files that must be there, before compose starts anything. */
export function demands(text) {
  const file = readYaml(text);
  return {
    variables: [...new Set([...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name))],
    secrets: Object.values(file.secrets ?? {}).map(({ file }) => file),
    binds: Object.values(file.services)
      .flatMap(({ volumes = [] }) => volumes)
      .map((volume) => volume.split(':')[0])
      .filter((source) => source.startsWith('./')),
  };
}

function imageOf({ image, build }) {
  if (image === undefined) return build === undefined ? ['it has no image'] : [];
  return PINNED.test(image) ? [] : [`${image} is not pinned to a version`];
}

function ports({ ports: published = [] }) {
  const hostOf = (port) => (typeof port === 'object' ? port.host_ip : String(port).split(':').length >= 3 ? String(port).split(':')[0] : undefined);
  return published.filter((port) => hostOf(port) !== '127.0.0.1').map((port) => `port ${JSON.stringify(port)} is not on 127.0.0.1`);
}

function bounds(service, services) {
  const { cpus, memory } = service.deploy?.resources?.limits ?? {};
  const waits = Object.entries(Array.isArray(service.depends_on) ? Object.fromEntries(service.depends_on.map((name) => [name, {}])) : (service.depends_on ?? {}));
  return [
    ...(cpus === undefined || memory === undefined ? ['it has no limit of processors and memory'] : []),
    ...(service.healthcheck?.test === undefined ? ['it has no health check'] : []),
    ...(service.restart === undefined || service.stop_grace_period === undefined ? ['it does not say how it restarts and stops'] : []),
    ...(service.security_opt?.includes('no-new-privileges:true') && service.cap_drop?.includes('ALL') ? [] : ['it may gain privileges']),
    ...(service.privileged || service.network_mode === 'host' ? ['it is not contained'] : []),
    ...waits.filter(([, { condition }]) => condition !== 'service_healthy').map(([name]) => `it does not wait until ${name} is healthy`),
    ...waits.filter(([name]) => !services.some(([other]) => other === name)).map(([name]) => `it waits for ${name}, which is not there`),
  ];
}

/** Every password is one that compose demands; none has a default, none stands in a file. */
function passwords(file) {
  return strings(file).flatMap(({ path, text }) => {
    const masked = text.replaceAll(REQUIRED, MARK);
    const literal = [
      PASSWORD_NAME.test(path.at(-1)) && path.includes('environment') && masked !== MARK,
      // user:password@ in an address, password="..." in a login module, --requirepass ...
      [...masked.matchAll(/:\/\/[^/\s:@]*:([^@\s/]+)@/g)].some(([, password]) => password !== MARK),
      [...masked.matchAll(/\b(?:password|user_\w+)="([^"]*)"/g)].some(([, password]) => password !== MARK),
      /(^|\s)--(requirepass|password)\b/.test(masked),
      /\$\{\w*(PASSWORD|SECRET|TOKEN)\w*(:?-|\})/.test(masked),
    ];
    return literal.some(Boolean) ? [`${path.join('.')} holds a password, or may be without one: demand it with \${NAME:?what to do}`] : [];
  });
}

/** Every text in a value and where it stands; `NAME=value` in a list counts as an entry of that name. */
function strings(value, path = []) {
  if (typeof value === 'string' || typeof value === 'number') {
    const text = String(value);
    const entry = path.at(-2) === 'environment' ? /^([A-Z_]+)=([^]*)$/.exec(text) : null;
    return entry === null ? [{ path, text }] : [{ path: [...path.slice(0, -1), entry[1]], text: entry[2] }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, [...path, key]));
}
