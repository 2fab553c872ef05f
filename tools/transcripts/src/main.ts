// `npm run transcripts [name ...]`: runs the scripts and writes their pages.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pageOf, SCRIPTS, textOf } from './scripts.js';

const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(SCRIPTS, name));

if (unknown === undefined) {
  for (const [name, script] of Object.entries(SCRIPTS).filter(([each]) => names.length === 0 || names.includes(each))) {
    const page = pageOf(name);
    await mkdir(new URL('.', page), { recursive: true });
    await writeFile(page, textOf(await script()));
    process.stdout.write(`${fileURLToPath(page)}\n`);
  }
} else {
  process.stderr.write(`There is no script "${unknown}"; there are ${Object.keys(SCRIPTS).join(', ')}.\n`);
  process.exitCode = 1;
}
