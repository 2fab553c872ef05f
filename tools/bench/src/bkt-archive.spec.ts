import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Archive, writeArchive } from '@trellis/archive';
import { known, MemoryStore } from '@trellis/event-sourcing';
import { trellisCodec, type AnswerData } from '@trellis/learning';
import { DEFAULT_CALIBRATION, traceUnknown } from '@trellis/mastery';
import { BktArchive } from './bkt-archive.js';
import { observations } from './embedded-log.js';

it('folds of a file what is folded of the events themselves', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-bkt-'));
  const codec = trellisCodec();
  const store = new MemoryStore(Date.now);
  await store.appendObservations([...observations({ events: 400, learners: 7 })]);
  const path = join(folder, 'log.arrow');
  await writeArchive({ store, codec }, path, { format: 'arrow', signal: new AbortController().signal });
  const archive = Archive.open(path);
  const folded = new BktArchive(archive);
  folded.fold();
  folded.fold();
  const [learners, skills] = [archive.words('learner'), archive.words('skills')];
  archive.close();
  rmSync(folder, { recursive: true });

  const expected = new Float64Array(learners.length * skills.length).fill(1 - DEFAULT_CALIBRATION.bkt.prior);
  for await (const page of store.readAll()) {
    for (const { stream, data } of known(codec, page)) {
      const { skills: of, score } = data as AnswerData;
      for (const skill of of) {
        const at = learners.indexOf(stream.slice('learner-default.'.length)) * skills.length + skills.indexOf(skill);
        expected[at] = traceUnknown(expected[at] ?? NaN, score ?? NaN, DEFAULT_CALIBRATION.bkt);
      }
    }
  }
  expect([learners.length, folded.unknown]).toEqual([7, expected]);
});
