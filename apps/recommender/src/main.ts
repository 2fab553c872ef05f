import { openEngine } from '@trellis/engine';
import { Clock, readConfig, runMain, startService } from '@trellis/service';
import { RecommenderModule } from './recommender.module.js';

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const engine = await openEngine(config.data, { now: () => clock.now() });
  await startService(RecommenderModule.over(engine), { name: 'trellis-recommender', config, clock, close: () => engine.close() });
});
