// The true sum of all tests: every project's run leaves its counts in a file that Nx keeps and restores with the cached result.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { RESULT_FILE } from './jest-report.mjs';

const FOLDERS = ['libs', 'apps', 'tools'];

/** Before a run: a project whose tests cannot start must not be counted by what it left last time. */
export function forgetResults(root) {
  for (const project of testedProjects(root)) rmSync(join(root, project, RESULT_FILE), { force: true });
}

/** The lines to print, the sum alone on the last one; `since` tells fresh results from cached ones. */
export function report(root, since) {
  const rows = testedProjects(root).map((project) => ({ project, ...resultOf(join(root, project, RESULT_FILE), since) }));
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const width = Math.max(0, ...rows.map(({ project }) => project.length));
  const lines = rows.map(({ project, passed, failed, skipped, note }) => {
    const counts = [`${passed} passed`, ...(failed > 0 ? [`${failed} failed`] : []), ...(skipped > 0 ? [`${skipped} skipped`] : [])];
    return `  ${project.padEnd(width)}  ${counts.join(', ')}${note}`;
  });
  const cached = rows.filter((row) => row.cached);
  const cachedTests = cached.reduce((total, { passed, failed }) => total + passed + failed, 0);
  lines.push(`${cachedTests} of these tests, in ${cached.length} of ${rows.length} projects, had passed before and nothing they depend on has changed.`);
  lines.push(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return { lines, failed: sum('failed') };
}

function resultOf(file, since) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0, cached: false, note: ' (no result: the tests did not run)' };
  const result = JSON.parse(readFileSync(file, 'utf8'));
  const cached = result.at < since;
  return { ...result, cached, note: cached ? ' (cached)' : '' };
}

function testedProjects(root) {
  return FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((project) => {
      const manifest = join(root, project, 'package.json');
      return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
    });
}
