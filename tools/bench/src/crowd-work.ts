// What a crowd sends: answers and wishes for a next item in turns, each known by its number, made beforehand but for its id.
import type { LearnerId } from '@trellis/learning';
import { COURSE, learnerName, Learners, publishedSample, type Answered } from './course-work.js';
import { jsonRequest } from './http-connection.js';

/** Of each learner; which one is sent is drawn, as the learner is. */
const READY_BITS = 5;
const ANSWERS_READY = 2 ** READY_BITS;
const ID_DIGITS = 10;
const ID_PLACE = '_'.repeat(ID_DIGITS);

interface Ready {
  readonly bytes: Buffer;
  readonly idAt: number;
  readonly data: { readonly item: string; readonly correct: boolean; readonly durationMs: number };
}

export type CrowdKind = 'answer' | 'wish';

export function kindOf(number: number): CrowdKind {
  return number % 2 === 0 ? 'answer' : 'wish';
}

export class CrowdWork {
  private readonly answers: readonly (readonly Ready[])[];
  private readonly wishes: readonly Buffer[];

  /** Learners who have given so many answers already. */
  constructor(url: URL, { learners, after }: { readonly learners: number; readonly after: number }) {
    const course = new Learners(publishedSample());
    const wish = JSON.stringify({ course: COURSE, count: 1 });
    this.wishes = Array.from({ length: learners }, (_, learner) => jsonRequest('POST', url, `/v1/learners/${learnerName(learner)}/recommendations`, wish));
    this.answers = Array.from({ length: learners }, (_, learner) => {
      const work = course.work(learner);
      for (let n = 0; n < after; n++) work.next();
      return Array.from({ length: ANSWERS_READY }, () => ready(url, learner, work.next().value));
    });
  }

  request(number: number): Buffer {
    return kindOf(number) === 'answer' ? this.answer(number) : (this.wishes[this.learner(number)] ?? missing(number));
  }

  /** The same answer as an event. */
  event(number: number): { readonly type: 'AnswerGiven'; readonly id: string; readonly learner: LearnerId; readonly data: Ready['data'] } {
    return { type: 'AnswerGiven', id: idOf(number), learner: learnerName(this.learner(number)), data: this.ready(number).data };
  }

  private answer(number: number): Buffer {
    const { bytes, idAt } = this.ready(number);
    // A copy: the bytes of one that waits to be written must not change.
    const own = Buffer.from(bytes);
    own.write(idOf(number), idAt, 'latin1');
    return own;
  }

  private ready(number: number): Ready {
    return this.answers[this.learner(number)]?.[drawn(number) >>> (32 - READY_BITS)] ?? missing(number);
  }

  private learner(number: number): number {
    return drawn(number) % this.wishes.length;
  }
}

function ready(url: URL, learner: number, { item, correct, durationMs }: Answered): Ready {
  const data = { item: item.id, correct, durationMs };
  const bytes = jsonRequest('POST', url, `/v1/learners/${learnerName(learner)}/answers`, JSON.stringify({ id: ID_PLACE, ...data }));
  return { bytes, idAt: bytes.indexOf(ID_PLACE), data };
}

/** A number in [0, 2^32) that looks drawn, the same for the same one (the finalizer of MurmurHash3). */
function drawn(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function idOf(number: number): string {
  return String(number).padStart(ID_DIGITS, '0');
}

function missing(number: number): never {
  throw new Error(`nothing was made for number ${number}`);
}
