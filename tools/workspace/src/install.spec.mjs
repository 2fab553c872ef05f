import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { holds, install, nodeOf } from './install.mjs';

const LOCK = { packages: { '': { name: 'trellis' }, 'node_modules/pino': { version: '10.4.0', integrity: 'a' } } };

let root;
const write = (path, text) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const hasRun = () => existsSync(join(root, 'ran'));
const said = [];
const installWith = (npm) => install(root, { npm, say: (text) => said.push(text) });

/** Stands in for npm: leaves what `npm ci` would leave, or fails. */
const npm = ({ code = 0, leaves = true } = {}) => ({
  file: process.execPath,
  args: [
    '-e',
    `const fs = require('node:fs');
    fs.writeFileSync('ran', process.argv.slice(1).join(' '));
    if (${leaves}) { fs.mkdirSync('node_modules/node/bin', { recursive: true }); fs.writeFileSync('node_modules/node/bin/node', ''); }
    process.exit(${code});`,
    '--',
  ],
});

beforeEach(() => {
  said.length = 0;
  root = mkdtempSync(join(tmpdir(), 'install-'));
  write('package-lock.json', JSON.stringify(LOCK));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('installing', () => {
  it('runs npm ci in a fresh clone, and not again', async () => {
    await installWith(npm());
    expect(hasRun()).toBe(true);
    expect(said).toEqual([expect.stringMatching(/^Installing packages/)]);
    rmSync(join(root, 'ran'));
    await installWith(npm());
    expect(hasRun()).toBe(false);
  });

  it('runs it again when package-lock.json has changed', async () => {
    await installWith(npm());
    rmSync(join(root, 'ran'));
    write('package-lock.json', JSON.stringify({ packages: { ...LOCK.packages, 'node_modules/ajv': { version: '8.20.0' } } }));
    await installWith(npm());
    expect(hasRun()).toBe(true);
  });

  it('takes what a plain npm install left', async () => {
    write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/pino': { version: '10.4.0', integrity: 'a' } } }));
    write('node_modules/node/bin/node', '');
    await installWith(npm());
    expect(hasRun()).toBe(false);
  });

  it('says in one sentence that npm failed', () =>
    expect(installWith(npm({ code: 1 }))).rejects.toMatchObject({ sentence: expect.stringMatching(/^npm ci failed/) }));

  it('says in one sentence that npm is missing', () =>
    expect(installWith({ file: 'no-npm-here', args: [] })).rejects.toMatchObject({ sentence: expect.stringMatching(/^npm was not found/) }));

  it('says in one sentence that Node was not put in place', () =>
    expect(installWith(npm({ leaves: false }))).rejects.toMatchObject({ sentence: expect.stringMatching(/ignore-scripts/) }));

  it('knows where the Node of the project is', () => expect(nodeOf('x')).toBe(join('x', 'node_modules', 'node', 'bin', 'node')));
});

describe('what is present', () => {
  const wanted = LOCK.packages;
  const pino = wanted['node_modules/pino'];

  it.each([
    ['all of it', true, { 'node_modules/pino': pino }, wanted],
    ['more than that', true, { 'node_modules/pino': pino, 'node_modules/old': pino }, wanted],
    ['nothing', false, {}, wanted],
    ['another version', false, { 'node_modules/pino': { ...pino, version: '9.0.0' } }, wanted],
    ['other content', false, { 'node_modules/pino': { ...pino, integrity: 'b' } }, wanted],
    ['not what is for other platforms', true, {}, { 'node_modules/x': { version: '1.0.0', optional: true, os: ['darwin'] } }],
    ['not a project of the workspace', false, {}, { 'libs/goals': { version: '0.1.0' } }],
  ])('%s', (_what, expected, present, lock) => expect(holds(present, lock)).toBe(expected));
});
