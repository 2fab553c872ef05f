import { METRICS, metricsOf } from './metrics.js';
import { emptyColumns, type RunColumns } from './run.js';

const columns: RunColumns = {
  ...emptyColumns(2),
  gain: Float64Array.of(1, 3),
  room: Float64Array.of(2, 8),
  answers: Float64Array.of(120, 80),
  overPractised: Float64Array.of(30, 20),
  wheelSpinning: Float64Array.of(0, 10),
  violating: Float64Array.of(60, 40),
  newlyMastered: Float64Array.of(2, 3),
  declared: Float64Array.of(3, 5),
  falselyDeclared: Float64Array.of(1, 1),
  told: Float64Array.of(2, 3),
  falselyTold: Float64Array.of(1, 0),
  recallAfter2Weeks: Float64Array.of(0.6, 0.8),
  recallAfter4Weeks: Float64Array.of(0.4, 0.6),
};

describe('the metrics of a run', () => {
  it('are shares of all students together', () => {
    expect(metricsOf(columns)).toEqual({
      normalisedGain: 0.4,
      overPractice: 0.25,
      underPractice: 0.25,
      falseDeclarations: 0.2,
      wheelSpin: 0.05,
      prerequisiteViolations: 0.5,
      itemsToMastery: 40,
      masteredPer100Answers: 2.5,
      recallAfter2Weeks: 0.7,
      recallAfter4Weeks: 0.5,
    });
  });

  it('are missing where there is nothing to divide by or no time in which to forget', () => {
    const none = new Float64Array(2);
    const never = new Float64Array(2).fill(NaN);
    const bare = metricsOf({ ...columns, declared: none, falselyDeclared: none, newlyMastered: none, recallAfter2Weeks: never, recallAfter4Weeks: never });
    expect(bare).toMatchObject({ underPractice: null, itemsToMastery: null, masteredPer100Answers: 0, recallAfter2Weeks: null, recallAfter4Weeks: null });
  });

  it('has one entry for each name', () => {
    expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
  });
});
