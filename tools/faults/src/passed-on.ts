// Ports that pass everything on, so that what stands in for one says only where it differs.
import type { Disk, DiskFile, KeyValue } from '@trellis/embedded';
import type { EventStore, ViewStore } from '@trellis/event-sourcing';

export function passedOnStore(store: EventStore, but: Partial<EventStore>): EventStore {
  return {
    append: (stream, events, expected) => store.append(stream, events, expected),
    appendObservations: (batch) => store.appendObservations(batch),
    read: (stream, range) => store.read(stream, range),
    readAll: (range) => store.readAll(range),
    follow: (options) => store.follow(options),
    find: (stream, id) => store.find(stream, id),
    head: () => store.head(),
    lag: (after) => store.lag(after),
    close: () => store.close(),
    ...but,
  };
}

export function passedOnViews(views: ViewStore, but: Partial<ViewStore>): ViewStore {
  return {
    read: (view, keys) => views.read(view, keys),
    scan: (view, prefix) => views.scan(view, prefix),
    write: (view, rows, checkpoint) => views.write(view, rows, checkpoint),
    checkpoint: (view) => views.checkpoint(view),
    moveCheckpoint: (view, from, to) => views.moveCheckpoint(view, from, to),
    incarnation: () => views.incarnation(),
    count: (view) => views.count(view),
    liveGeneration: (name) => views.liveGeneration(name),
    nextGeneration: (name) => views.nextGeneration(name),
    activate: (name, generation) => views.activate(name, generation),
    drop: (view) => views.drop(view),
    close: () => views.close(),
    ...but,
  };
}

export function passedOnKeyValue(keyValue: KeyValue, but: Partial<KeyValue>): KeyValue {
  return {
    peek: (key) => keyValue.peek(key),
    get: (key) => keyValue.get(key),
    range: (bounds) => keyValue.range(bounds),
    count: (from, before) => keyValue.count(from, before),
    lastIn: (from, to) => keyValue.lastIn(from, to),
    commit: (fill) => keyValue.commit(fill),
    clear: () => keyValue.clear(),
    close: () => keyValue.close(),
    ...but,
  };
}

export function passedOnDisk(disk: Disk, but: Partial<Disk>): Disk {
  return {
    makeDirectory: (path) => disk.makeDirectory(path),
    list: (path) => disk.list(path),
    open: (path, mode) => disk.open(path, mode),
    rename: (from, to) => disk.rename(from, to),
    remove: (path) => disk.remove(path),
    syncDirectory: (path) => disk.syncDirectory(path),
    ...but,
  };
}

/** `but` is asked for each file that is opened. */
export function passedOnFiles(disk: Disk, but: (file: DiskFile, path: string) => Partial<DiskFile>): Disk {
  return passedOnDisk(disk, {
    open: async (path, mode) => {
      const file = await disk.open(path, mode);
      return {
        read: (into, at) => file.read(into, at),
        write: (bytes, at) => file.write(bytes, at),
        sync: () => file.sync(),
        truncate: (length) => file.truncate(length),
        size: () => file.size(),
        close: () => file.close(),
        ...but(file, path),
      };
    },
  });
}
