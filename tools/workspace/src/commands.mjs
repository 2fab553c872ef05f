// What each root script does: install what is missing, build what changed, then hand over to the workspace's own Node.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { handOver, run } from './child.mjs';
import { install, nodeOf, sentence } from './install.mjs';
import { forgetResults, report } from './summary.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

const COMMANDS = {
  start: (args) => hand('apps/standalone/dist/main.js', ['--sample', ...args], buildQuietly),
  bench: (args) => hand('tools/bench/dist/main.js', args, buildQuietly),
  load: (args) => hand('tools/load/dist/main.js', args, buildQuietly),
  'simulate-faults': (args) => hand('tools/faults/dist/simulate-main.js', args, buildQuietly),
  torture: (args) => hand('tools/faults/dist/torture-main.js', args, buildQuietly),
  // The command line is used many times in a row: it is built when it is missing, not checked every time.
  trellis: (args) => hand('apps/cli/bin/trellis.js', args, () => (existsSync(join(ROOT, 'apps/cli/dist/main.js')) ? 0 : buildQuietly())),
  distributed: (args) => hand('tools/servers/dist/distributed-main.js', args, buildQuietly),
  transcripts: (args) => hand('tools/transcripts/dist/main.js', args, buildQuietly),
  docs: (args) => hand('libs/service/dist/docs-main.js', args, buildQuietly),
  build: (args) => nx(['run-many', '-t', 'build', ...args]),
  lint: (args) => nx(['run-many', '-t', 'lint', ...args]),
  test,
  'test:kurrent': testKurrent,
};

/** Resolves to the exit code. */
export async function command(name, args) {
  const perform = COMMANDS[name];
  if (perform === undefined) throw sentence(`Unknown command ${name}; there are ${Object.keys(COMMANDS).join(', ')}.`);
  await install(ROOT);
  return perform(args);
}

async function test(args) {
  const since = Date.now();
  forgetResults(ROOT);
  const code = await nx(['run-many', '-t', 'build', 'lint', 'types', 'test', ...args]);
  const { lines, failed } = report(ROOT, since);
  if (code !== 0) console.log('\nNot green: see the failed tasks above.');
  console.log(`\n${lines.join('\n')}`);
  return code !== 0 || failed > 0 ? 1 : 0;
}

/** The contract of the KurrentDB store on a real server; `npm test` runs it on a double of the protocol. */
async function testKurrent(args) {
  if (!process.env.TRELLIS_KURRENT_URL) {
    throw sentence('Set TRELLIS_KURRENT_URL to the connection string of a KurrentDB, as in kurrentdb://user:password@host:2113?tls=true.');
  }
  const built = await buildQuietly();
  if (built !== 0) return built;
  const jest = ['--experimental-vm-modules', '--no-warnings', join(ROOT, 'node_modules/jest/bin/jest.js'), '-c', join(ROOT, 'jest.config.mjs')];
  const cases = ['--rootDir', join(ROOT, 'libs/kurrent'), 'kurrent-store', '-t', 'TRELLIS_KURRENT_URL', '--testTimeout', '120000'];
  return handOver(nodeOf(ROOT), [...jest, ...cases, ...args]);
}

/** As services are started everywhere: see `SERVICE_NODE_ARGS` of tools/servers, which is there only once it is built. */
const SEMI_SPACE = '--max-semi-space-size=16';

async function hand(script, args, build) {
  const built = await build();
  if (built !== 0) return built;
  return handOver(nodeOf(ROOT), ['--enable-source-maps', SEMI_SPACE, join(ROOT, script), ...args]);
}

/** Says nothing unless it fails. */
function buildQuietly() {
  return nx(['run-many', '-t', 'build'], { quiet: true });
}

function nx(args, { quiet = false } = {}) {
  const bin = join(ROOT, 'node_modules', '.bin');
  return run(nodeOf(ROOT), [join(bin, 'nx'), ...args], {
    cwd: ROOT,
    quiet,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      // Nx runs each task through npm, which would wrap a failure in six lines of its own.
      npm_config_loglevel: 'silent',
      ...(process.stdout.isTTY ? {} : { FORCE_COLOR: '0' }),
    },
  });
}
