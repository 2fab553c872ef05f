import { metrics } from '../judging/metrics.js';
import { predictions } from '../model.js';
import { gervetFolder, readGervet } from '../testing/gervet.js';
import { fitBktModel } from './model.js';

// What is known of these models on these splits, to three digits.
const REACHED = [
  { set: 'gervet_assistments09', plain: 0.715, forgetting: 0.721 },
  { set: 'gervet_statics', plain: 0.693, forgetting: 0.713 },
];

describe.each(REACHED)('knowledge tracing on $set', ({ set, ...reached }) => {
  const folder = gervetFolder(set);

  (folder !== null ? it : it.skip)('predicts learners it never saw as well as others do', () => {
    const { train, test } = readGervet(folder as URL);
    for (const forgetting of [false, true]) {
      const { auc, ece } = metrics(test.right, predictions(fitBktModel(train, { seed: 1, forgetting }), test));
      expect(auc).toBeGreaterThanOrEqual(forgetting ? reached.forgetting : reached.plain);
      expect(ece).toBeLessThanOrEqual(0.02);
    }
  });
});
