// Elo ratings for learners, learners' skills, items and skills (Pelanek, 2016, "Applications of the Elo rating system in adaptive
// educational systems", Computers & Education 98): each answer moves them by what surprised, the less the more answers they have.
import { logistic } from '../ability.js';
import type { AnswerLog } from '../answer-log.js';
import type { FittedModel, LearnerModel, Question } from '../model.js';
import type { BaselineOptions } from './fit.js';

/** A step is gain / (1 + slowing * answers). */
interface Gain {
  readonly gain: number;
  readonly slowing: number;
}

const LEARNER: Gain = { gain: 0.6, slowing: 0.06 };
const LEARNER_SKILL: Gain = { gain: 0.6, slowing: 0.03 };
const ITEM: Gain = { gain: 0.5, slowing: 0.1 };
const SKILL: Gain = { gain: 0.3, slowing: 0.01 };
const PASSES = 2;

/** Easiness of items and skills, with the answers that each had: frozen once fitted. */
interface Ratings {
  readonly base: number;
  readonly combinations: readonly Int32Array[];
  readonly item: Float64Array;
  readonly itemAnswers: Float64Array;
  readonly skill: Float64Array;
  readonly skillAnswers: Float64Array;
}

/** Two passes over the training rows; learners begin each anew. */
export function fitElo(log: AnswerLog, { progress }: BaselineOptions = {}): FittedModel {
  const { vocabulary, learners, starts, item, combination, right } = log;
  const { items, skills, combinations } = vocabulary;
  const share = (right.reduce((sum, one) => sum + one, 0) + 1) / (right.length + 2);
  const ratings: Ratings = {
    base: Math.log(share / (1 - share)),
    combinations,
    item: new Float64Array(items.length),
    itemAnswers: new Float64Array(items.length),
    skill: new Float64Array(skills.length),
    skillAnswers: new Float64Array(skills.length),
  };
  for (let pass = 0; pass < PASSES; pass++) {
    for (let learner = 0; learner < learners.length; learner++) {
      if (learner % 100 === 0) progress?.((pass + learner / learners.length) / PASSES);
      const one = rated(ratings);
      for (let row = starts[learner] ?? 0; row < (starts[learner + 1] ?? 0); row++) {
        const question = { item: item[row] ?? -1, combination: combination[row] ?? 0, at: NaN };
        const surprise = (right[row] ?? 0) - one.predict(question);
        one.observe(question, right[row] === 1);
        teach(ratings, question, surprise);
      }
    }
  }
  progress?.(1);
  return { name: 'Elo', begin: () => rated(ratings) };
}

function teach({ combinations, item, itemAnswers, skill, skillAnswers }: Ratings, question: Question, surprise: number): void {
  if (question.item >= 0) move(item, itemAnswers, question.item, ITEM, surprise);
  for (const one of combinations[question.combination] ?? []) move(skill, skillAnswers, one, SKILL, surprise);
}

function rated({ base, combinations, item, skill }: Ratings): LearnerModel {
  const ability = new Float64Array(1);
  const answers = new Float64Array(1);
  const own = new Float64Array(skill.length);
  const ownAnswers = new Float64Array(skill.length);
  const predict = (question: Question): number => {
    const skills = combinations[question.combination] ?? [];
    let sum = 0;
    for (const one of skills) sum += (own[one] ?? 0) + (skill[one] ?? 0);
    return logistic(base + (ability[0] ?? 0) + (item[question.item] ?? 0) + (skills.length === 0 ? 0 : sum / skills.length));
  };
  return {
    predict,
    observe(question, right) {
      const surprise = (right ? 1 : 0) - predict(question);
      move(ability, answers, 0, LEARNER, surprise);
      for (const one of combinations[question.combination] ?? []) move(own, ownAnswers, one, LEARNER_SKILL, surprise);
    },
  };
}

function move(rating: Float64Array, answers: Float64Array, at: number, { gain, slowing }: Gain, surprise: number): void {
  const before = answers[at] ?? 0;
  rating[at] = (rating[at] ?? 0) + (gain / (1 + slowing * before)) * surprise;
  answers[at] = before + 1;
}
