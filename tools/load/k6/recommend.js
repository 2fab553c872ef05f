// What next? One recommendation an arrival.
import http from 'k6/http';
import { check } from 'k6';
import { learner, numbers } from './lib/draw.js';
import { course, JSON_BODY, recommender } from './lib/setting.js';
import { STATISTICS, thresholds, warmedUp } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

export const options = {
  scenarios: warmedUp('recommend'),
  thresholds: thresholds({ 'http_req_duration{phase:load}': ['p(50)<=3', 'p(99)<=10'] }),
  summaryTrendStats: STATISTICS,
};

export function recommend() {
  const reply = http.post(`${recommender}/v1/learners/${learner(numbers())}/recommendations`, JSON.stringify({ course, count: 1 }), { ...JSON_BODY, tags: { name: 'recommend' } });
  check(reply, { 'is a recommendation with an item or a reason': ({ status, body }) => status === 200 && body.includes('"recommendationId"') && body.includes('"reason"') });
}

export const handleSummary = summaryOf('recommend');
