// An input of every cached test result: which data sets lie beside the repository. Tests that need them are skipped without them,
// and must run again once they are there.
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DATA = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..', 'shared', 'data');

console.log(existsSync(DATA) ? readdirSync(DATA).sort().join(' ') : 'no data');
