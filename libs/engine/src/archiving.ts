// The log of learners as a file of columns, and rows folded from one. What reads and writes the files is loaded when somebody wants it:
// no service does.
import type { Archived, ArchiveFolding, ArchiveOptions, Archive } from '@trellis/archive';
import type { FoldedRows } from '@trellis/event-sourcing';
import type { LearnerState } from '@trellis/views';
import type { Engine } from './engine.js';

export type { Archive, Archived };

export async function exportLog({ sources, recommender }: Engine, path: string, options: Omit<ArchiveOptions, 'arrange'>): Promise<Archived> {
  const { writeArchive } = await import('@trellis/archive');
  return writeArchive(sources, path, { ...options, arrange: recommender.learners.arrange });
}

/** Throws a sentence about the file if it is no Arrow file that this program wrote. Whoever opened it closes it. */
export async function openArchive(path: string): Promise<Archive> {
  const { Archive: Opened } = await import('@trellis/archive');
  return Opened.open(path);
}

/** The rows of learners as `foldRanges` makes them of the log, by the calibrations in force now. */
export async function* foldedArchive({ sources, recommender }: Engine, archive: Archive, folding: ArchiveFolding): AsyncGenerator<FoldedRows<LearnerState>> {
  const { foldArchive } = await import('@trellis/archive');
  yield* foldArchive(archive, sources.codec, recommender.learners, folding);
}
