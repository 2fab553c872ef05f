// The requests of a school day: 70 % answers, 25 % what next, 5 % teachers who look at their class.
import { Counter } from 'k6/metrics';
import { answer, busyLearner, numbers } from './draw.js';
import { ask, give, isRight, look } from './requests.js';

export const KINDS = ['answer', 'next', 'board'];
const ANSWERS = 0.7;
const NEXTS = 0.25;

/** What counts as right, beside the thresholds of a suite. */
export const MIX_THRESHOLDS = { missing_from_based_on: ['count==0'] };
const missing = new Counter('missing_from_based_on');

/** The newest answer of each learner that this virtual user has had acknowledged. */
const acknowledged = new Map();

/** One of them. */
export function request() {
  const random = numbers();
  const drawn = random();
  const who = busyLearner(random);
  if (drawn < ANSWERS) return { kind: 'answer', reply: answered(who, random) };
  if (drawn < ANSWERS + NEXTS) return { kind: 'next', reply: asked(who) };
  return { kind: 'board', reply: looked(random() < 0.5 ? 'board' : 'groups') };
}

function answered(who, random) {
  const reply = give(who, answer(random));
  if (isRight(reply, 'the answer is taken')) acknowledged.set(who, Math.max(acknowledged.get(who) ?? 0, reply.json('revision')));
  return reply;
}

function asked(who) {
  const known = acknowledged.get(who) ?? 0;
  const reply = ask(who);
  if (isRight(reply, 'there is a next', ({ body }) => body.includes('"recommendationId"'))) missing.add(reply.json('basedOn.revision') < known ? 1 : 0);
  return reply;
}

function looked(page) {
  const reply = look(page);
  isRight(reply, 'the class is shown', ({ body }) => body.includes('"classroom"'));
  return reply;
}
