import { EventBatch } from './event-batch.js';
import { Learners, publishedSample, sent, type SentAnswer } from './course-work.js';

const course = new Learners(publishedSample());
const work = course.work(3);
const batch = new EventBatch([0, 1, 2].map((n) => sent(EventBatch.idOf(7, n), 3, work.next().value)));
const HEAD = 'POST /\r\n\r\n';
const request = batch.requestTo((body) => Buffer.concat([Buffer.from(HEAD), body]));
const at = (use: number): SentAnswer[] => JSON.parse(request.renewed(use).toString().slice(HEAD.length)) as SentAnswer[];

it('becomes new events at every use, and nothing else of it changes', () => {
  const [first, second] = [at(4), at(5)];
  expect(first.map(({ id }) => id)).toEqual(['c07-000004-0', 'c07-000004-1', 'c07-000004-2']);
  expect(second.map(({ id }) => id)).toEqual(['c07-000005-0', 'c07-000005-1', 'c07-000005-2']);
  expect(second.map(({ data, learner }) => ({ data, learner }))).toEqual(first.map(({ data, learner }) => ({ data, learner })));
});

it('never goes back in time, in a batch or from one use to the next', () => {
  const times = [0, 1, 59, 60, 3_600, 86_400].flatMap((use) => at(use).map(({ occurredAt }) => Date.parse(occurredAt)));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(new Set(times).size).toBe(times.length);
});
