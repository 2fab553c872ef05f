import { openEmbedded, type Embedded } from '@trellis/embedded';
import { storeContract, viewStoreContract } from '@trellis/event-sourcing/testing';
import { Randomness } from './randomness.js';
import { Schoolwork } from './schoolwork.js';
import { SimulatedMachine } from './simulated-machine.js';

/** A store on a machine whose tasks run all the time, until it is closed. */
async function opened() {
  const machine = new SimulatedMachine(new Randomness(1));
  const running = { on: true };
  const run = async (): Promise<void> => {
    while (running.on) if (!(await machine.scheduler.step())) await new Promise(setImmediate);
  };
  const ran = run();
  const open = (): Promise<Embedded> => openEmbedded('data', { ports: machine.start('writer').ports, now: machine.clock, segmentBytes: 20_000, recentBytes: 10_000 });
  let embedded = await open();
  return {
    embedded,
    reopen: async () => {
      await embedded.close();
      embedded = await open();
      return embedded;
    },
    close: async () => {
      await embedded.close();
      running.on = false;
      await ran;
    },
  };
}

storeContract('EmbeddedStore on a simulated disk', async () => {
  const { embedded, reopen, close } = await opened();
  return { store: embedded.store, reopen: async () => (await reopen()).store, close };
});

viewStoreContract('EmbeddedViews on a simulated disk', async () => {
  const { embedded, reopen, close } = await opened();
  // Checkpoints are positions of this log; one beyond its end would be taken for another log's.
  const work = new Schoolwork(new Randomness(1));
  await embedded.store.appendObservations(Array.from({ length: 100 }, () => work.observation()));
  return { views: embedded.views, reopen: async () => (await reopen()).views, close };
});
