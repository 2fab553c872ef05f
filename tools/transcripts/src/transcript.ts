// A script's outcome: a page for teachers, and what a test holds against what it should show.

export interface Transcript<Seen = unknown> {
  /** Of its file. */
  readonly name: string;
  readonly markdown: string;
  readonly seen: Seen;
}
