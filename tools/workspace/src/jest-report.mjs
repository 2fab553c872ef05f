// A Jest reporter that leaves the counts of one project in a file. Nx keeps the file with the cached result, so that the sum over
// the workspace is true however many projects did not have to run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const RESULT_FILE = join('.results', 'tests.json');

export default class JestReport {
  #file;

  constructor(globalConfig) {
    this.#file = join(globalConfig.rootDir, RESULT_FILE);
  }

  onRunComplete(_contexts, results) {
    mkdirSync(join(this.#file, '..'), { recursive: true });
    writeFileSync(this.#file, `${JSON.stringify(counts(results, Date.now()), null, 2)}\n`);
  }
}

/** A file of tests that could not even start is a failure too: it hides as many tests as it holds. */
export function counts(results, at) {
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests,
    at,
  };
}
