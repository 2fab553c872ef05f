import { openEngine } from '@trellis/engine';
import { Clock, readConfig, runMain, startService } from '@trellis/service';
import { ProjectorModule } from './projector.module.js';

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const engine = await openEngine(config.data, { now: () => clock.now() });
  await startService(ProjectorModule.over(engine), { name: 'trellis-projector', config, clock, close: () => engine.close() });
});
