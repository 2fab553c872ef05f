import { COUNTED_MS, WORK_OVERLOADED_MS, WORKED_FOR_MAX, WORKED_FOR_MIN } from './limits.js';
import { Line, type Visit } from './line.js';

const MAX = WORKED_FOR_MAX.write;

interface Server {
  /** What each takes where nobody else is there. */
  readonly aloneMs: number;
  /** How many it answers in a second at most, one after the other. */
  readonly perSecond: number;
}

/** A line that is never empty, in front of such a server, millisecond for millisecond. */
class Simulated {
  readonly line = new Line(MAX);
  private readonly inside: { readonly visit: Visit; readonly from: number }[] = [];
  private now = 0;
  private credit = 0;

  constructor(private server: Server) {}

  becomes(server: Server): void {
    this.server = server;
  }

  /** One after the other, each by itself. */
  quiet(requests: number): void {
    for (let n = 0; n < requests; n++) {
      const visit = newVisit();
      this.line.begin(visit, this.now);
      this.now += this.server.aloneMs;
      this.line.end(visit, this.now);
    }
  }

  /** Everybody comes. How long those took who left in the second half. */
  crowd(ms: number): readonly number[] {
    const took: number[] = [];
    const waiting = newVisit();
    this.line.add(waiting);
    for (let passed = 0; passed < ms; passed++) {
      this.now += 1;
      this.line.crowded(this.now);
      this.credit = Math.min(2, this.credit + this.server.perSecond / 1_000);
      for (; this.credit >= 1 && this.mayLeave(); this.credit -= 1) {
        const { visit, from } = this.inside.shift() as { visit: Visit; from: number };
        this.line.end(visit, this.now);
        if (passed >= ms / 2) took.push(this.now - from);
      }
      while (this.line.places > 0) {
        const visit = newVisit();
        this.line.begin(visit, this.now);
        this.inside.push({ visit, from: this.now });
      }
    }
    this.line.remove(waiting);
    return took;
  }

  private mayLeave(): boolean {
    const [first] = this.inside;
    return first !== undefined && this.now - first.from >= this.server.aloneMs;
  }
}

function newVisit(): Visit {
  return { since: 0, bodyBytes: 0, decided: () => undefined, place: 'out', aloneSince: null };
}

const FAST: Server = { aloneMs: 3, perSecond: 900 };
const SLOW: Server = { aloneMs: 7, perSecond: 200 };
/** Far away, and not busy at all. */
const FAR: Server = { aloneMs: 100, perSecond: 1_000 };

describe('in a crowd that stays', () => {
  it.each([['slow', SLOW], ['fast', FAST]])('each is answered in time by a %s server', (_, server) => {
    const simulated = new Simulated(server);
    simulated.quiet(10);
    const took = simulated.crowd(4_000);
    expect(Math.max(...took)).toBeLessThan(1.3 * WORK_OVERLOADED_MS);
    // None of what it could do is wasted.
    expect(took.length).toBeGreaterThan(0.98 * 2 * server.perSecond);
  });

  it('as many are worked for as ever where a server is only far away', () => {
    const simulated = new Simulated(FAR);
    simulated.quiet(10);
    const took = simulated.crowd(4_000);
    expect(Math.max(...took)).toBe(FAR.aloneMs);
    expect(simulated.line.places + simulated.line.working).toBe(MAX);
  });

  it('a server that becomes slow and recovers has what it can answer', () => {
    const simulated = new Simulated(FAST);
    simulated.quiet(10);
    simulated.crowd(1_000);
    simulated.becomes(SLOW);
    expect(Math.max(...simulated.crowd(4_000))).toBeLessThan(1.3 * WORK_OVERLOADED_MS);
    simulated.becomes(FAST);
    expect(simulated.crowd(4_000).length).toBeGreaterThan(0.95 * 2 * FAST.perSecond);
  });

  it('a few are always worked for', () => {
    const simulated = new Simulated({ aloneMs: 3, perSecond: 20 });
    simulated.quiet(10);
    simulated.crowd(4_000);
    expect(simulated.line.working).toBe(WORKED_FOR_MIN);
  });
});

describe('as many as ever are worked for', () => {
  it('where nobody knows yet what one takes by itself', () => {
    const simulated = new Simulated(SLOW);
    simulated.crowd(2_000);
    expect(simulated.line.working).toBe(MAX);
  });

  it('where there are fewer requests than could be answered', () => {
    const simulated = new Simulated(SLOW);
    simulated.quiet(10);
    simulated.line.crowded(0);
    simulated.quiet(1_000);
    expect(simulated.line.places).toBe(MAX);
  });

  it('until it was counted, and once the crowd is gone', () => {
    const simulated = new Simulated(SLOW);
    simulated.quiet(10);
    simulated.crowd(COUNTED_MS / 2);
    expect(simulated.line.working).toBe(MAX);
    simulated.crowd(2_000);
    expect(simulated.line.working).toBeLessThan(MAX);
    simulated.line.quiet();
    expect(simulated.line.places + simulated.line.working).toBe(MAX);
  });
});
