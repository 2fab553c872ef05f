import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runSeeds, seedsFrom } from './seed-runs.js';
import { World } from './world.js';

const SEEDS = 2_000;
/** One for each of the two cores that the smallest machine has. */
const PROCESSES = 2;
/** How long it takes is no part of what is tested. */
const PATIENCE_MS = 900_000;

async function traceOf(seed: number): Promise<readonly string[]> {
  const lines: string[] = [];
  await new World(seed, { trace: (line) => void lines.push(line) }).run();
  return lines;
}

it('does the same each time with the same seed, and something else with another', async () => {
  const traces = [];
  for (const seed of [5, 5, 6]) traces.push(await traceOf(seed));
  expect(traces[0]?.length).toBeGreaterThan(100);
  expect(traces[1]).toEqual(traces[0]);
  expect(traces[2]).not.toEqual(traces[0]);
});

it('crashes, loses power, closes, fails and writes: a world in which nothing goes wrong would prove nothing', async () => {
  const { seeds, crashes, powerLosses, closes, faults, events } = await runSeeds({ next: seedsFrom(1, 40) });
  expect(seeds).toBe(40);
  for (const [happened, least] of [[crashes, 20], [powerLosses, 20], [closes, 20], [faults, 5], [events, 400]] as const) expect(happened).toBeGreaterThan(least);
}, PATIENCE_MS);

/** The built program, because under Jest the same takes twice as long. */
async function simulate(from: number, to: number): Promise<{ readonly code: number; readonly said: string }> {
  const child = spawn(process.execPath, ['--enable-source-maps', fileURLToPath(new URL('../dist/simulate-main.js', import.meta.url)), '--seeds', `${from}..${to}`]);
  const ended = new Promise<number>((resolve, fail) => {
    child.on('error', fail);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const [said, wrong, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, said: said + wrong };
}

it(`keeps every promise through crashes, losses of power and failing disks in ${SEEDS} worlds`, async () => {
  const each = SEEDS / PROCESSES;
  const ran = await Promise.all(Array.from({ length: PROCESSES }, (_, n) => simulate(n * each + 1, (n + 1) * each)));
  for (const { code, said } of ran) {
    expect(said).toMatch(new RegExp(`^${each} seeds: .*, 0 violations\n$`));
    expect(code).toBe(0);
  }
}, PATIENCE_MS);
