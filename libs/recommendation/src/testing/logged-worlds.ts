// Small worlds of learners whose truth can be worked out by going through everything that can happen, for specs of the off-policy judge.
import { draw } from '../drawing.js';
import type { LoggedChoice } from '../off-policy/types.js';

/** Probability of each action, by situation. */
export type Policy = readonly (readonly number[])[];

/** Learners differ by kind, which no policy sees: what makes the choices of one learner hang together. */
export interface Kind {
  readonly share: number;
  /** Probability of each situation at the first choice. */
  readonly start: readonly number[];
  /** By situation and action: of the reward being 1 (else it is 0), and of each next situation. */
  readonly reward: readonly (readonly number[])[];
  readonly next: readonly (readonly (readonly number[])[])[];
}

export interface LoggedWorld {
  readonly kinds: readonly Kind[];
  /** How many choices a learner makes; each is as likely. */
  readonly lengths: readonly number[];
}

export interface WorldChoice extends LoggedChoice {
  readonly situation: number;
}

export interface Policies {
  readonly logging: Policy;
  readonly target: Policy;
}

export function logOf({ kinds, lengths }: LoggedWorld, { logging, target }: Policies, { learners, random }: { readonly learners: number; readonly random: () => number }): readonly (readonly WorldChoice[])[] {
  const tables = logging.map((row, situation) => ({ logging: Float64Array.from(row), target: Float64Array.from(target[situation] ?? []) }));
  const shares = kinds.map(({ share }) => share);
  return Array.from({ length: learners }, () => {
    const kind = kinds[draw(shares, random())] as Kind;
    const length = lengths[Math.floor(random() * lengths.length)] ?? 0;
    let situation = draw(kind.start, random());
    return Array.from({ length }, (): WorldChoice => {
      const at = situation;
      const actions = tables[at] as (typeof tables)[number];
      const chosen = draw(logging[at] ?? [], random());
      const reward = random() < (kind.reward[at]?.[chosen] ?? 0) ? 1 : 0;
      situation = draw(kind.next[at]?.[chosen] ?? [], random());
      return { propensity: actions.logging[chosen] ?? NaN, target: actions.target[chosen] ?? NaN, reward, chosen, actions, situation: at };
    });
  });
}

/** Mean reward of a choice where the target makes `horizon` choices in a row, from where the log's policy led to. */
export function truthOf({ kinds, lengths }: LoggedWorld, { logging, target }: Policies, { horizon, stretches }: { readonly horizon: number; readonly stretches: 'every' | 'first' }): number {
  let earned = 0;
  let count = 0;
  for (const { share, start, reward, next } of kinds) {
    let worth = start.map(() => 0);
    for (let step = 0; step < horizon; step++) worth = worth.map((_, s) => sum(target[s], (p, a) => p * ((reward[s]?.[a] ?? 0) + sum(next[s]?.[a], (q, to) => q * (worth[to] ?? 0)))));
    let here = start;
    for (let at = 0; at < (stretches === 'first' ? 1 : Math.max(...lengths)); at++) {
      const going = share * lengths.filter((length) => length >= at + horizon).length;
      earned += going * sum(here, (p, s) => p * (worth[s] ?? 0));
      count += going * horizon;
      const before = here;
      here = start.map((_, to) => sum(before, (p, s) => p * sum(logging[s], (q, a) => q * (next[s]?.[a]?.[to] ?? 0))));
    }
  }
  return earned / count;
}

function sum(values: readonly number[] | undefined, of: (value: number, at: number) => number): number {
  return (values ?? []).reduce((all, value, at) => all + of(value, at), 0);
}

/** Situations come as they come, whatever is chosen; quick learners meet other ones and earn more. */
export const BANDIT: LoggedWorld = {
  kinds: [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]].map((start, kind): Kind => ({
    share: 0.5,
    start,
    reward: start.map((_, s) => [0, 1, 2, 3].map((a) => 0.15 + 0.13 * ((2 * s + 3 * a) % 5) + 0.15 * kind)),
    next: start.map(() => [0, 1, 2, 3].map(() => start)),
  })),
  lengths: [4, 6, 8, 10, 12],
};

const TOP = 3;

/** Levels 0 to 3: what is hard teaches most and goes wrong most, what is easy goes right and teaches little; one kind learns faster. */
export const CLIMB: LoggedWorld = {
  kinds: [0.2, 0.45].map((pace): Kind => ({
    share: 0.5,
    start: [0.7, 0.3, 0, 0],
    reward: [0, 1, 2, 3].map((level) => [0, 1, 2].map((hard) => 0.25 + 0.2 * level - 0.1 * hard + 0.1 * pace)),
    next: [0, 1, 2, 3].map((level) => [0, 1, 2].map((hard) => {
      const up = level === TOP ? 0 : pace * (0.4 + 0.6 * hard);
      return [0, 1, 2, 3].map((to) => (to === level ? 1 - up : to === level + 1 ? up : 0));
    })),
  })),
  lengths: [6, 7, 8],
};
