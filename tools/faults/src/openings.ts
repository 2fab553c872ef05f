// What openings of the store must and must not do.
import { DataFolderError, DataHeldError, openEmbedded } from '@trellis/embedded';
import { Violation } from './promises.js';
import { DIRECTORY, isDiskFault, type Session } from './session.js';

/** Throws unless something explains that the store could not be opened. */
export function openedOrNotYet(session: Session): void {
  const { failure, process, writes, wasTroubled } = session;
  if (wasTroubled && (isDiskFault(failure) || (failure instanceof DataFolderError && isDiskFault(failure.cause)))) return;
  if (!writes && failure instanceof DataFolderError && failure.message.endsWith('holds no log yet')) return;
  throw new Violation('restart', `${process.name} to open`, failure instanceof Error ? (failure.stack ?? failure.message) : String(failure));
}

/** A second process that wants to write while this one does: it must not get in. */
export async function intrude(session: Session): Promise<void> {
  const { world, random } = session;
  await session.pause(random.between(1, 200));
  if (session.signal.aborted) return;
  const intruder = world.machine.start('intruder');
  const ports = world.alterations.ports?.(intruder.ports, session.setting) ?? intruder.ports;
  const opened = await openEmbedded(DIRECTORY, { ports }).then(
    () => 'it came in',
    (error: unknown) => error,
  );
  const isHeld = opened instanceof DataHeldError && opened.pid === session.process.pid;
  if (!isHeld && !session.closing && !session.isDead) throw new Violation('writer', `a second writer to be told that process ${session.process.pid} holds the data`, String(opened));
}
