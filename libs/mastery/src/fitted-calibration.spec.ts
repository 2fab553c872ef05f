import { calibratedPlacement } from './calibrated-models.js';
import { DEFAULT_CALIBRATION } from './calibration.js';
import { fitSoundBkt } from './bkt/sound.js';
import { fittedCalibration } from './fitted-calibration.js';
import { predictions } from './model.js';
import { placementModel } from './prediction/models.js';
import { fitPrediction } from './prediction/prediction-fit.js';
import { randomLog } from './testing/random-log.js';

const train = randomLog({ seed: 1, learners: 60, answers: 50, items: 40 });
const test = { ...randomLog({ seed: 2, learners: 20, answers: 50, items: 45 }), vocabulary: { ...train.vocabulary, items: Array.from({ length: 45 }, (_, n) => `item-${n}`) } };
const prediction = fitPrediction(train, { seed: 1 });
const bkt = fitSoundBkt(train, { seed: 1 });
const calibration = fittedCalibration('c1', train.vocabulary, { prediction, bkt, recall: null }, DEFAULT_CALIBRATION);

it('foresees what the fit foresaw, bit by bit, also for items that nobody had answered', () => {
  expect(predictions(calibratedPlacement(calibration, test.vocabulary), test)).toEqual(predictions(placementModel(prediction.tables, prediction.placement), test));
});

it('has numbers of its own for what was answered, and for nothing else', () => {
  expect([...calibration.itemEasiness.keys()].sort()).toEqual([...new Set(Array.from(train.item, (n) => `item-${n}`))].sort());
  expect([...calibration.skillsEasiness.keys()]).toContain('skill-0 skill-1');
  expect(calibration.skills.size).toBe(bkt.units.filter(({ own }) => own).length);
});

it('takes from the one before it what was not fitted', () => {
  const { recall, masteredAt, wheelSpin } = calibration;
  expect({ recall, masteredAt, wheelSpin }).toEqual({ recall: DEFAULT_CALIBRATION.recall, masteredAt: DEFAULT_CALIBRATION.masteredAt, wheelSpin: DEFAULT_CALIBRATION.wheelSpin });
});
