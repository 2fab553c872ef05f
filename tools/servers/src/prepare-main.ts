// Installs what real servers need, ahead of the tests that start them: a download must not count as a test's time.
import { prepareKafka } from './kafka.js';
import { preparePrometheus } from './prometheus.js';
import { prepareRedis } from './redis.js';

try {
  await prepareRedis();
  await prepareKafka();
  await preparePrometheus();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
