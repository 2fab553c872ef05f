// The real disk, with what happens to the files of the log counted, held up or made to fail.
import { nodeDisk, type Disk, type DiskFile } from '../disk.js';

export class FaultyDisk {
  writes = 0;
  syncs = 0;
  /** Writes fail with it. */
  writeFault: Error | null = null;
  /** Syncs fail with it. */
  syncFault: Error | null = null;
  /** Syncs wait for it. */
  hold: Promise<void> = Promise.resolve();

  readonly disk: Disk = {
    ...nodeDisk,
    open: async (path, mode) => {
      const file = await nodeDisk.open(path, mode);
      return mode === 'read' || path.endsWith('head') ? file : this.watched(file);
    },
  };

  private watched(file: DiskFile): DiskFile {
    return {
      read: (into, at) => file.read(into, at),
      write: (bytes, at) => {
        this.writes++;
        return this.writeFault === null ? file.write(bytes, at) : Promise.reject(this.writeFault);
      },
      sync: async () => {
        this.syncs++;
        await this.hold;
        if (this.syncFault !== null) throw this.syncFault;
        await file.sync();
      },
      truncate: (length) => file.truncate(length),
      size: () => file.size(),
      close: () => file.close(),
    };
  }
}
