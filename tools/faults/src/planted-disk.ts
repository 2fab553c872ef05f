// Known bugs in how the log is written, planted at the disk port.
import { posix } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Disk, EmbeddedPorts } from '@trellis/embedded';
import { passedOnDisk, passedOnFiles } from './passed-on.js';
import type { PlantedBug } from './planted-bug.js';

function onDisk(alter: (disk: Disk) => Disk): PlantedBug['alterations'] {
  return { ports: (ports: EmbeddedPorts) => ({ ...ports, disk: alter(ports.disk) }) };
}

const isSegment = (path: string): boolean => /\.log(\.new)?$/.test(path);

const BATCH_MAGIC = 0xba7c_4e0d;
const MARK_MAGIC = 0x7e11_15ed;
const MARK_BYTES = 26;
const SYNC_LATER_MS = 5;

export const PLANTED_ON_DISK: readonly PlantedBug[] = [
  {
    name: 'acknowledge before sync',
    caughtBy: ['durable', 'readers', 'restart'],
    alterations: onDisk((disk) => passedOnFiles(disk, (file, path) => (isSegment(path) ? { sync: () => Promise.resolve() } : {}))),
  },
  {
    name: 'missed directory sync',
    caughtBy: ['durable', 'readers', 'restart'],
    alterations: onDisk((disk) => passedOnDisk(disk, { syncDirectory: () => Promise.resolve() })),
  },
  {
    name: 'index ahead of the log',
    caughtBy: ['durable', 'readers', 'restart'],
    // The index is committed when the log is only on its way to the disk.
    alterations: {
      ports: (ports, { sleep }) => ({
        ...ports,
        disk: passedOnFiles(ports.disk, (file, path) => ({
          sync: () => {
            if (!isSegment(path)) return file.sync();
            const later = sleep(SYNC_LATER_MS).then(() => file.sync());
            // Nobody waits for it: that is the bug.
            later.catch(() => undefined);
            return Promise.resolve();
          },
        })),
      }),
    },
  },
  {
    name: 'a failed sync taken for a good one',
    caughtBy: ['durable', 'readers', 'restart'],
    // Deliberate: that is the bug.
    alterations: onDisk((disk) => passedOnFiles(disk, (file) => ({ sync: () => file.sync().catch(() => undefined) }))),
  },
  {
    name: 'a failed write taken for a good one',
    caughtBy: ['durable', 'readers', 'restart', 'answers'],
    // Deliberate: that is the bug.
    alterations: onDisk((disk) => passedOnFiles(disk, (file) => ({ write: (bytes, at) => file.write(bytes, at).catch(() => undefined) }))),
  },
  {
    name: 'a torn tail cut too far',
    caughtBy: ['durable', 'readers', 'restart', 'positions'],
    alterations: onDisk((disk) => passedOnFiles(disk, (file) => ({ truncate: (length) => file.truncate(Math.max(0, length - 100)) }))),
  },
  {
    name: 'a head published before the sync',
    caughtBy: ['readers', 'durable', 'restart', 'positions'],
    alterations: onDisk((disk) =>
      passedOnFiles(disk, (file, path) => ({
        write: async (bytes, at) => {
          await file.write(bytes, at);
          const mark = isSegment(path) ? markBehind(path, bytes, at) : null;
          if (mark === null) return;
          const head = await disk.open(posix.join(posix.dirname(path), 'head'), 'write');
          await head.write(mark, 0);
          await head.close();
        },
      })),
    ),
  },
];

/** What the head file would say once the batch is durable (see the embedded adapter's `durable-mark.ts`); null for what is no batch. */
function markBehind(path: string, bytes: Uint8Array, at: number): Uint8Array | null {
  const batch = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 22 || batch.getUint32(4) !== BATCH_MAGIC) return null;
  const last = batch.getUint32(18) + batch.getUint32(12) - 1;
  const mark = new Uint8Array(MARK_BYTES);
  const view = new DataView(mark.buffer);
  view.setUint32(0, MARK_MAGIC);
  view.setUint32(6, last);
  view.setUint32(12, Number.parseInt(posix.basename(path), 10));
  view.setUint32(18, at + bytes.length);
  view.setUint32(22, crc32(mark.subarray(0, 22)));
  return mark;
}
