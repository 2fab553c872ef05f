// Rows on their way out of Redis. Reads of the same moment share a round trip.
import { command, type Command, type Connection, type Outcome, type Reply } from './connection.js';
import { BusyError } from './errors.js';
import { READS_WAITING_MAX, TRIP_COMMANDS_MAX } from './limits.js';

interface Asked {
  readonly what: string;
  readonly commands: readonly Command[];
  settle(replies: readonly Reply[]): void;
  fail(error: unknown): void;
}

export class RowReads {
  private asked: Asked[] = [];
  private waiting = 0;

  constructor(readonly connection: Connection) {}

  /** Answered in order: a later command of the same call sees nothing older than an earlier one, where there is one server. */
  async run(what: string, commands: readonly Command[]): Promise<readonly Reply[]> {
    if (this.waiting >= READS_WAITING_MAX) throw new BusyError(`${this.waiting} reads wait already`);
    this.waiting++;
    try {
      return await new Promise((settle, fail) => {
        this.asked.push({ what, commands, settle, fail });
        if (this.asked.length === 1) setImmediate(() => this.sendAsked());
      });
    } finally {
      this.waiting--;
    }
  }

  async one(what: string, ...asked: Parameters<typeof command>): Promise<Reply> {
    return (await this.run(what, [command(...asked)]))[0] ?? null;
  }

  private sendAsked(): void {
    const asked = this.asked;
    this.asked = [];
    let trip: Asked[] = [];
    let commands = 0;
    for (const one of asked) {
      if (trip.length > 0 && commands + one.commands.length > TRIP_COMMANDS_MAX) {
        void this.send(trip);
        trip = [];
        commands = 0;
      }
      trip.push(one);
      commands += one.commands.length;
    }
    void this.send(trip);
  }

  private async send(trip: readonly Asked[]): Promise<void> {
    let outcomes: readonly Outcome[];
    try {
      outcomes = await this.connection.send(trip.length === 1 ? (trip[0]?.what ?? '') : `${trip.length} reads`, trip.flatMap(({ commands }) => commands));
    } catch (error) {
      for (const { fail } of trip) fail(error);
      return;
    }
    let at = 0;
    for (const { what, commands, settle, fail } of trip) {
      const own = outcomes.slice(at, (at += commands.length));
      try {
        settle(own.map((outcome) => this.connection.replyOf(what, outcome)));
      } catch (error) {
        fail(error);
      }
    }
  }
}
