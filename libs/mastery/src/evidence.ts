// What one answer says about a skill.

export interface Graded {
  /** 0..1, or null while nobody has graded it. */
  readonly score: number | null;
  /** 1 is the first try at a presentation of the item. */
  readonly attempt: number;
  readonly hints: number;
}

/**
 * The score that counts as evidence, or null for none. Only the first attempt counts: what follows was prompted by the
 * outcome. A hint before it counts as a wrong answer (Corbett & Anderson, 1995: a request for help is an error).
 */
export function evidence({ score, attempt, hints }: Graded): number | null {
  if (score === null || attempt !== 1) return null;
  return hints > 0 ? 0 : score;
}
