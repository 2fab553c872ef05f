// A projector with a bug in it: rows are written after what says that they are.
import { engineOf, kurrentNamespace, openTransport } from '@trellis/engine';
import type { ViewStore } from '@trellis/event-sourcing';
import { openKurrent } from '@trellis/kurrent';
import { trellisCodec } from '@trellis/learning';
import { ProjectorModule } from '@trellis/projector';
import { openRedis } from '@trellis/redis';
import { Clock, readConfig, runMain, startService } from '@trellis/service';
import { passedOnViews } from '../passed-on.js';

/** Long enough for offsets and checkpoint to go on without them. */
const LATER_MS = 15_000;

await runMain(async () => {
  const config = readConfig(process.env);
  const { kurrentUrl = '', redisUrl = '', kafkaBrokers = '', namespace } = config;
  const kurrent = openKurrent(kurrentUrl, { namespace: kurrentNamespace(namespace) });
  const redis = await openRedis(redisUrl, { namespace });
  const engine = await engineOf({ sources: { store: kurrent.store, views: planted(redis.views), codec: trellisCodec() } });
  const transport = await openTransport({ ...config, kafkaBrokers }, { clientId: 'planted-projector' });
  const close = async (): Promise<void> => {
    await transport.close();
    await engine.close();
    await redis.close();
    await kurrent.close();
  };
  await startService(ProjectorModule.over(engine, transport), { name: 'planted-projector', config, clock: new Clock(), close });
});

function planted(views: ViewStore): ViewStore {
  return passedOnViews(views, {
    write: (view, rows, checkpoint) => {
      if (checkpoint !== undefined) return views.write(view, rows, checkpoint);
      setTimeout(() => void views.write(view, rows), LATER_MS);
      return Promise.resolve();
    },
  });
}
