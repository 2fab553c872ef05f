// What a run came to, as lines for people.
export interface Summary {
  readonly metrics: Readonly<Record<string, { readonly type: string; readonly values: Readonly<Record<string, number>> }>>;
  readonly thresholds: readonly { readonly metric: string; readonly threshold: string; readonly ok: boolean }[];
  readonly steps?: readonly Step[];
  /** Of steps: the highest rate that holds. */
  readonly knee?: number;
}

interface Step {
  readonly rate: number;
  readonly answered: number;
  readonly refused: number;
  readonly p50?: number;
  readonly p99?: number;
  readonly lostShare: number;
}

export function figures({ metrics, thresholds, steps = [], knee }: Summary): string {
  const trends = Object.entries(metrics).filter(([name, { type }]) => type === 'trend' && (name.includes('phase:load') || name.startsWith('answer_to_next')));
  const lines = trends.map(([name, { values }]) => `${name}: p50 ${ms(values['med'])}, p95 ${ms(values['p(95)'])}, p99 ${ms(values['p(99)'])}, most ${ms(values['max'])} of ${values['count'] ?? 0}`);
  const stepLines = steps.map(({ rate, answered, refused, p50, p99, lostShare }) => `${rate}/s: ${answered} answered, ${refused} refused, p50 ${ms(p50)}, p99 ${ms(p99)}, ${(100 * lostShare).toFixed(2)} % lost`);
  const held = thresholds.map(({ metric, threshold, ok }) => `${ok ? 'holds ' : 'BROKEN'} ${metric}: ${threshold}`);
  return [...lines, ...stepLines, ...(knee === undefined ? [] : [`knee: ${knee} a second`]), ...held].join('\n');
}

function ms(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(2)} ms`;
}
