// Answers of learners who follow a known law, for specs.
import type { AnswerLog } from '../answer-log.js';
import { logistic } from '../ability.js';
import { seeded } from '../seeded.js';

export interface RandomLogOptions {
  readonly seed: number;
  readonly learners: number;
  readonly answers: number;
  readonly items: number;
  /** By number of combination; item n has the combination n modulo their number. */
  readonly combinations?: readonly (readonly number[])[];
}

const COMBINATIONS = [[0], [1], [2], [0, 1], [0, 1, 2]];

/** Easiness of items runs from -1.5 to 1.5 by number, abilities are between -1 and 1. */
export function randomLog({ seed, learners, answers, items, combinations = COMBINATIONS }: RandomLogOptions): AnswerLog {
  const random = seeded(seed);
  const rows = learners * answers;
  const item = new Int32Array(rows);
  const right = new Uint8Array(rows);
  for (let learner = 0; learner < learners; learner++) {
    const ability = 2 * random() - 1;
    for (let row = learner * answers; row < (learner + 1) * answers; row++) {
      const number = Math.floor(random() * items);
      item[row] = number;
      right[row] = random() < logistic(0.5 + ability + (3 * number) / items - 1.5) ? 1 : 0;
    }
  }
  return {
    vocabulary: {
      items: Array.from({ length: items }, (_, n) => `item-${n}`),
      skills: [...new Set(combinations.flat())].map((n) => `skill-${n}`),
      combinations: combinations.map((numbers) => Int32Array.from(numbers)),
    },
    learners: Array.from({ length: learners }, (_, n) => `learner-${n}`),
    starts: Int32Array.from({ length: learners + 1 }, (_, n) => n * answers),
    item,
    combination: item.map((number) => number % combinations.length),
    right,
    at: null,
  };
}
