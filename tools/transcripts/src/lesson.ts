// A lesson: everybody works at their own speed for so many minutes, the platform between them and the engine.
import type { Item } from '@trellis/learning';
import type { RecommendationBody } from '@trellis/recommendation';
import { answerOf, openScore, type Answered, type Pupil } from './pupils.js';
import type { Assessment } from './bodies.js';
import { COURSE, type School } from './school.js';

/** One item that one learner was given, and what came of it. */
export interface Step {
  readonly pupil: Pupil;
  /** Minutes since the lesson began. */
  readonly minute: number;
  readonly given: RecommendationBody;
  /** Null: there was nothing for this learner to do. */
  readonly item: Item | null;
  /** Null: open work, or a lesson that was read. */
  readonly isRight: boolean | null;
  /** Part of a unit check. */
  readonly isCheck: boolean;
  /** P(known) of each of its skills after it, by what the engine knows. */
  readonly after: ReadonlyMap<string, number>;
}

/** Something a learner says in the middle of a lesson; the platform then asks anew. */
export interface Said {
  readonly pupil: string;
  readonly minute: number;
  readonly type: string;
  readonly data: object;
}

export interface LessonPlan {
  readonly name: string;
  readonly start: number;
  readonly minutes: number;
  readonly said?: readonly Said[];
  /** Which of several options this learner takes; the first if left out. */
  readonly choose?: (pupil: Pupil, given: RecommendationBody) => string | undefined;
  /** A learner who is ready for the unit check takes it, once a lesson. */
  readonly check?: (pupil: Pupil) => object;
  /** After a check. */
  readonly checked?: (pupil: Pupil, checked: Assessment) => Promise<void>;
  /** Something that happens to the class at a minute, before the next item is asked for. */
  readonly events?: readonly { readonly minute: number; readonly happen: () => Promise<void> }[];
}

interface Turn {
  readonly pupil: Pupil;
  /** When this learner is done with what they are doing. */
  at: number;
  asked: number;
  given: RecommendationBody | null;
  doing: Doing | null;
  check: { readonly assessment: string; readonly left: string[] } | null;
  isChecked: boolean;
}

interface Doing extends Answered {
  readonly item: Item;
  readonly given: RecommendationBody;
  readonly minute: number;
  /** The check that it is part of. */
  readonly session?: string;
}

interface AnsweredBody {
  readonly skills: readonly { readonly skill: string; readonly after: number }[];
  readonly recommendation: RecommendationBody | null;
}

export const MINUTE_MS = 60_000;
/** Whoever has nothing to do asks again after so long. */
const WAIT_MS = 5 * MINUTE_MS;
const OPTIONS = 3;
/** Learners do not all begin in the same second. */
const BEGIN_APART_MS = 2_000;

export interface Checked {
  readonly pupil: Pupil;
  readonly checked: Assessment;
}

export async function lesson(school: School, pupils: readonly Pupil[], plan: LessonPlan): Promise<{ readonly steps: readonly Step[]; readonly checks: readonly Checked[] }> {
  const held = new Lesson(school, pupils, plan);
  return { steps: await held.held(), checks: held.checks };
}

class Lesson {
  readonly checks: Checked[] = [];
  private readonly steps: Step[] = [];
  private readonly turns: readonly Turn[];
  private readonly said: Said[];
  private readonly events: NonNullable<LessonPlan['events']>[number][];
  private readonly scores: object[] = [];

  constructor(
    private readonly school: School,
    pupils: readonly Pupil[],
    private readonly plan: LessonPlan,
  ) {
    this.turns = pupils.map((pupil, at) => ({ pupil, at: plan.start + at * BEGIN_APART_MS, asked: 0, given: null, doing: null, check: null, isChecked: false }));
    this.said = [...(plan.said ?? [])];
    this.events = [...(plan.events ?? [])];
  }

  async held(): Promise<readonly Step[]> {
    const { clock, call } = this.school;
    const end = this.plan.start + this.plan.minutes * MINUTE_MS;
    for (;;) {
      // Whoever has begun an item finishes it.
      const turn = this.turns.filter(({ at, doing }) => at < end || doing !== null).sort((a, b) => a.at - b.at)[0];
      if (turn === undefined) break;
      clock.moveTo(turn.at);
      await this.happen(turn);
      if (turn.doing !== null) await this.handIn(turn, turn.doing);
      if (turn.at < end) await this.next(turn);
    }
    clock.moveTo(end);
    // What has no key is scored by the teacher after the lesson.
    if (this.scores.length > 0) await call('POST', 'events', this.scores);
    return this.steps;
  }

  private minuteOf({ at }: Turn): number {
    return Math.floor((at - this.plan.start) / MINUTE_MS);
  }

  private async happen(turn: Turn): Promise<void> {
    for (const due of this.events.filter((each) => each.minute <= this.minuteOf(turn))) {
      this.events.splice(this.events.indexOf(due), 1);
      await due.happen();
      // What was chosen before it does not hold any more.
      for (const each of this.turns) each.given = null;
    }
  }

