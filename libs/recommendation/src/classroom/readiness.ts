// Readiness for an objective: temporary, from what it builds on and what was shown lately on it. It says nothing about ability, and is
// another number tomorrow (Tomlinson, 2001, "How to differentiate instruction in mixed-ability classrooms").
import type { Needed } from '../course-map.js';
import { presentOf, type Standing } from './standing.js';

export interface Readiness {
  /** 0..1. */
  readonly readiness: number;
  /** Mean P(known and remembered) of what the objective builds on; null: it builds on nothing. */
  readonly prerequisites: number | null;
  /** The same of the objective's own skills that were answered lately; null: none was. */
  readonly recent: number | null;
  /** Answers that it rests on. */
  readonly answers: number;
}

/** Older evidence says little about today. */
const RECENT_MS = 28 * 24 * 3_600_000;

export function readinessOf({ skills, now }: Pick<Standing, 'skills' | 'now'>, { targets, needed }: Needed): Readiness {
  const before: number[] = [];
  const lately: number[] = [];
  const unseen: number[] = [];
  let answers = 0;
  for (const number of needed) {
    const skill = skills[number];
    if (skill === undefined) continue;
    answers += skill.state.answers;
    if (!targets.has(number)) before.push(presentOf(skill));
    else if (skill.attested !== null || (skill.state.answers > 0 && now - skill.state.lastAt <= RECENT_MS)) lately.push(presentOf(skill));
    else unseen.push(presentOf(skill));
  }
  const [prerequisites, recent] = [mean(before), mean(lately)];
  const parts = [prerequisites, recent].filter((part) => part !== null);
  return { readiness: mean(parts) ?? mean(unseen) ?? 0, prerequisites, recent, answers };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
