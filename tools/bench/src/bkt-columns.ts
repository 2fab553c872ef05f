// The least that knowing learners costs: P(not known) of a learner's skill, from arrays of numbers into an array of numbers.
import type { Envelope } from '@trellis/event-sourcing';
import type { AnswerData } from '@trellis/learning';
import { DEFAULT_CALIBRATION, traceUnknown } from '@trellis/mastery';

export class BktColumns {
  private readonly cell: Uint32Array;
  private readonly score: Float64Array;
  private readonly unknown: Float64Array;

  constructor(events: readonly Envelope[]) {
    const learners = new Map<string, number>();
    const skills = new Map<string, number>();
    const number = (of: Map<string, number>, name: string): number => of.get(name) ?? (of.set(name, of.size), of.size - 1);
    // Only answers are in these logs. An answer with several skills counts as several.
    const answers = events.flatMap(({ stream, data }) => {
      const { skills: of, score } = data as AnswerData;
      return of.map((skill) => ({ learner: number(learners, stream), skill: number(skills, skill), score: score ?? 0 }));
    });
    this.unknown = new Float64Array(learners.size * skills.size);
    this.cell = Uint32Array.from(answers, ({ learner, skill }) => learner * skills.size + skill);
    this.score = Float64Array.from(answers, ({ score }) => score);
  }

  fold(): number {
    const { unknown } = this;
    unknown.fill(1 - DEFAULT_CALIBRATION.bkt.prior);
    for (let n = 0; n < this.cell.length; n++) {
      const at = this.cell[n] ?? 0;
      unknown[at] = traceUnknown(unknown[at] ?? 0, this.score[n] ?? 0, DEFAULT_CALIBRATION.bkt);
    }
    return unknown.length;
  }
}

/** The same of events as a codec gives them: what looking skills up by their names adds. */
export function bktOfEvents(events: readonly Envelope[]): number {
  const learners = new Map<string, Map<string, number>>();
  for (const { stream, data } of events) {
    let unknown = learners.get(stream);
    if (unknown === undefined) learners.set(stream, (unknown = new Map()));
    const { skills, score } = data as AnswerData;
    for (const skill of skills) unknown.set(skill, traceUnknown(unknown.get(skill) ?? 1 - DEFAULT_CALIBRATION.bkt.prior, score ?? 0, DEFAULT_CALIBRATION.bkt));
  }
  return learners.size;
}
