import { readFileSync } from 'node:fs';
import { place } from './testing.js';

const RUNBOOK = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
const lines = [...RUNBOOK.matchAll(/`(trellis [^`]+)`|^(trellis .+)$/gm)].map(([, inline, block]) => (inline ?? block ?? '').replaceAll('\n', ' '));
/** `parked list --json` becomes the command `parked list` and the option `--json`. */
const named = lines.map((line) => {
  const words = line.split(' ').slice(1);
  return { command: words.filter((word) => /^[a-z-]+$/.test(word) && !word.startsWith('-')), options: words.filter((word) => word.startsWith('--')) };
});

it('the runbook names commands', () => expect(named.length).toBeGreaterThan(10));

it.each(named)('the runbook names a command that there is, with its options: $command $options', async ({ command, options }) => {
  const { code, out } = await place().trellis([...command, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`Usage: trellis ${command.join(' ')}`);
  for (const option of options) expect(out).toContain(option);
});
