// Plants violations of the boundary laws in a workspace of its own, with this workspace's configuration, and lints it through nx.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const CONFIGURATION = ['eslint.config.mjs', 'nx.json', 'package.json', 'package-lock.json', 'tsconfig.base.json', 'tsconfig.specs.json'];
const LINT_MS_MAX = 120_000;
const BOUNDARY = '@nx/enforce-module-boundaries';

const PROJECTS = [
  { folder: 'libs/event-sourcing', type: 'kernel' },
  { folder: 'libs/learning', type: 'domain' },
  { folder: 'libs/mastery', type: 'domain' },
  { folder: 'libs/service', type: 'platform' },
  { folder: 'libs/redis', type: 'adapter' },
  { folder: 'libs/embedded', type: 'adapter' },
  { folder: 'libs/engine', type: 'wiring' },
  { folder: 'apps/ingest', type: 'app' },
  { folder: 'apps/projector', type: 'app' },
  { folder: 'apps/standalone', type: 'composition' },
  { folder: 'tools/bench', type: 'tool' },
];

const using = (name) => `import { it } from '@trellis/${name}';\nexport const planted = it;\n`;

// What may not be: the file, its text, the rule that must report it.
const PLANTED = [
  ['libs/mastery/src/platform.ts', using('service'), BOUNDARY],
  ['libs/mastery/src/npm-package.ts', "import fc from 'fast-check';\nexport const planted = fc;\n", BOUNDARY],
  ['libs/mastery/src/npm-package-later.ts', "export const planted = () => import('pino');\n", BOUNDARY],
  ['libs/mastery/src/clock.ts', 'export const planted = () => Date.now();\n', 'no-restricted-globals'],
  ['libs/mastery/src/date.ts', 'export const planted = () => new Date();\n', 'no-restricted-globals'],
  ['libs/mastery/src/random.ts', 'export const planted = () => Math.random();\n', 'no-restricted-properties'],
  ['libs/mastery/src/files.ts', "import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n", 'no-restricted-imports'],
  ['libs/mastery/src/files-later.ts', "export const planted = () => import('fs');\n", 'no-restricted-syntax'],
  ['libs/mastery/src/environment.ts', 'export const planted = process.env;\n', 'no-restricted-globals'],
  ['libs/mastery/src/platform.spec.ts', using('service'), BOUNDARY],
  ['libs/embedded/src/adapter.ts', using('redis'), BOUNDARY],
  ['libs/embedded/src/vendor.ts', "import { Kafka } from 'kafkajs';\nexport const planted = Kafka;\n", 'no-restricted-imports'],
  ['libs/embedded/src/nest.ts', "import { Module } from '@nestjs/common';\nexport const planted = Module;\n", 'no-restricted-imports'],
  ['libs/service/src/domain.ts', using('learning'), BOUNDARY],
  ['libs/engine/src/platform.ts', using('service'), BOUNDARY],
  ['apps/projector/src/app.ts', using('ingest'), BOUNDARY],
  ['apps/projector/src/adapter.ts', using('embedded'), BOUNDARY],
  ['apps/projector/src/relative.ts', "import { it } from '../../../libs/learning/src/index.js';\nexport const planted = it;\n", BOUNDARY],
  ['apps/projector/src/vendor.ts', "import { open } from 'lmdb';\nexport const planted = open;\n", 'no-restricted-imports'],
  ['apps/standalone/src/tool.ts', using('bench'), BOUNDARY],
];

// What may be, and must not be reported.
const CLEAN = [
  ['libs/learning/src/kernel.ts', using('event-sourcing')],
  ['libs/learning/src/laws.spec.ts', "import fc from 'fast-check';\nit('holds', () => expect([fc, new Date()]).toHaveLength(2));\n"],
  ['libs/embedded/src/store.ts', "import { open } from 'lmdb';\nimport { readFileSync } from 'node:fs';\nexport const store = [open, readFileSync];\n"],
  ['libs/embedded/src/domain.ts', using('learning')],
  ['libs/service/src/nest.ts', "import { Module } from '@nestjs/common';\nexport const nest = Module;\n"],
  ['libs/engine/src/adapter.ts', using('embedded')],
  ['apps/projector/src/wiring.ts', using('engine')],
  ['apps/standalone/src/app.ts', using('ingest')],
  ['tools/bench/src/domain.ts', using('learning')],
];

let folder;
let outcome;
let found;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'boundaries-')));
  linkPackages();
  for (const file of CONFIGURATION) copyFileSync(join(ROOT, file), join(folder, file));
  for (const project of PROJECTS) lay(project);
  for (const [path, text] of [...PLANTED, ...CLEAN]) writeFileSync(join(folder, path), text);
  outcome = lint();
  found = new Map(PROJECTS.flatMap((project) => messagesOf(project)));
}, LINT_MS_MAX);

afterAll(() => rmSync(folder, { recursive: true }));

it('lets the lint of the whole workspace fail', () => expect(outcome.status).toBe(1));

it.each(PLANTED)('reports %s', (path, _text, rule) => expect(found.get(path)).toContain(rule));

it.each(CLEAN)('lets %s pass', (path) => expect(found.get(path)).toEqual([]));

/** The packages of this workspace, but its own projects in their place. */
function linkPackages() {
  const packages = join(ROOT, 'node_modules');
  mkdirSync(join(folder, 'node_modules', '@trellis'), { recursive: true });
  for (const name of readdirSync(packages).filter((entry) => entry !== '@trellis')) symlinkSync(join(packages, name), join(folder, 'node_modules', name));
  for (const { folder: project } of PROJECTS) symlinkSync(join(folder, project), join(folder, 'node_modules', '@trellis', basename(project)));
}

function lay({ folder: project, type }) {
  const name = basename(project);
  const target = join(folder, project);
  mkdirSync(join(target, 'src'), { recursive: true });
  const manifest = {
    name: `@trellis/${name}`,
    version: '0.1.0',
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    scripts: { lint: 'eslint . --format json --output-file lint.json' },
    nx: { tags: [`type:${type}`] },
  };
  writeFileSync(join(target, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(target, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.base.json', include: ['src'], exclude: ['src/**/*.spec.ts'] }));
  writeFileSync(join(target, 'src', 'index.ts'), `export const it = '${name}';\n`);
}

/** Without the variables of the Nx that runs this very test. */
function lint() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NX_')));
  return spawnSync(process.execPath, [join(ROOT, 'node_modules', '.bin', 'nx'), 'run-many', '-t', 'lint'], {
    cwd: folder,
    env: { ...env, PATH: `${join(ROOT, 'node_modules', '.bin')}:${env.PATH}`, npm_config_loglevel: 'silent' },
    encoding: 'utf8',
  });
}

function messagesOf({ folder: project }) {
  const results = JSON.parse(readFileSync(join(folder, project, 'lint.json'), 'utf8'));
  return results.map(({ filePath, messages }) => [filePath.slice(folder.length + 1), messages.map(({ ruleId, message }) => ruleId ?? message)]);
}
