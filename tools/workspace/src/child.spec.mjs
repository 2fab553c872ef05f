import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { run } from './child.mjs';

const node = (code) => [process.execPath, ['--input-type=module', '-e', code]];
const HAND_OVER = `import { handOver } from ${JSON.stringify(new URL('./child.mjs', import.meta.url).href)};\n`;

describe('a step', () => {
  it('gives its exit code', async () => expect(await run(...node('process.exit(7)'), { quiet: true })).toBe(7));

  it('rejects when there is no such program', () => expect(run('no-such-program-here', [])).rejects.toMatchObject({ code: 'ENOENT' }));
});

describe('handing over', () => {
  /** A process that hands over to a child which takes a moment to stop and counts the signals it was sent. */
  const start = async (signals) => {
    const child = `
      let count = 0;
      for (const signal of ${JSON.stringify(signals)}) process.on(signal, () => {
        if (++count === 1) setTimeout(() => { console.log('stopped after', signal, count); process.exit(3); }, 200);
      });
      setInterval(() => undefined, 1000);
      console.log('ready');`;
    const parent = spawn(...node(`${HAND_OVER}process.exit(await handOver(process.execPath, ['-e', ${JSON.stringify(child)}]));`), {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    parent.stdout.setEncoding('utf8').on('data', (text) => (said += text));
    await once(parent.stdout, 'data');
    return { parent, said: () => said };
  };

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('passes %s on, lets the child finish and keeps its exit code', async (signal) => {
    const { parent, said } = await start([signal]);
    parent.kill(signal);
    expect(await once(parent, 'close')).toEqual([3, null]);
    expect(said()).toContain(`stopped after ${signal} 1`);
  });

  it('passes a signal that comes twice in a row on once', async () => {
    const { parent, said } = await start(['SIGTERM']);
    parent.kill('SIGTERM');
    parent.kill('SIGTERM');
    await once(parent, 'close');
    expect(said()).toContain('stopped after SIGTERM 1');
  });

  it('turns a death by signal into the exit code of a shell', async () => {
    const parent = spawn(...node(`${HAND_OVER}process.exit(await handOver(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")']));`));
    expect(await once(parent, 'close')).toEqual([137, null]);
  });
});
