// Learners at work on the sample course: who answers what, when and how, the same in every run.
import { readFileSync } from 'node:fs';
import type { CourseContent, CourseId, Item, ItemId, LearnerId } from '@trellis/learning';
import { courseMap } from '@trellis/recommendation';
import type { PublishedCourse } from '@trellis/views';

export const COURSE = 'elementary-algebra' as CourseId;
export const STANDALONE_MAIN = new URL('../../../apps/standalone/dist/main.js', import.meta.url).pathname;

/** When the history of every learner begins. */
export const BEGIN = Date.UTC(2026, 0, 5, 8);
export const ANSWER_EVERY_MS = 40_000;

/** A learner stays with a skill for about so many answers, and is right this often. */
const ANSWERS_A_SKILL = 4;
const RIGHT = 0.75;

export function sampleContent(): CourseContent {
  const file = new URL('../../../samples/elementary-algebra/course.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as CourseContent; // its script has checked it against the schema
}

export function publishedSample(): PublishedCourse {
  const content = sampleContent();
  return {
    id: COURSE,
    version: 1,
    content,
    items: new Map(content.items.map((item) => [item.id, item])),
    skills: new Set(content.skills.map(({ id }) => id)),
  };
}

export interface Answered {
  readonly item: Item;
  readonly correct: boolean;
  readonly durationMs: number;
  /** Counted from 0 for each learner. */
  readonly ordinal: number;
}

/** How the sides of a benchmark know their learners. */
export function learnerName(number: number): LearnerId {
  return `learner-${String(number).padStart(5, '0')}` as LearnerId;
}

/** Walks through the practice items of the course skill by skill, in learning order. */
export class Learners {
  private readonly bySkill: readonly (readonly Item[])[];

  constructor(course: PublishedCourse) {
    const { skills, learningOrder } = courseMap(course);
    this.bySkill = learningOrder.map((number) => (skills[number]?.practice ?? []).map(({ item }) => item)).filter((items) => items.length > 0);
  }

  /** The endless work of one learner, who begins at a place of the course, counted in skills. */
  *work(learner: number, from = 0): Generator<Answered, never> {
    const random = numbersFrom(learner + 1);
    let skill = from;
    for (let ordinal = 0; ; ordinal++) {
      const items = this.bySkill[skill % this.bySkill.length] ?? [];
      const item = items[Math.floor(random() * items.length)];
      if (item === undefined) throw new Error('the sample course has a skill without items');
      yield { item, correct: random() < RIGHT, durationMs: 5_000 + Math.floor(random() * 60_000), ordinal };
      if (random() < 1 / ANSWERS_A_SKILL) skill++;
    }
  }

  /** One answer of a learner without those before it: where there are too many learners to keep the work of each. */
  answer(learner: number, ordinal: number): Answered {
    const items = this.bySkill[(learner + Math.floor(ordinal / ANSWERS_A_SKILL)) % this.bySkill.length] ?? [];
    const random = drawn(learner, ordinal);
    const item = items[random % items.length];
    if (item === undefined) throw new Error('the sample course has a skill without items');
    return { item, correct: random < RIGHT * 2 ** 32, durationMs: 5_000 + (random % 60_000), ordinal };
  }
}

/** A number in [0, 2^32) that looks drawn, the same for the same two. */
function drawn(a: number, b: number): number {
  const mixed = Math.imul(Math.imul(a + 1, 0x9e3779b1) ^ Math.imul(b + 1, 0x85ebca6b), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

export interface SentAnswer {
  readonly id: string;
  readonly type: 'AnswerGiven';
  readonly learner: LearnerId;
  readonly source: string;
  readonly occurredAt: string;
  readonly data: { readonly item: ItemId; readonly correct: boolean; readonly durationMs: number };
}

/** As a platform would send it. Nobody's times go back, so that no answer comes late. */
export function sent(id: string, learner: number, { item, correct, durationMs, ordinal }: Answered): SentAnswer {
  const occurredAt = new Date(BEGIN + ordinal * ANSWER_EVERY_MS).toISOString();
  return { id, type: 'AnswerGiven', learner: learnerName(learner), source: 'bench', occurredAt, data: { item: item.id, correct, durationMs } };
}

/** Numbers in [0, 1) that a seed repeats: xorshift32 (Marsaglia, 2003). */
export function numbersFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}
