// Which streams of a database are ours: those of this product, behind the namespace of this installation.
import type { StreamName } from '@trellis/event-sourcing';
import { KurrentError } from './errors.js';

const KINDS = ['learner-', 'classroom-', 'course-', 'calibration-', 'tenant-'] as const;
const NAMESPACE = /^[A-Za-z0-9_-]{0,64}$/;

export interface StreamNames {
  /** The name in the database. */
  inside(stream: StreamName): string;
  /** Our name of a stream of the database, or null if it is not ours. */
  outside(name: string): StreamName | null;
  /** The prefixes in the database of all our streams whose name begins so; none if no stream of ours can. */
  prefixes(prefix?: string): readonly string[];
}

/** A namespace keeps several installations in one database apart; it ends up in front of every stream name. */
export function streamNames(namespace: string): StreamNames {
  if (!NAMESPACE.test(namespace)) throw new KurrentError(`namespace ${JSON.stringify(namespace)} must be up to 64 letters, digits, - or _`, false);
  return {
    inside(stream) {
      if (!isOurs(stream)) throw new KurrentError(`stream ${JSON.stringify(stream)} must begin with one of ${KINDS.join(' ')}`, false);
      return namespace + stream;
    },
    outside(name) {
      const own = name.slice(namespace.length);
      // Only names that `inside` made get through.
      return name.startsWith(namespace) && isOurs(own) ? (own as StreamName) : null;
    },
    prefixes: (prefix = '') => KINDS.flatMap((kind) => (prefix.startsWith(kind) ? [prefix] : kind.startsWith(prefix) ? [kind] : [])).map((own) => namespace + own),
  };
}

function isOurs(name: string): boolean {
  return KINDS.some((kind) => name.startsWith(kind));
}
