// placeholder by the founder until helper's file lands: same interface
export interface RecallParameters { readonly weights: readonly number[] }
export interface Memory { readonly stability: number; readonly difficulty: number }
export const DEFAULT_RECALL: RecallParameters = { weights: [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542] };
export function firstMemory(right: boolean, { weights: w }: RecallParameters): Memory {
  return { stability: Math.fround(w[right ? 2 : 0] ?? 0), difficulty: Math.fround((w[4] ?? 0) - Math.exp((w[5] ?? 0) * (right ? 2 : 0)) + 1) };
}
export function nextMemory(memory: Memory, elapsedDays: number, right: boolean, p: RecallParameters): Memory {
  const w = p.weights; const r = recallAfter(elapsedDays, memory.stability, p); const { stability: s, difficulty: d } = memory;
  const next = right ? s * (1 + Math.exp(w[8] ?? 0) * (11 - d) * s ** -(w[9] ?? 0) * (Math.exp((1 - r) * (w[10] ?? 0)) - 1)) : Math.min(s, (w[11] ?? 0) * d ** -(w[12] ?? 0) * ((s + 1) ** (w[13] ?? 0) - 1) * Math.exp((1 - r) * (w[14] ?? 0)));
  return { stability: Math.fround(next), difficulty: Math.fround(Math.min(10, Math.max(1, d))) };
}
export function recallAfter(elapsedDays: number, stability: number, { weights }: RecallParameters): number {
  const decay = -(weights[20] ?? 0); const factor = 0.9 ** (1 / decay) - 1;
  return (1 + (factor * elapsedDays) / stability) ** decay;
}
export function daysUntil(recall: number, stability: number, { weights }: RecallParameters): number {
  const decay = -(weights[20] ?? 0); const factor = 0.9 ** (1 / decay) - 1;
  return (stability / factor) * (recall ** (1 / decay) - 1);
}
