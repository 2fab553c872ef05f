import fc from 'fast-check';
import { LOG_LOSS_CLAMP, metrics, metricsOf } from './metrics.js';

const of = (right: readonly number[], predicted: readonly number[]) => metrics(Uint8Array.from(right), Float64Array.from(predicted));

describe('the metrics of predictions', () => {
  it('are those worked out by hand', () => {
    const found = of([1, 0, 1, 0], [0.9, 0.2, 0.4, 0.4]);
    // Of the 4 pairs (right, wrong) 3 stand in order and .4 against .4 counts half.
    expect(found.auc).toBeCloseTo(3.5 / 4, 12);
    expect(found.logLoss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8) + Math.log(0.4) + Math.log(0.6)) / 4, 12);
    expect(found.brier).toBeCloseTo((0.01 + 0.04 + 0.36 + 0.16) / 4, 12);
    expect(found.rmse).toBeCloseTo(Math.sqrt(0.57 / 4), 12);
    // Bins: .9 (one right, gap .1), .2 (gap .2), .4 twice (mean .4, half right: gap .1 on two rows).
    expect(found.ece).toBeCloseTo((0.1 + 0.2 + 0.2) / 4, 12);
    expect(found).toMatchObject({ n: 4, shareRight: 0.5 });
  });

  it('charge a certain prediction that was wrong a bounded price', () => {
    expect(of([0, 1], [1, 0]).logLoss).toBeCloseTo(-Math.log(LOG_LOSS_CLAMP), 9);
    expect(of([1, 0], [1, 0]).logLoss).toBe(0);
  });

  it('have no AUC where all answers are alike, and nothing at all without rows', () => {
    expect(of([1, 1], [0.3, 0.6]).auc).toBeNaN();
    expect(of([], [])).toMatchObject({ n: 0, auc: NaN, logLoss: NaN, ece: NaN });
  });

  it('refuse what is no probability, with its row', () => {
    expect(() => of([1, 0], [0.5, NaN])).toThrow('row 1: NaN is not a probability');
    expect(() => of([1], [1.01])).toThrow('row 0: 1.01 is not a probability');
    expect(() => of([1, 0], [0.5])).toThrow('1 predictions for 2 answers');
  });

  it('can be had of some of the rows', () => {
    expect(metricsOf(Int32Array.of(0, 3), Uint8Array.of(1, 1, 1, 0), Float64Array.of(0.9, 0.1, 0.1, 0.2))).toMatchObject({ n: 2, auc: 1 });
  });

  it('count pairs in order, ties half, whatever the rows', () => {
    const row = fc.record({ right: fc.integer({ min: 0, max: 1 }), tenths: fc.integer({ min: 0, max: 10 }) });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (rows) => {
        const pairs = rows.filter(({ right }) => right === 1).flatMap((one) => rows.filter(({ right }) => right === 0).map((other) => Math.sign(one.tenths - other.tenths)));
        const share = pairs.reduce<number>((sum, sign) => sum + (sign + 1) / 2, 0) / pairs.length;
        const { auc } = of(rows.map(({ right }) => right), rows.map(({ tenths }) => tenths / 10));
        if (pairs.length === 0) expect(auc).toBeNaN();
        else expect(auc).toBeCloseTo(share, 12);
      }),
    );
  });
});
