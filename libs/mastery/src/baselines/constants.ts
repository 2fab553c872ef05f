// What any model must beat: the share right of everybody, and of each item.
import type { AnswerLog } from '../answer-log.js';
import type { FittedModel } from '../model.js';
import type { BaselineOptions } from './fit.js';

/** Every answer has the probability of the training rows. (Its AUC is a half by construction.) */
export function fitMajority({ right }: AnswerLog, { progress }: BaselineOptions = {}): FittedModel {
  const share = shareRight(right);
  progress?.(1);
  return { name: 'majority', begin: () => ({ predict: () => share, observe: () => undefined }) };
}

/** Rows that an item gets for nothing, with the share right of its skills; and those get theirs with that of everybody. */
const ITEM_PRIOR_ROWS = 5;
const COMBINATION_PRIOR_ROWS = 20;

/** The smoothed share right of the item; of its combination of skills where the item is new or there is none; else of everybody. */
export function fitItemMean({ vocabulary, item, combination, right }: AnswerLog, { progress }: BaselineOptions = {}): FittedModel {
  const everybody = shareRight(right);
  const ofCombination = smoothed(vocabulary.combinations.length, combination, right, () => ({ rows: COMBINATION_PRIOR_ROWS, share: everybody }));
  const home = new Int32Array(vocabulary.items.length).fill(-1);
  item.forEach((one, row) => one >= 0 && (home[one] = combination[row] ?? -1));
  const ofItem = smoothed(vocabulary.items.length, item, right, (one) => ({ rows: ITEM_PRIOR_ROWS, share: ofCombination[home[one] ?? -1] ?? NaN }));
  progress?.(1);
  const predict = (question: { readonly item: number; readonly combination: number }) => {
    const own = ofItem[question.item] ?? NaN;
    return Number.isNaN(own) ? (ofCombination[question.combination] ?? everybody) : own;
  };
  return { name: 'item mean', begin: () => ({ predict, observe: () => undefined }) };
}

function smoothed(size: number, of: Int32Array, right: Uint8Array, prior: (one: number) => { readonly rows: number; readonly share: number }): Float64Array {
  const rights = new Float64Array(size);
  const rows = new Float64Array(size);
  of.forEach((one, row) => {
    if (one < 0) return;
    rights[one] = (rights[one] ?? 0) + (right[row] ?? 0);
    rows[one] = (rows[one] ?? 0) + 1;
  });
  return rights.map((sum, one) => {
    const { rows: more, share } = prior(one);
    return (sum + more * share) / ((rows[one] ?? 0) + more);
  });
}

/** With one right and one wrong answer for nothing, so that an empty log has one too. */
function shareRight(right: Uint8Array): number {
  return (right.reduce((sum, one) => sum + one, 0) + 1) / (right.length + 2);
}
