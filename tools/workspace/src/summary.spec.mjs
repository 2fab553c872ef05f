import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import JestReport, { counts, RESULT_FILE } from './jest-report.mjs';
import { forgetResults, report } from './summary.mjs';

const SINCE = 1_000;

let root;
const write = (path, value) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(value));
};
const project = (folder, result) => {
  write(`${folder}/package.json`, { scripts: { test: 'jest' } });
  if (result !== undefined) write(join(folder, RESULT_FILE), { passed: 0, failed: 0, skipped: 0, at: SINCE, ...result });
};
const lastLine = () => report(root, SINCE).lines.at(-1);

beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'summary-'))));
afterEach(() => rmSync(root, { recursive: true }));

describe('the sum of all tests', () => {
  it('adds up every project', () => {
    project('libs/a', { passed: 3, skipped: 1 });
    project('apps/b', { passed: 4, failed: 2 });
    expect(lastLine()).toBe('7 passed, 2 failed, 1 skipped');
    expect(report(root, SINCE).failed).toBe(2);
  });

  it('counts cached results and says how many they are', () => {
    project('libs/a', { passed: 3, at: SINCE - 1 });
    project('libs/b', { passed: 4 });
    const { lines } = report(root, SINCE);
    expect(lines).toEqual([
      '  libs/a  3 passed (cached)',
      '  libs/b  4 passed',
      '3 of these tests, in 1 of 2 projects, had passed before and nothing they depend on has changed.',
      '7 passed, 0 failed, 0 skipped',
    ]);
  });

  it('counts a project that left no result as a failure', () => {
    project('libs/a');
    expect(lastLine()).toBe('0 passed, 1 failed, 0 skipped');
  });

  it('passes over what has no tests', () => {
    write('libs/a/package.json', {});
    mkdirSync(join(root, 'tools/empty'), { recursive: true });
    expect(lastLine()).toBe('0 passed, 0 failed, 0 skipped');
  });

  it('does not count what an earlier run left', () => {
    project('libs/a', { passed: 3 });
    forgetResults(root);
    expect(existsSync(join(root, 'libs/a', RESULT_FILE))).toBe(false);
  });
});

describe('the report of one project', () => {
  const results = { numPassedTests: 5, numFailedTests: 1, numRuntimeErrorTestSuites: 1, numPendingTests: 2, numTodoTests: 1 };

  it('counts a file that could not start as a failure', () => expect(counts(results, SINCE)).toEqual({ passed: 5, failed: 2, skipped: 3, at: SINCE }));

  it('is written into the folder of the project', () => {
    project('libs/a');
    new JestReport({ rootDir: join(root, 'libs/a') }).onRunComplete(new Set(), results);
    expect(lastLine()).toBe('5 passed, 2 failed, 3 skipped');
  });
});
