import { storeContract, viewStoreContract } from '@trellis/event-sourcing/testing';
import { openEmbedded, type EmbeddedOptions } from './open-embedded.js';
import { removeFolder, temporaryFolder } from './testing/temporary.js';
import { ana, eventOf } from './testing/written-log.js';

const open = (options: EmbeddedOptions) => async () => {
  const directory = await temporaryFolder();
  let opened = await openEmbedded(directory, options);
  const reopen = async () => {
    await opened.close();
    opened = await openEmbedded(directory, options);
    return opened;
  };
  const close = async () => {
    await opened.close();
    await removeFolder(directory);
  };
  return { opened, reopen, close };
};

const store = (options: EmbeddedOptions) => async () => {
  const { opened, reopen, close } = await open(options)();
  return { store: opened.store, reopen: async () => (await reopen()).store, close };
};

storeContract('EmbeddedStore', store({}));
storeContract('EmbeddedStore with tiny segments and nothing kept in memory', store({ segmentBytes: 4_096, recentBytes: 1 }));
viewStoreContract('EmbeddedViews', async () => {
  const { opened, reopen, close } = await open({})();
  // Checkpoints are positions of this log; one beyond its end would be taken for another log's.
  await opened.store.appendObservations(Array.from({ length: 100 }, (_, n) => ({ stream: ana, event: eventOf(n) })));
  return { views: opened.views, reopen: async () => (await reopen()).views, close };
});
