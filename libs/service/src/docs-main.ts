// `npm run docs`: writes into the README what the code says.

import { readFileSync, writeFileSync } from 'node:fs';
import { withEnvironmentTable } from './environment-table.js';

const README = new URL('../../../README.md', import.meta.url);

const before = readFileSync(README, 'utf8');
const after = withEnvironmentTable(before);
if (after !== before) writeFileSync(README, after);
process.stdout.write(after === before ? 'README.md is current\n' : 'README.md: the table of variables is written anew\n');
