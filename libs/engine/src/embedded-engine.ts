// The engine on one machine: the log, its index and the rows in one folder.
import { openEmbedded } from '@trellis/embedded';
import { trellisCodec } from '@trellis/learning';
import { engineOf, type Engine, type EngineOptions } from './engine.js';
import { eventNotice, Notices, openNotices } from './notices.js';

/** Throws a clear error where the folder cannot be had. */
export async function openEngine(dataDir: string, { now, calibration, readOnly = false }: EngineOptions): Promise<Engine> {
  const notices = new Notices();
  let refusal: string | null = null;
  let damage: string | null = null;
  let damaged = 0;
  const embedded = await openEmbedded(dataDir, {
    now,
    readOnly,
    report: (event) => {
      if (event.kind === 'appends-refused') refusal = event.error.message;
      if (event.kind === 'appends-resumed') refusal = null;
      if (event.kind === 'index-damaged') damage = event.error.message;
      if (event.kind === 'damage-found') damaged++;
      notices.give(eventNotice(event));
    },
  });
  const engine = await engineOf({ sources: { store: embedded.store, views: embedded.views, codec: trellisCodec() } }, calibration).catch(async (error: unknown) => {
    await embedded.close();
    throw error;
  });
  for (const notice of embedded.report === null ? [] : openNotices(embedded.report)) notices.give(notice);
  return {
    ...engine,
    opened: embedded.report,
    whyNotWritable: () => refusal ?? damage,
    hear: (listener) => notices.hear(listener),
    damagedPositions: () => damaged,
    close: async () => {
      await engine.close();
      await embedded.close();
    },
  };
}
