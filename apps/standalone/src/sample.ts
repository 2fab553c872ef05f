// The sample course and its class, for the very first start: something to look at and to ask.
import { readFile } from 'node:fs/promises';
import type { Engine } from '@trellis/engine';
import { isRefusal, type Observation } from '@trellis/event-sourcing';
import { CourseDesk, courseSchema, Edge } from '@trellis/ingest';
import type { ClassroomId, CourseId, ItemId, LearnerId } from '@trellis/learning';
import { ClassroomDesk } from '@trellis/recommender';
import { DEFAULT_TENANT, formatTime } from '@trellis/service';

export const SAMPLE_COURSE = 'elementary-algebra' as CourseId;

interface SampleClass {
  readonly classroom: ClassroomId;
  readonly course: CourseId;
  readonly learners: readonly LearnerId[];
  readonly answers: readonly {
    readonly learner: LearnerId;
    readonly item: ItemId;
    readonly correct: boolean;
    readonly minutesBefore: number;
    readonly durationMs: number;
  }[];
}

export interface Loaded {
  readonly classroom: ClassroomId;
  readonly learners: number;
  readonly answers: number;
}

/**
 * Loads the sample where the log is empty, or holds the sample course without its class (a first start that was cut
 * short). Null: there was something already, and it stays as it is. `folder` ends in a slash.
 */
export async function loadSample(engine: Engine, folder: URL, now: () => number): Promise<Loaded | null> {
  const { sources, catalogue } = engine;
  const isEmpty = (await sources.store.head()) === null;
  const courses = catalogue.coursesOf(DEFAULT_TENANT);
  if (!isEmpty && !(courses.length === 1 && courses[0]?.id === SAMPLE_COURSE)) return null;
  const { classroom, course, learners, answers }: SampleClass = JSON.parse(await readFile(new URL('class.json', folder), 'utf8'));
  const content = courseSchema.parse(JSON.parse(await readFile(new URL(`${SAMPLE_COURSE}/course.json`, folder), 'utf8')));
  const published = await new CourseDesk(sources, catalogue, now).publish(DEFAULT_TENANT, SAMPLE_COURSE, content);
  if (isRefusal(published)) throw new Error(`the sample course is refused: ${published.detail}`);
  const desk = new ClassroomDesk(sources, catalogue, now);
  const edge = new Edge(catalogue, sources.codec);
  const start = now();
  const history = answers.map(({ learner, item, correct, minutesBefore, durationMs }, at): Observation => {
    const occurredAt = formatTime(start - minutesBefore * 60_000);
    const observation = edge.observation(DEFAULT_TENANT, { id: `class-${at + 1}`, source: 'sample', type: 'AnswerGiven', learner, occurredAt, data: { item, correct, durationMs } }, { at: start });
    if ('code' in observation) throw new Error(`the sample class is refused: ${observation.message}`);
    return observation;
  });
  // Enrolment comes last: it is what tells a whole sample from one that was cut short.
  if ((await desk.learnersOf(DEFAULT_TENANT, classroom)) > 0) return null;
  const { outcomes } = await sources.store.appendObservations(history);
  const enrolled = await desk.enrol(DEFAULT_TENANT, classroom, { course, learners });
  if (isRefusal(enrolled)) throw new Error(`the sample class is refused: ${enrolled.detail}`);
  return { classroom, learners: enrolled.learners, answers: outcomes.filter((outcome) => outcome === 'accepted').length };
}
