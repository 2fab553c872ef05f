import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { kafkaAnswers } from './kafka-answers.js';
import { startKafka } from './kafka.js';
import type { RunningServer } from './running-server.js';

const START_MS_MAX = 180_000;

const portOf = ({ address }: RunningServer): number => Number(address.split(':')[1]);
/** The last argument of the process is its configuration. */
const folderOf = ({ pid }: RunningServer): string => dirname(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter((part) => part !== '').at(-1) ?? '');

it('starts, is killed, comes again, and leaves nothing behind', async () => {
  const kafka = await startKafka({ own: true });
  try {
    expect(await kafkaAnswers(portOf(kafka))).toBe(true);
    const { pid } = kafka;
    // A container has no process here.
    const folder = pid === null ? null : folderOf(kafka);
    await kafka.kill();
    expect(await kafkaAnswers(portOf(kafka))).toBe(false);
    await kafka.start();
    expect(await kafkaAnswers(portOf(kafka))).toBe(true);
    expect(kafka.pid === null || kafka.pid !== pid).toBe(true);
    await kafka.stop();
    expect(folder === null || !existsSync(folder)).toBe(true);
  } finally {
    await kafka.stop();
  }
}, START_MS_MAX);

it('says why one did not start', async () => {
  await expect(startKafka({ own: true, settings: { 'num.io.threads': 'many' } })).rejects.toThrow(/num\.io\.threads/);
}, START_MS_MAX);
