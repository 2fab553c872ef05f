// The rules that neither ESLint nor Nx can see. Each takes the repository and gives the problems it finds.
import { fileRules } from './file-rules.mjs';
import { importRules } from './import-rules.mjs';
import { projectRules } from './project-rules.mjs';
import { textRules } from './text-rules.mjs';

/**
 * @param {import('./repository.mjs').Repository} repository
 * @returns {{ file: string, line?: number, rule: string, message: string }[]}
 */
export function tidy(repository) {
  return [...fileRules, ...textRules, ...importRules, ...projectRules].flatMap(({ rule, find }) =>
    find(repository).map((problem) => ({ rule, ...problem })),
  );
}
