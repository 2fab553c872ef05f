// `trellis course publish`: a course file, or a table of item-to-skill links, becomes the next version of a course.
import { basename, dirname, resolve } from 'node:path';
import { isRefusal } from '@trellis/event-sourcing';
import { CourseDesk, courseSchema, type Published } from '@trellis/ingest';
import { CURRICULUM_PATTERN, type CourseContent, type CourseId } from '@trellis/learning';
import { DEFAULT_TENANT, shown } from '@trellis/service';
import { Failure, messageOf, wrongUsage } from './failure.js';
import { inspect, textOf } from './input-file.js';
import type { Io, Outcome } from './io.js';
import { counted, secondsSince } from './progress.js';
import { courseOfLinks } from './q-matrix.js';
import { clientOf, onEngine, type TargetOptions } from './target.js';

export interface PublishOptions extends TargetOptions {
  readonly id?: string;
  readonly qMatrix?: string;
  readonly title?: string;
  readonly language?: string;
  readonly map: readonly string[];
}

const COURSE_BYTES_MAX = 64 * 1024 * 1024;
/** BCP 47 for "undetermined": a table of ids is in no language. */
const NO_LANGUAGE = 'und';

export async function publishCourse(file: string | undefined, options: PublishOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const { id, content } = await courseFrom(file, options, io);
  const client = clientOf(options, io);
  const published =
    client === null
      ? await onEngine(options, io, 'make', async (engine) => {
          const answer = await new CourseDesk(engine.sources, engine.catalogue, io.now).publish(DEFAULT_TENANT, id, content);
          if (isRefusal(answer)) throw new Failure(answer.detail ?? `the course is refused: ${answer.refused}`);
          for (const projector of engine.projectors) await projector.catchUp(io.signal);
          return answer;
        })
      : // The service answers `Published`; what is missing in another's answer shows in the output.
        ((await client.send({ method: 'PUT', path: `/v1/courses/${encodeURIComponent(id)}`, body: JSON.stringify(content) })) as Published);
  const { course, version, skills, items, changed } = published;
  const seconds = secondsSince(start);
  const what = changed ? 'published' : 'unchanged: this very content was in force already';
  return {
    json: { course, version, skills, items, seconds, changed },
    text: `${course} version ${version} (${counted(skills)} skills, ${counted(items)} items) ${what}, ${seconds} s`,
  };
}

async function courseFrom(file: string | undefined, options: PublishOptions, { cwd }: Io): Promise<{ readonly id: CourseId; readonly content: CourseContent }> {
  const { qMatrix, title, language = NO_LANGUAGE, map } = options;
  if ((file === undefined) === (qMatrix === undefined)) throw wrongUsage('name either a course file or --q-matrix <table>');
  if (qMatrix !== undefined) {
    const id = courseId(options.id, 'a table of links names no course');
    const content = await courseOfLinks(await inspect(resolve(cwd, qMatrix)), { title: title ?? id, language, map });
    return { id, content: courseSchema.parse(content) };
  }
  for (const [name, value] of Object.entries({ title, language: options.language, map: map[0] })) {
    if (value !== undefined) throw wrongUsage(`--${name} goes with --q-matrix: a course file has its own`);
  }
  const path = resolve(cwd, file ?? '');
  return { id: courseId(options.id ?? nameOf(path), 'the file gives no usable name'), content: courseSchema.parse(jsonOf(await textOf(path, COURSE_BYTES_MAX), path)) };
}

/** `algebra.json` is the course `algebra`, and so is `algebra/course.json`. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.gz$/, '').replace(/\.json$/, '');
  return name === 'course' ? basename(dirname(path)) : name;
}

function courseId(text: string | undefined, why: string): CourseId {
  if (text === undefined) throw wrongUsage(`--id is missing, and ${why}; add --id <course>`);
  if (!new RegExp(CURRICULUM_PATTERN).test(text)) throw wrongUsage(`the course's id is ${shown(text)}; with --id give 1 to 128 of A-Z a-z 0-9 . _ : ~ -`);
  // The pattern is that of course ids.
  return text as CourseId;
}

function jsonOf(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${path} is not valid JSON: ${messageOf(error)}`);
  }
}
