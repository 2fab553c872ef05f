// What backup and restore say: how far they are in bytes, what they took, and how it ends when somebody breaks it off.
import { EXIT, type Io, type Outcome } from './io.js';
import { counted, Progress } from './progress.js';

const MEGABYTE = 1_000_000;

export class BytesProgress {
  private doneBytes = 0;
  private ofBytes = 0;
  private readonly progress: Progress;

  constructor({ stderr }: Io) {
    this.progress = new Progress(stderr, 'MB', () => ({
      count: Math.floor(this.doneBytes / MEGABYTE),
      share: this.ofBytes === 0 ? null : Math.min(1, this.doneBytes / this.ofBytes),
    }));
  }

  readonly watch = (doneBytes: number, ofBytes: number): void => {
    this.doneBytes = doneBytes;
    this.ofBytes = ofBytes;
  };

  end(): void {
    this.progress.end();
  }
}

/** 1234567 as 1.2 MB. */
export function megabytes(bytes: number): string {
  const value = bytes / MEGABYTE;
  return `${value < 100 ? value.toFixed(1) : counted(Math.round(value))} MB`;
}

export function segmentsText(segments: number): string {
  return `${counted(segments)} segment${segments === 1 ? '' : 's'}`;
}

/** The outcome after Ctrl-C; any other error goes on. */
export function interrupted(error: unknown, { signal, stderr }: Io, state: string): Outcome {
  if (!signal.aborted) throw error;
  stderr.write(`trellis: interrupted; ${state}\n`);
  return { json: { interrupted: true }, text: 'interrupted', exitCode: EXIT.interrupted };
}
