// Checkpoints of builds. A checkpoint says that rows are there, so it is written only where none of those that this process has written
// since can have been lost: not into a build that was dropped or emptied, and not on a server that was started again in between.
import { randomUUID } from 'node:crypto';
import type { Position } from '@trellis/event-sourcing';
import { call, command, type Connection, type Reply } from './connection.js';
import { RowsLostError } from './errors.js';
import type { Build, Keys } from './keys.js';
import { BUILDS_KNOWN_MAX } from './limits.js';
import { BEGIN, CHECKPOINT, MOVE_CHECKPOINT } from './scripts.js';
import { incarnationOf } from './server-state.js';

/** What a build and its servers were like before this process wrote rows that no checkpoint covers. */
interface Basis {
  readonly begun: string;
  readonly incarnation: string;
  /** Rows were written and no checkpoint since. */
  written: boolean;
}

export class Checkpoints {
  private readonly bases = new Map<string, Basis>();

  constructor(
    private readonly connection: Connection,
    private readonly keys: Keys,
  ) {}

  /** Null also in a cluster of which a part was started again: its parts do not come back as of the same moment. */
  async read(build: Build): Promise<Position | null> {
    const before = await incarnationOf(this.connection, this.keys);
    const what = `reading the checkpoint of ${build.name}`;
    const [begun, position, incarnation] = texts(await this.connection.one(what, command('hmget', this.keys.build(build), 'begun', 'checkpoint', 'incarnation')));
    const known = this.bases.get(nameOf(build));
    // Rows that no checkpoint covers keep the basis that they were written on.
    if (typeof begun === 'string' && known?.written !== true) this.remember(build, { begun, incarnation: before, written: false });
    if (typeof position !== 'string' || (this.connection.cluster && incarnation !== before)) return null;
    return position as Position; // it was one when it was written
  }

  /** Before rows are written. */
  async begin(build: Build): Promise<void> {
    const known = this.bases.get(nameOf(build));
    if (known !== undefined) {
      known.written = true;
      return;
    }
    const incarnation = await incarnationOf(this.connection, this.keys);
    const keys = [this.keys.build(build), this.keys.builds(build.name)];
    const begun = await this.connection.one(`beginning ${build.name}`, call(BEGIN, keys, [randomUUID(), String(build.generation)]));
    this.remember(build, { begun: String(begun), incarnation, written: true });
  }

  /** After the rows. Throws where some of those before may be gone. */
  async write(build: Build, position: Position): Promise<void> {
    await this.begin(build);
    const basis = this.bases.get(nameOf(build));
    if (basis === undefined || !(await this.stands(build, basis, position))) {
      this.forget(build);
      throw new RowsLostError(build.name, build.generation);
    }
    basis.written = false;
  }

  async move(build: Build, from: Position, to: Position): Promise<boolean> {
    const incarnation = this.connection.cluster ? await incarnationOf(this.connection, this.keys) : '';
    return (await this.connection.one(`moving the checkpoint of ${build.name}`, call(MOVE_CHECKPOINT, [this.keys.build(build)], [from, to, incarnation]))) === 1;
  }

  forget(build: Build): void {
    this.bases.delete(nameOf(build));
  }

  private async stands(build: Build, { begun, incarnation }: Basis, position: Position): Promise<boolean> {
    const { cluster } = this.connection;
    // One server compares its own run in the same step. A cluster cannot; what it loses right after this is told by the incarnation.
    if (cluster && (await incarnationOf(this.connection, this.keys)) !== incarnation) return false;
    const run = cluster ? '' : (incarnation.split('/')[0] ?? '');
    return (await this.connection.one(`writing the checkpoint of ${build.name}`, call(CHECKPOINT, [this.keys.build(build)], [begun, run, incarnation, position]))) === 1;
  }

  private remember(build: Build, basis: Basis): void {
    const name = nameOf(build);
    this.bases.delete(name);
    const [oldest] = this.bases.keys();
    if (this.bases.size >= BUILDS_KNOWN_MAX && oldest !== undefined) this.bases.delete(oldest);
    this.bases.set(name, basis);
  }
}

function texts(reply: Reply): readonly (string | null)[] {
  return Array.isArray(reply) ? reply.map((one) => (one === null ? null : String(one))) : [];
}

function nameOf({ name, generation }: Build): string {
  return `${generation} ${name}`;
}
