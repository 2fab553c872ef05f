// What next? One recommendation an arrival.
import { learner, numbers } from './lib/draw.js';
import { ask, isRight } from './lib/requests.js';
import { isDistributed } from './lib/setting.js';
import { STATISTICS, thresholds, warmedUp } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

export const options = {
  scenarios: warmedUp('recommend'),
  thresholds: thresholds({ 'http_req_duration{phase:load}': isDistributed ? ['p(99)<=25'] : ['p(50)<=3', 'p(99)<=10'] }),
  summaryTrendStats: STATISTICS,
};

export function recommend() {
  isRight(ask(learner(numbers())), 'is a recommendation with an item or a reason', ({ body }) => body.includes('"recommendationId"') && body.includes('"reason"'));
}

export const handleSummary = summaryOf('recommend');
