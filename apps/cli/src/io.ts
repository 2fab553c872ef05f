// The world around a command, so that a test can put its own in place.

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

export interface Io {
  /** Results only. */
  readonly stdout: Output;
  /** Progress, notes, errors. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative paths start here. */
  readonly cwd: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Given when somebody wants the command to end. */
  readonly signal: AbortSignal;
}

/** What a command has to say. */
export interface Outcome {
  /** For `--json`. */
  readonly json: object;
  /** For people: lines without a final break. */
  readonly text: string;
  /** 0 if left out. */
  readonly exitCode?: number;
}

export const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;
