// `npm run simulate-faults`: one simulated world told step by step, or many.
import { SIMULATE_USAGE, simulateOptions } from './options.js';
import { PLANTED } from './planted.js';
import { runSeeds, SeedError, seedsFrom, totalsText } from './seed-runs.js';

// `... | head` ends the reader before us.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  process.exitCode = await simulate();
} catch (error) {
  process.stderr.write(`${error instanceof SeedError ? error.message : error instanceof Error ? `${error.message}\n\n${SIMULATE_USAGE}` : String(error)}\n`);
  process.exitCode = 1;
}

async function simulate(): Promise<number> {
  const { help, from, to, told, planted } = simulateOptions(process.argv.slice(2));
  if (help) {
    process.stdout.write(`${SIMULATE_USAGE}\n`);
    return 0;
  }
  const bug = PLANTED.find(({ name }) => name === planted);
  if (planted !== null && bug === undefined) throw new Error(`no known bug is named "${planted}"; there are\n${PLANTED.map(({ name }) => `  ${name}`).join('\n')}`);
  const totals = await runSeeds({
    next: seedsFrom(from, to),
    ...(bug === undefined ? {} : { planted: bug }),
    ...(told ? { trace: (line: string) => void process.stdout.write(`${line}\n`) } : {}),
  });
  process.stdout.write(`${totalsText(totals)}, 0 violations\n`);
  return 0;
}
