// One at a time for each key in this process. Nothing rests on it but time: who reads, decides and appends while another does the same
// loses the race, and does everything again.
/** More than these do not wait: they race. */
const WAITING_MAX = 256;

interface Line {
  /** Never rejects. */
  last: Promise<unknown>;
  count: number;
}

export class Turns {
  private readonly lines = new Map<string, Line>();

  /** Works once all that came before it under this key are done, however they ended. */
  take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const line = this.lines.get(key);
    if (line !== undefined && line.count >= WAITING_MAX) return work();
    return line === undefined ? this.first(key, work) : this.next(key, line, work);
  }

  private first<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const line: Line = { last: Promise.resolve(), count: 0 };
    this.lines.set(key, line);
    return this.next(key, line, work);
  }

  private next<Result>(key: string, line: Line, work: () => Promise<Result>): Promise<Result> {
    const leave = (): void => {
      if (--line.count === 0) this.lines.delete(key);
    };
    line.count++;
    const done = line.last.then(work);
    line.last = done.then(leave, leave);
    return done;
  }
}
