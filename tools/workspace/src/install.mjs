// Installs what package-lock.json asks for, and only when node_modules holds something else.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './child.mjs';

const MARK = join('node_modules', '.trellis-lock');

/** A fault that its message explains in full: shown without a stack. */
export function sentence(text) {
  return Object.assign(new Error(text), { sentence: text });
}

/** The Node that the project runs on, whatever Node started this script. */
export function nodeOf(root) {
  return join(root, 'node_modules', 'node', 'bin', 'node');
}

export async function install(root, { npm = npmCommand(), say = console.error } = {}) {
  if (isInstalled(root)) return;
  say('Installing packages; the first time takes about a minute ...');
  const args = [...npm.args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run(npm.file, args, { cwd: root, quiet: true }).catch((error) => {
    if (error.code === 'ENOENT') throw sentence('npm was not found: install it beside Node and try again.');
    throw error;
  });
  if (code !== 0) throw sentence(`npm ci failed with exit code ${code}; its message stands above. Mend that and run the same command again.`);
  if (!existsSync(nodeOf(root))) {
    throw sentence('npm ci left no node_modules/node/bin/node: allow install scripts (npm config: ignore-scripts=false) and run npm ci again.');
  }
  writeFileSync(join(root, MARK), hashOf(join(root, 'package-lock.json')));
}

/** npm tells its scripts where it is; without npm around, the one on the path has to do. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli !== undefined && existsSync(cli) ? { file: process.execPath, args: [cli] } : { file: 'npm', args: [] };
}

/**
 * npm records what it has put into node_modules in a hidden lockfile, which it writes last: an install that was cut off leaves
 * none. Comparing it with package-lock.json is true after a plain `npm install` too. Our own mark beside it covers versions of npm
 * whose record differs from what they were asked for; `npm ci` removes it with the rest of node_modules.
 */
function isInstalled(root) {
  if (!existsSync(nodeOf(root))) return false;
  const lock = join(root, 'package-lock.json');
  if (!existsSync(lock)) throw sentence('package-lock.json is missing: restore it from git.');
  const mark = join(root, MARK);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hashOf(lock)) return true;
  const record = join(root, 'node_modules', '.package-lock.json');
  return existsSync(record) && holds(readPackages(record), readPackages(lock));
}

/** Whether `present` has all that is `wanted`; what is only for other platforms may be absent. */
export function holds(present, wanted) {
  return Object.entries(wanted).every(([path, entry]) => {
    const found = present[path];
    if (found === undefined) return path === '' || Boolean(entry.optional || entry.devOptional || entry.extraneous || entry.os || entry.cpu);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function readPackages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

function hashOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
