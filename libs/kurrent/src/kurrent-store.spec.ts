// The contracts of the store: on the double always, on the server of TRELLIS_KURRENT_URL where `npm run test:kurrent` names one.
import { storeContract } from '@trellis/event-sourcing/testing';
import { openKurrent } from './open-kurrent.js';
import { kurrentContract, type Database } from './testing/kurrent-contract.js';
import { openKurrentDouble, type KurrentDoubleOptions } from './testing/kurrent-double.js';

const double = (options: KurrentDoubleOptions) => async (): Promise<Database> => {
  const opened = await openKurrentDouble(options);
  return { connectionString: opened.connectionString, namespace: '', close: () => opened.close() };
};

const storeOn = (openDatabase: () => Promise<Database>) => async () => {
  const { connectionString, namespace, close: closeDatabase } = await openDatabase();
  let opened = openKurrent(connectionString, { namespace });
  const reopen = async () => {
    await opened.close();
    opened = openKurrent(connectionString, { namespace });
    return opened.store;
  };
  const close = async () => {
    await opened.close();
    await closeDatabase();
  };
  return { store: opened.store, reopen, close };
};

function contracts(name: string, openDatabase: () => Promise<Database>): void {
  storeContract(name, storeOn(openDatabase), { knowsAllIds: false });
  kurrentContract(name, openDatabase);
}

contracts('KurrentStore on the protocol double', double({}));
contracts('KurrentStore on a protocol double without appends in batches or to many streams', double({ features: [] }));

const url = process.env.TRELLIS_KURRENT_URL;
if (url !== undefined && url !== '') {
  // Every case writes to streams of its own, with names that no earlier run can have used.
  const run = `trellis-test-${process.pid}-${Date.now().toString(36)}`;
  let cases = 0;
  contracts('KurrentStore on the server of TRELLIS_KURRENT_URL', () =>
    Promise.resolve({ connectionString: url, namespace: `${run}-${cases++}-`, close: () => Promise.resolve() }));
}
