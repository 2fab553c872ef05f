// Mastery learning as it is usually done: practise the first skill until it is mastered, then the next.
import type { BktParameters } from '@trellis/mastery';
import type { HonestPolicy } from '../policy.js';
import { baseline } from './baseline.js';
import { leastOf } from './practice.js';

export interface GateOptions {
  /** P(known) at which a skill counts as mastered. */
  readonly masteredAt: number;
  /** Answers on one skill after which the next is tried; comes back after as many more once all were tried. 0: never. */
  readonly giveUpAfter: number;
  readonly bkt?: BktParameters;
}

export function gate(name: string, { masteredAt, giveUpAfter, bkt }: GateOptions): HonestPolicy {
  return baseline(
    name,
    ({ setting: { neededSkills, targets }, practice: { known, answers, lastStep } }) => ({
      pick: () => {
        const open = neededSkills.filter((skill) => (known[skill] ?? 0) < masteredAt);
        if (open.length === 0) return leastOf(targets, (skill) => lastStep[skill] ?? 0);
        if (giveUpAfter === 0) return open[0] ?? -1;
        // The round in which a skill is up: the first of those in the earliest round.
        return leastOf(open, (skill) => Math.floor((answers[skill] ?? 0) / giveUpAfter));
      },
    }),
    bkt,
  );
}
