import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryOf } from './repository.mjs';
import { tidy } from './tidy.mjs';

const manifest = (extra = {}) =>
  JSON.stringify({ name: '@trellis/goals', scripts: { build: 'tsc -b', test: 'jest', lint: 'eslint .' }, nx: { tags: ['type:domain'] }, ...extra });

/** A small workspace without a fault; a case adds files to it or replaces some. */
const CLEAN = {
  'package.json': JSON.stringify({ devDependencies: { jest: '30.5.2', 'fast-check': '4.10.2', typescript: 'npm:@typescript/typescript6@6.0.2' } }),
  'tsconfig.json': JSON.stringify({ references: [{ path: 'libs/goals' }] }),
  'libs/goals/package.json': manifest(),
  'libs/goals/tsconfig.json': JSON.stringify({ references: [] }),
  'libs/goals/src/index.ts': "export { goals } from './goals.js';\n",
  'libs/goals/src/goals.ts': 'export const goals = 1;\n',
  'libs/goals/src/goals.spec.ts': "import { goals } from './goals.js';\nit('is', () => expect(goals).toBe(1));\n",
};
const KERNEL = {
  'libs/kernel/package.json': manifest({ name: '@trellis/kernel', nx: { tags: ['npm:private', 'type:kernel'] } }),
  'libs/kernel/tsconfig.json': JSON.stringify({}),
  'libs/kernel/src/kernel.spec.mjs': '',
  'tsconfig.json': JSON.stringify({ references: [{ path: './libs/goals' }, { path: './libs/kernel' }] }),
};

const rulesBrokenBy = (files) => {
  const all = Object.entries({ ...CLEAN, ...files }).filter(([, text]) => text !== null);
  return [...new Set(tidy(repositoryOf(all.map(([path, text]) => ({ path, text })))).map(({ rule }) => rule))];
};
const source = (text) => ({ 'libs/goals/src/more.ts': text });
const spec = (text) => ({ 'libs/goals/src/more.spec.ts': text });
const lines = (count) => 'let x;\n'.repeat(count);

