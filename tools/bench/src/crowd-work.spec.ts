import { CrowdWork, kindOf } from './crowd-work.js';

const NUMBERS = Array.from({ length: 40 }, (_, n) => n);
const work = new CrowdWork(new URL('http://127.0.0.1:1/'), { learners: 3, after: 2 });
const bodyOf = (number: number): Record<string, unknown> => JSON.parse(work.request(number).toString().split('\r\n\r\n')[1] ?? '') as Record<string, unknown>; // what a request holds
const lineOf = (number: number): string => work.request(number).toString().split(' HTTP/')[0] ?? '';

it('sends answers and wishes in turns, of all learners', () => {
  expect(NUMBERS.map((number) => lineOf(number).endsWith('/answers'))).toEqual(NUMBERS.map((number) => kindOf(number) === 'answer'));
  expect(NUMBERS.filter((number) => kindOf(number) === 'wish')).toHaveLength(20);
  expect(new Set(NUMBERS.map(lineOf)).size).toBe(6);
});

it('gives each answer an id of its own', () => {
  const ids = NUMBERS.filter((number) => kindOf(number) === 'answer').map((number) => bodyOf(number)['id']);
  expect(new Set(ids).size).toBe(20);
  expect(ids[1]).toBe('0000000002');
});

it('says the same as an event as in a request', () => {
  for (const number of NUMBERS.filter((each) => kindOf(each) === 'answer')) {
    const { type, id, learner, data } = work.event(number);
    expect([type, lineOf(number)]).toEqual(['AnswerGiven', `POST /v1/learners/${learner}/answers`]);
    expect({ id, ...data }).toEqual(bodyOf(number));
  }
});
