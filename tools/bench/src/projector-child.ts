// A projector that only shares in folding: nobody leads, so that nothing else takes its time. It says how many partitions it has, and
// folds from SIGUSR2 on.
import { Module, type DynamicModule } from '@nestjs/common';
import { openParts, type Engine, type Transport } from '@trellis/engine';
import { ENGINE, GroupProjecting, TRANSPORT } from '@trellis/projector';
import { Clock, createService, readConfig } from '@trellis/service';

@Module({})
class FoldingModule {
  static over(engine: Engine, transport: Transport): DynamicModule {
    return { module: FoldingModule, providers: [GroupProjecting, { provide: ENGINE, useValue: engine }, { provide: TRANSPORT, useValue: transport }] };
  }
}

const LOOK_MS = 50;

const config = readConfig(process.env);
const { engine, transport } = await openParts(config, { clientId: 'bench-projector', now: Date.now });
if (transport === null) throw new Error('there are no brokers');
const gate = Promise.withResolvers<void>();
process.once('SIGUSR2', () => gate.resolve());
const { kafka } = transport;
const gated: Transport = {
  ...transport,
  kafka: {
    ...kafka,
    consumer: (options) =>
      kafka.consumer({
        ...options,
        deliver: async (batch) => {
          await gate.promise;
          await options.deliver(batch);
        },
      }),
  },
};
const { app } = await createService(FoldingModule.over(engine, gated), { name: 'bench-projector', config, clock: new Clock(), logTo: process.stderr });
const folding = app.get(GroupProjecting);
let said = -1;
setInterval(() => {
  const { partitions } = folding;
  if (partitions !== said) process.stdout.write(`${JSON.stringify({ partitions: (said = partitions) })}\n`);
}, LOOK_MS);