// Each rule with what breaks it and a twin that comes close and does not.
const CASES = [
  ['file-name', { 'libs/goals/src/goal.dto.ts': '' }, { 'libs/goals/src/dto.ts': '' }],
  ['file-name', { 'libs/goals/src/goal.interface.ts': '' }, { 'apps/api/src/goals.controller.ts': '' }],
  ['file-name', { 'libs/goals/src/goal.constants.ts': '' }, { 'libs/goals/src/constants-of-nature.ts': '' }],
  ['folder-name', { 'libs/common/src/a.ts': '' }, { 'libs/goals/src/commons.ts': '' }],
  ['folder-name', { 'libs/goals/src/utils/a.ts': '' }, { 'libs/goals/src/utilities-market/a.ts': '' }],
  ['barrel', { 'libs/goals/src/rules/index.ts': '' }, { 'libs/goals/src/testing/index.ts': '' }],
  ['file-length', source(lines(401)), source(`${lines(400)}\n\n`)],
  ['machine-path', source("open('/home/someone/x');"), source("get('https://example.org/home/x');")],
  ['machine-path', { 'docs/guide.md': 'see /root/notes' }, { 'docs/guide.md': 'see ./root/notes and the /rooted/tree' }],
  ['machine-path', { 'docs/guide.md': 'cd `/tmp/x`' }, { 'docs/guide.md': 'cd "$TMPDIR/tmp/x"' }],
  ['unfinished-test', spec("it.only('x', () => {});"), spec("itsOnly('x');")],
  ['unfinished-test', spec("describe.skip('x', () => {});"), spec('const ifData = existsSync(folder) ? it : it.skip;')],
  ['unfinished-test', spec("it.todo('x');"), spec("const todo = 'x';")],
  ['unfinished-test', spec("xit('x');"), spec('exit(1);')],
  ['leftover', source('// TODO later'), source("const todo = 'to do';")],
  ['leftover', { 'docs/guide.md': 'FIXME' }, { 'samples/course.json': '{"title": "TODO lists"}' }],
  ['silenced-rule', source('// eslint-disable-next-line eqeqeq'), source('// eslint is a linter')],
  ['silenced-rule', source('// @ts-ignore'), spec('// @ts-expect-error an append states its expectation')],
  ['silenced-rule', source('// @ts-expect-error for now'), source('// expect an error')],
  ['star-export', source("export * from './goals.js';"), source("export { goals } from './goals.js';")],
  ['star-export', source("export type * from './goals.js';"), source("import * as all from './goals.js';")],
  ['empty-catch', source('try { go(); } catch {}'), source('try { go(); } catch { stop(); }')],
  ['empty-catch', source('try { go(); } catch (error) {\n}'), source('try { go(); } catch {\n  // Gone already.\n}')],
  ['empty-catch', source('go().catch(() => {});'), source('go().catch((fault) => park(fault));')],
  ['empty-catch', source('// Sends.\n\nsent.catch(() => undefined);'), source('// The caller sees the fault.\nsent.catch(() => undefined);')],
  ['registry-address', { 'package-lock.json': '{"resolved": "https://example.org/x.tgz"}' }, { 'package-lock.json': '{"resolved": "libs/goals"}' }],
  [
    'import-cycle',
    { 'libs/goals/src/a.ts': "import './b.js';", 'libs/goals/src/b.ts': "import type { A } from './c.js';", 'libs/goals/src/c.ts': "export { a } from './a.js';" },
    { 'libs/goals/src/a.ts': "import './b.js';\nimport './c.js';", 'libs/goals/src/b.ts': "import './c.js';", 'libs/goals/src/c.ts': '' },
  ],
  ['own-name', source("import { goals } from '@trellis/goals';"), source("import { goals } from './goals.js';")],
  ['undeclared-package', source("import { pino } from 'pino';"), { ...source("import { pino } from 'pino';"), 'libs/goals/package.json': manifest({ dependencies: { pino: '10.4.0' } }) }],
  ['undeclared-package', source("import fc from 'fast-check';"), spec("import fc from 'fast-check';")],
  ['undeclared-package', source("await import('@nestjs/common');"), source("import { join } from 'node:path';")],
  ['exact-version', { 'libs/goals/package.json': manifest({ dependencies: { pino: '^10.4.0' } }) }, { 'libs/goals/package.json': manifest({ dependencies: { pino: '10.4.0-rc.1' } }) }],
  ['exact-version', { 'libs/goals/package.json': manifest({ devDependencies: { pino: '~10.4.0' } }) }, { 'libs/goals/package.json': manifest({ engines: { node: '>=20' } }) }],
  ['exact-version', { 'package.json': JSON.stringify({ overrides: { pino: 'latest' } }) }, { 'package.json': JSON.stringify({ overrides: { pino: '10.4.0' } }) }],
  ['project-type', { 'libs/goals/package.json': manifest({ nx: { tags: ['type:service'] } }) }, { 'libs/goals/package.json': manifest({ nx: { tags: ['scope:x', 'type:kernel'] } }) }],
  ['project-spec', { 'libs/goals/src/goals.spec.ts': null }, { 'libs/goals/src/goals.spec.ts': null, 'libs/goals/src/rules/deep.spec.ts': '' }],
  ['project-scripts', { 'libs/goals/package.json': manifest({ scripts: { build: 'tsc -b', lint: 'eslint .' } }) }, {}],
  ['project-lint', { 'libs/goals/package.json': manifest({ scripts: { build: 'x', test: 'x', lint: 'eslint src' } }) }, {}],
  [
    'references',
    { ...KERNEL, 'libs/goals/package.json': manifest({ dependencies: { '@trellis/kernel': '0.1.0' } }) },
    {
      ...KERNEL,
      'libs/goals/package.json': manifest({ dependencies: { '@trellis/kernel': '0.1.0' } }),
      'libs/goals/tsconfig.json': JSON.stringify({ references: [{ path: '../kernel' }] }),
    },
  ],
  ['references', { ...KERNEL, 'libs/goals/tsconfig.json': JSON.stringify({ references: [{ path: '../kernel' }] }) }, KERNEL],
  ['references', { 'tsconfig.json': JSON.stringify({ references: [] }) }, {}],
];

it('finds nothing in a clean workspace', () => expect(rulesBrokenBy({})).toEqual([]));

describe.each(CASES)('%s', (rule, broken, twin) => {
  const name = Object.entries(broken)
    .map(([path, text]) => `${path}: ${(text ?? 'absent').split('\n', 1)[0].slice(0, 60)}`)
    .join(', ');
  it(`is found in ${name}`, () => expect(rulesBrokenBy(broken)).toEqual([rule]));
  it('is not found in its clean twin', () => expect(rulesBrokenBy(twin)).toEqual([]));
});

it('has a planted violation for every rule', async () => {
  const groups = await Promise.all(['file', 'text', 'import', 'project'].map((group) => import(`./${group}-rules.mjs`)));
  const rules = groups.flatMap((group) => Object.values(group).flat()).map(({ rule }) => rule);
  expect([...new Set(CASES.map(([rule]) => rule))].sort()).toEqual([...new Set(rules)].sort());
});

describe('the program', () => {
  const main = join(dirname(fileURLToPath(import.meta.url)), 'main.mjs');
  let folder;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tidy-'));
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    for (const [path, text] of Object.entries({ ...CLEAN, '.gitignore': 'dist\n' })) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = () => spawnSync(process.execPath, [main, folder], { encoding: 'utf8' });

  it('passes a clean folder without a word', () => expect(run()).toMatchObject({ status: 0, stdout: '', stderr: '' }));

  it('reads files that git would add, names the line and fails', () => {
    writeFileSync(join(folder, 'libs/goals/src/new.ts'), 'export const a = 1;\n// FIXME\n');
    expect(run()).toMatchObject({ status: 1, stdout: expect.stringContaining('libs/goals/src/new.ts:2  ') });
  });

  it('passes over what git ignores', () => {
    mkdirSync(join(folder, 'libs/goals/dist'));
    writeFileSync(join(folder, 'libs/goals/dist/index.ts'), '// FIXME\n');
    expect(run().status).toBe(0);
  });
});
