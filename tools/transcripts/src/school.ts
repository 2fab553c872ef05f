// The services as a school would run them, on a folder that goes away and a clock that the script moves: what a platform and a teacher say and
// hear goes over HTTP.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '@trellis/engine';
import type { CourseContent } from '@trellis/learning';
import { Clock, createService, readConfig } from '@trellis/service';
import { StandaloneModule } from '@trellis/standalone';

/** Stands still until the script moves it on. */
class LessonClock extends Clock {
  constructor(private ms: number) {
    super();
  }

  override now(): number {
    return this.ms;
  }

  /** Never back. */
  moveTo(ms: number): void {
    this.ms = Math.max(this.ms, ms);
  }
}

export interface School {
  readonly clock: LessonClock;
  readonly course: CourseContent;
  /** JSON over HTTP; whatever is refused ends the script. `Body` is the script's claim of what comes back. */
  readonly call: <Body = unknown>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) => Promise<Body>;
  readonly close: () => Promise<void>;
}

/** What goes wrong comes back as an answer. */
const SILENT = { write: (): void => undefined };

export const COURSE = 'fractions';
const COURSE_FILE = new URL('../../../samples/fractions/course.json', import.meta.url);

/** With the fractions course published. */
export async function openSchool(start: number): Promise<School> {
  const folder = await mkdtemp(join(tmpdir(), 'trellis-transcripts-'));
  const clock = new LessonClock(start);
  const engine = await openEngine(folder, { now: () => clock.now() });
  const config = readConfig({ TRELLIS_DATA: folder, TRELLIS_PORT: '0' });
  const service = await createService(StandaloneModule.over(engine), { name: 'trellis', config, clock, logTo: SILENT, close: () => engine.close() });
  const close = async (): Promise<void> => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = await service.listen();
    const call: School['call'] = async (method, path, body) => {
      const sent = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const answer = await fetch(`${url}/v1/${path}`, { method, ...sent });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} ${JSON.stringify(body)}: ${answer.status} ${text}`);
      return JSON.parse(text) as never;
    };
    // The course is checked when it is published.
    const course = JSON.parse(await readFile(COURSE_FILE, 'utf8')) as CourseContent;
    await call('PUT', `courses/${COURSE}`, course);
    return { clock, course, call, close };
  } catch (error) {
    await close();
    throw error;
  }
}
