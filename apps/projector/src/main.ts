import { openParts } from '@trellis/engine';
import { Clock, readConfig, runMain, StartError, startService } from '@trellis/service';
import { ProjectorModule } from './projector.module.js';

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const name = 'trellis-projector';
  if (config.store === 'kurrent' && config.kafkaBrokers === undefined) throw new StartError('TRELLIS_KAFKA_BROKERS is missing: projectors share their work through Kafka. Set it to host:port,host:port.');
  const { engine, transport, close } = await openParts(config, { clientId: name, now: () => clock.now() });
  await startService(ProjectorModule.over(engine, transport), { name, config, clock, close });
});
