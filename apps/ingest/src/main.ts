import { openEngine } from '@trellis/engine';
import { Clock, readConfig, runMain, startService } from '@trellis/service';
import { IngestModule } from './ingest.module.js';

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const engine = await openEngine(config.data, { now: () => clock.now() });
  await startService(IngestModule.over(engine), { name: 'trellis-ingest', config, clock, close: () => engine.close() });
});
