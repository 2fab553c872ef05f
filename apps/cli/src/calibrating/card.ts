// The model card of a calibration, from what its fit found.
import type { CalibrationReport } from '@trellis/learning';
import { DEFAULT_RECALL, modelCard, type CardReliability } from '@trellis/mastery';
import { HELD_OUT_OF, type Fitted, type Judged } from './fitting.js';

export interface CardInput {
  readonly report: Omit<CalibrationReport, 'card'>;
  readonly fitted: Fitted;
  /** Of the vocabulary. */
  readonly itemIds: readonly string[];
}

/** It has no name yet: publishing gives it one. */
export function cardOf({ report, fitted: { calibration, judged, recall, items }, itemIds }: CardInput): string {
  return modelCard({
    ...report,
    calibration: null,
    skills: calibration.skills.size,
    items: calibration.itemEasiness.size,
    heldOutOf: HELD_OUT_OF,
    reliability: judged.filter(({ of }) => of === 'new').map(reliabilityOf),
    // A log says nothing of groups; `trellis evaluate --subgroup` takes a table that does.
    groups: null,
    badItems: { tested: items.tested, tooFew: items.tooFew, found: items.found.map(({ item, kind, detail }) => ({ item: itemIds[item] ?? String(item), kind, detail })) },
    recall: recall.isFitted ? 'fitted' : calibration.recall.weights.every((weight, n) => weight === DEFAULT_RECALL.weights[n]) ? 'published' : 'kept',
  });
}

function reliabilityOf({ model, bins }: Judged): CardReliability {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return { model, bins: bins.map(({ from, to, n, ...rest }) => ({ from, to, n, meanPredicted: finite(rest.meanPredicted), shareRight: finite(rest.shareRight), low: finite(rest.low), high: finite(rest.high) })) };
}
