import { openParts } from '@trellis/engine';
import { Clock, readConfig, runMain, startService } from '@trellis/service';
import { IngestModule } from './ingest.module.js';

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const name = 'trellis-ingest';
  const { engine, transport, close } = await openParts(config, { clientId: name, now: () => clock.now() });
  await startService(IngestModule.over(engine, transport), { name, config, clock, close });
});
