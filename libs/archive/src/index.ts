export { Archive } from './archive.js';
export { BatchReader } from './batch-reader.js';
export type { Values } from './batch-reader.js';
export type { ArchiveMeta, ArchiveRow, ColumnName } from './columns.js';
export { ArchiveError } from './errors.js';
export { foldArchive } from './fold-archive.js';
export type { ArchiveFolding } from './fold-archive.js';
export { writeArchive } from './write-archive.js';
export type { Archived, ArchiveFormat, ArchiveOptions } from './write-archive.js';
