// `node tools/tidy/src/main.mjs [folder]`: prints what is not tidy, one line each, and fails if there is anything.
import { resolve } from 'node:path';
import { load } from './repository.mjs';
import { tidy } from './tidy.mjs';

const root = resolve(process.argv[2] ?? '.');
const problems = tidy(load(root));
for (const { file, line, rule, message } of problems) {
  console.log(`${file}${line === undefined ? '' : `:${line}`}  ${message}  (${rule})`);
}
if (problems.length > 0) {
  console.log(`\ntidy: ${problems.length} problems`);
  process.exitCode = 1;
}
