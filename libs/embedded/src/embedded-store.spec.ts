import { storeContract, viewStoreContract } from '@trellis/event-sourcing/testing';
import { openEmbedded, type EmbeddedOptions } from './open-embedded.js';
import { removeFolder, temporaryFolder } from './testing/temporary.js';

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
  return { views: opened.views, reopen: async () => (await reopen()).views, close };
});
