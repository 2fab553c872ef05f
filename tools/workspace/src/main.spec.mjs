import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.mjs', import.meta.url));
const run = (...args) => spawnSync(process.execPath, args, { encoding: 'utf8' });

it('says in one sentence which commands there are', () => {
  const { status, stderr } = run(main, 'begin');
  expect(status).toBe(1);
  expect(stderr).toBe('Unknown command begin; there are start, bench, load, simulate-faults, torture, trellis, distributed, transcripts, docs, build, lint, test, test:kurrent.\n');
});

it('says in one sentence that Node is too old', () => {
  const old = "Object.defineProperty(process.versions, 'node', { value: '18.20.0' });";
  const { status, stderr } = run('--import', `data:text/javascript,${encodeURIComponent(old)}`, main, 'start');
  expect(status).toBe(1);
  expect(stderr).toBe('Trellis needs Node 20 or newer to start; this is 18.20.0.\n');
});
