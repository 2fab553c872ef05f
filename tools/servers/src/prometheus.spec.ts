import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrometheus } from './prometheus.js';

const START_MS_MAX = 180_000;

const folder = mkdtempSync(join(tmpdir(), 'trellis-prometheus-spec-'));
afterAll(() => rmSync(folder, { recursive: true }));

function config(text: string): string {
  const path = join(folder, 'prometheus.yml');
  writeFileSync(path, text);
  return path;
}

it('starts one that answers queries', async () => {
  const prometheus = await startPrometheus({ config: config('global: { scrape_interval: 1s }\n') });
  try {
    const answer = await fetch(`${prometheus.address}/api/v1/query?query=1%2B1`);
    expect(await answer.json()).toMatchObject({ status: 'success', data: { result: [expect.anything(), '2'] } });
  } finally {
    await prometheus.stop();
  }
}, START_MS_MAX);

it('says why one did not start', async () => {
  await expect(startPrometheus({ config: config('global: { scrape_interval: often }\n') })).rejects.toThrow(/not a valid duration/);
}, START_MS_MAX);
