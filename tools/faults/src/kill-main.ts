// `npm run torture -- --kill [n]`: kills a real process so many times, and says what it found.
import { runKills, type KillCounts } from './kill-series.js';

const KILLS = 1_000;
const KILLS_MAX = 1_000_000;
const TOLD_EVERY_KILLS = 25;

export interface KillOptions {
  /** As typed; 1,000 if left out. */
  readonly kills?: string | undefined;
  readonly seed: number;
  /** Ends the run after the life that is under way, with the counts up to there. */
  readonly signal: AbortSignal;
  /** For people who wait. */
  readonly say: (line: string) => void;
}

/** Answers the counts as one sentence; throws a `Violation` where a promise was broken. */
export async function killMain({ kills: text, seed, signal, say }: KillOptions): Promise<string> {
  const kills = Number(text ?? KILLS);
  if (!Number.isInteger(kills) || kills < 1 || kills > KILLS_MAX) throw new Error(`--kill is "${text}"; it must be a whole number from 1 to ${KILLS_MAX}`);
  say(`${kills} kills, seed ${seed}`);
  let told = 0;
  const progress = (counts: Readonly<KillCounts>): void => {
    if (counts.kills < told + TOLD_EVERY_KILLS) return;
    told = counts.kills;
    say(countsText(counts));
  };
  return `seed ${seed}: ${countsText(await runKills({ seed, kills, signal, progress }))}, 0 violations`;
}

function countsText({ kills, opening, closing, logs, checks, acknowledged, events, torn }: Readonly<KillCounts>): string {
  return `${kills} kills (${opening} while opening, ${closing} while closing) over ${logs} logs, ${checks} checks, ${acknowledged} answers before a kill, ${events} events, ${torn} torn ends`;
}