  private async handIn(turn: Turn, { item, given, minute, response, isRight, durationMs, session }: Doing): Promise<void> {
    const { pupil, check } = turn;
    const { call } = this.school;
    const id = `${this.plan.name}-${pupil.id}-${turn.asked}`;
    turn.doing = null;
    const next = session !== undefined ? 0 : given.offer === 'options' ? OPTIONS : 1;
    const body = { id, item: item.id, response, durationMs, ...(session === undefined ? { recommendation: given.recommendationId } : { session }) };
    const answered = await call<AnsweredBody>('POST', `learners/${pupil.id}/answers?next=${next}`, body);
    turn.given = answered.recommendation ?? null;
    this.steps.push({ pupil, minute, given, item, isRight, isCheck: session !== undefined, after: new Map(answered.skills.map(({ skill, after }) => [skill, after])) });
    const scored = { id: `${id}-scored`, type: 'AnswerScored', learner: pupil.id, data: { answer: id, score: openScore(pupil, item), by: 'teacher-1' } };
    // What is done in a lesson's item is talked about, and not scored; a check is scored at once.
    if (isRight === null && session !== undefined) await call('POST', 'events', [scored]);
    else if (isRight === null && item.kind !== 'lesson') this.scores.push(scored);
    if (check === null || check.left.length > 0) return;
    turn.check = null;
    const checked = await call<Assessment>('POST', `learners/${pupil.id}/assessments/${check.assessment}/complete`, {});
    this.checks.push({ pupil, checked });
    await this.plan.checked?.(pupil, checked);
  }

  private async next(turn: Turn): Promise<void> {
    const { call } = this.school;
    const { pupil } = turn;
    turn.asked++;
    const requestId = `${this.plan.name}-${turn.asked}`;
    for (const [at, word] of this.said.filter((each) => each.pupil === pupil.id && each.minute <= this.minuteOf(turn)).entries()) {
      this.said.splice(this.said.indexOf(word), 1);
      await call('POST', 'events', [{ id: `${requestId}-${pupil.id}-said-${at}`, type: word.type, learner: pupil.id, data: word.data }]);
      turn.given = null;
    }
    const inCheck = turn.check?.left.shift();
    const given = turn.given ?? (turn.check === null ? await ask(this.school, pupil, requestId) : this.last(turn));
    turn.given = null;
    if (inCheck !== undefined) return this.begin(turn, given, inCheck);
    if (given.pacing.action === 'assess' && this.plan.check !== undefined && !turn.isChecked) {
      turn.isChecked = true;
      this.steps.push({ pupil, minute: this.minuteOf(turn), given, item: null, isRight: null, isCheck: false, after: new Map() });
      const { assessment, items } = await call<Assessment>('POST', `learners/${pupil.id}/assessments`, { course: COURSE, requestId, by: 'learner', ...this.plan.check(pupil) });
      turn.check = { assessment, left: items.map(({ item }) => item) };
      const first = turn.check.left.shift();
      if (first !== undefined) return this.begin(turn, given, first);
    }
    const id = await this.chosen(turn, given);
    if (id !== undefined) return this.begin(turn, given, id);
    this.steps.push({ pupil, minute: this.minuteOf(turn), given, item: null, isRight: null, isCheck: false, after: new Map() });
    turn.at += WAIT_MS;
  }

  private begin(turn: Turn, given: RecommendationBody, id: string): void {
    const { course } = this.school;
    const item = course.items.find((each) => each.id === id);
    if (item === undefined) throw new Error(`${turn.pupil.id}: item ${id} is not in the course`);
    turn.doing = { item, given, minute: this.minuteOf(turn), ...answerOf(turn.pupil, item, course), ...(turn.check === null ? {} : { session: turn.check.assessment }) };
    turn.at += turn.doing.durationMs;
  }

  /** What a check goes on under. */
  private last({ pupil }: Turn): RecommendationBody {
    const step = this.steps.findLast((each) => each.pupil === pupil);
    if (step === undefined) throw new Error(`${pupil.id}: a check began with nothing before it`);
    return step.given;
  }

  private async chosen({ pupil }: Turn, given: RecommendationBody): Promise<string | undefined> {
    const [first] = given.items;
    if (given.offer !== 'options') return first?.item;
    const item = this.plan.choose?.(pupil, given) ?? first?.item;
    if (item !== undefined) await this.school.call('POST', `recommendations/${given.recommendationId}/accept`, { item });
    return item;
  }
}

export function ask({ call }: School, { id }: Pick<Pupil, 'id'>, requestId: string, wish: object = {}): Promise<RecommendationBody> {
  return call<RecommendationBody>('POST', `learners/${id}/recommendations`, { course: COURSE, requestId, ...wish });
}
