import { openConfigured } from '@trellis/engine';
import { Clock, readConfig, runMain, startService } from '@trellis/service';
import { RecommenderModule } from './recommender.module.js';

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const name = 'trellis-recommender';
  const engine = await openConfigured(config, { now: () => clock.now() });
  await startService(RecommenderModule.over(engine), { name, config, clock, close: () => engine.close() });
});
