import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onPath } from './k6.js';

describe('k6 on PATH', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-load-k6-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the first that can be run', () => {
    const file = join(folder, 'k6');
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o644);
    expect(onPath({ PATH: `/nowhere:${folder}` })).toBeNull();
    chmodSync(file, 0o755);
    expect(onPath({ PATH: `/nowhere::${folder}` })).toBe(file);
    expect(onPath({})).toBeNull();
  });
});
