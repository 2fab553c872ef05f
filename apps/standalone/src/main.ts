// `--sample` loads the sample course and class on the very first start.
import { openParts } from '@trellis/engine';
import { Clock, readConfig, runMain, startService } from '@trellis/service';
import { loadSample } from './sample.js';
import { StandaloneModule } from './standalone.module.js';
import { welcome } from './welcome.js';

const SAMPLES = new URL('../../../samples/', import.meta.url);

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const now = (): number => clock.now();
  const { engine, transport, close } = await openParts(config, { clientId: 'trellis', now });
  const sample = process.argv.includes('--sample') ? await loadSample(engine, SAMPLES, now) : null;
  const { url } = await startService(StandaloneModule.over(engine, transport), { name: 'trellis', config, clock, close });
  process.stdout.write(welcome(engine, { url, data: config.data, sample, keys: config.keys !== undefined }));
});
