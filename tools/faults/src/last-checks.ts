// What is checked of a store as a whole: that it holds all that was told, goes on once faults have ended, and is heard of.
import { audit, owed, type Owed } from './audit.js';
import { collect } from './collect.js';
import { Violation } from './promises.js';
import { numberOf } from './reference-log.js';
import type { Session } from './session.js';

/** How long whatever was refused, or not heard of yet, is waited for. */
const APPEND_TRIES_MAX = 60;
const RETRY_MS = 1_000;
const HEARING_TRIES_MAX = 100;
const POLL_MS = 25;

/** Reads all of the log, and compares it with everything that was sent, acknowledged and shown before. */
export async function auditAll(session: Session, before?: Owed): Promise<void> {
  const { log, ledger, claims } = session.world;
  const due = before ?? owed(log);
  const records = await collect(session.store('the audit').readAll());
  audit({ log, ledger }, records, due);
  claims.check(records);
}

/** `patient`: the disk was not well a moment ago, and the store may need a while to find out that it is well again. */
export async function appendAtLast(session: Session, { patient }: { readonly patient: boolean }): Promise<void> {
  const { work, log } = session.world;
  const stream = session.random.pick(work.streams);
  const following = listen(session);
  for (let tries = patient ? APPEND_TRIES_MAX : 1; ; tries--) {
    try {
      await session.store('the last writer').append(stream, [work.event(stream)], 'any');
      break;
    } catch (error) {
      if (error instanceof Violation) throw error;
      if (tries <= 1) throw new Violation('restart', 'appends to go on once faults have ended, without a restart', String(error));
      await session.pause(RETRY_MS);
    }
  }
  await heard(session, 'a follower', log.acknowledged, () => following.position);
  following.stop.abort();
}

/** The process beside the writer comes to know of everything too. */
export async function hearAll(reader: Session): Promise<void> {
  while (reader.isOpening) await reader.pause(1);
  if (reader.embedded === null) return;
  const store = reader.store('the last reader');
  const { acknowledged } = reader.world.log;
  let head = 0;
  await heard(reader, reader.process.name, acknowledged, async () => (head = numberOf(await store.head())));
  await auditAll(reader, { told: head, toldBy: 'its head' });
}

async function heard(session: Session, who: string, last: number, where: () => number | Promise<number>): Promise<void> {
  for (let tries = HEARING_TRIES_MAX; ; tries--) {
    const position = await where();
    if (position >= last) return;
    if (tries === 0) throw new Violation('follow', `${who} to hear of position ${last}`, `it at ${position}`);
    await session.pause(POLL_MS);
  }
}

function listen(session: Session): { position: number; readonly stop: AbortController } {
  const following = { position: 0, stop: new AbortController() };
  const follow = async (): Promise<void> => {
    const pages = session.store('the last follower').follow({ after: null, signal: following.stop.signal });
    for await (const { position } of pages) following.position = numberOf(position);
  };
  session.start(follow());
  return following;
}
