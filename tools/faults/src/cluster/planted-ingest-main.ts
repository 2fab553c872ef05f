// Ingest with a bug in it: the offset is committed before the events are appended.
import { setTimeout as sleep } from 'node:timers/promises';
import { openParts, type Consumer, type Transport } from '@trellis/engine';
import { IngestModule } from '@trellis/ingest';
import { Clock, readConfig, runMain, startService } from '@trellis/service';

/** As a slow log would make it: far longer than it takes to see the commit. */
const BETWEEN_MS = 3_000;

await runMain(async () => {
  const config = readConfig(process.env);
  const clock = new Clock();
  const { engine, transport, close } = await openParts(config, { clientId: 'planted-ingest', now: () => clock.now() });
  await startService(IngestModule.over(engine, transport === null ? null : planted(transport)), { name: 'planted-ingest', config, clock, close });
});

function planted(transport: Transport): Transport {
  const { kafka } = transport;
  return {
    ...transport,
    kafka: {
      ...kafka,
      consumer: (options) => {
        const consumer: Consumer = kafka.consumer({
          ...options,
          deliver: async (batch) => {
            const next = (batch.messages.at(-1)?.offset ?? -1n) + 1n;
            await consumer.commit(batch.topic, new Map([[batch.partition, next]]));
            await sleep(BETWEEN_MS);
            await options.deliver(batch);
          },
        });
        return consumer;
      },
    },
  };
}
