// A fitted calibration as the document that is published.
import { FLAWS_MAX, type CalibrationDocument, type CalibrationReport, type Figures, type FitFlaw, type ItemId, type SkillId } from '@trellis/learning';
import type { Calibration } from '@trellis/mastery';
import type { Fitted, Judged, Replaced } from './fitting.js';

/** Held out, log loss may not be worse than that of the calibration in force by more. */
const WORSE_MAX = 0.001;

export function documentOf({ skills, itemEasiness, skillsEasiness, placement, id: _, ...rest }: Calibration, report: CalibrationReport): CalibrationDocument {
  return {
    bkt: rest.bkt,
    ability: rest.ability,
    placement: placement === null ? null : { ...placement, mean: [...placement.mean], sd: [...placement.sd], weights: [...placement.weights], features: [...placement.features] },
    recall: { weights: [...rest.recall.weights] },
    masteredAt: rest.masteredAt,
    reviewBelow: rest.reviewBelow,
    wheelSpin: rest.wheelSpin,
    // Their ids came out of answers that ingest took, or out of a file whose ids the rules of publication check.
    skills: Array.from(skills, ([skill, bkt]) => ({ skill: skill as SkillId, ...bkt })),
    combinations: Array.from(skillsEasiness, ([key, easiness]) => ({ skills: key.split(' ') as SkillId[], easiness })),
    items: Array.from(itemEasiness, ([item, easiness]) => ({ item: item as ItemId, easiness })),
    report,
  };
}

export function figuresOf({ judged }: Pick<Fitted, 'judged'>, whose: Judged['of']): readonly Figures[] {
  return judged.filter(({ of }) => of === whose).map(({ model, n, auc, logLoss, brier, ece, rmse }) => ({ model, n, auc: finite(auc), logLoss: finite(logLoss), brier: finite(brier), ece: finite(ece), rmse: finite(rmse) }));
}

/** What is wrong with a fit: what other numbers stand in for, and what must not go live. */
export function flawsOf({ degenerate, judged }: Pick<Fitted, 'degenerate' | 'judged'>, before: string): readonly FitFlaw[] {
  const fits = degenerate.map(({ skill, kind, detail, instead }): FitFlaw => ({ model: 'mastery', subject: skill, kind, detail: `${detail}; ${INSTEAD[instead]}`, blocks: false }));
  return limited([...worse(judged, before), ...fits]);
}

const INSTEAD: Record<Replaced['instead'], string> = {
  own: 'kept',
  stricter: 'fitted again within stricter bounds',
  pooled: 'the parameters of all skills together stand in',
  given: 'the built-in parameters stand in',
};

function worse(judged: readonly Judged[], before: string): FitFlaw[] {
  return judged.filter(({ of }) => of === 'new').flatMap(({ model, logLoss }): FitFlaw[] => {
    const was = judged.find((other) => other.of === 'before' && other.model === model)?.logLoss;
    // Forecasts of the log's own order are no part of a calibration: nothing is in force to set them against.
    if (was === undefined || logLoss <= was + WORSE_MAX) return [];
    const detail = Number.isFinite(logLoss) ? `log loss ${logLoss.toFixed(4)} on held-out learners, ${was.toFixed(4)} with ${before}` : 'nothing could be held out to judge it on';
    return [{ model, subject: 'held-out answers', kind: 'worse-than-before', detail, blocks: true }];
  });
}

function limited(flaws: readonly FitFlaw[]): readonly FitFlaw[] {
  if (flaws.length <= FLAWS_MAX) return flaws;
  const kept = flaws.slice(0, FLAWS_MAX - 1);
  return [...kept, { model: 'mastery', subject: 'further skills', kind: 'not-listed', detail: `${flaws.length - kept.length} more of these kinds`, blocks: false }];
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
