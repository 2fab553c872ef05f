// The course whose skills the worlds have, refused before the work where nothing could be drawn from it.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { courseSchema } from '@trellis/ingest';
import type { CourseContent } from '@trellis/learning';
import { courseGraph, TARGET_SECTIONS, targetSections, type CourseGraph } from '@trellis/simulation';
import { Failure, messageOf, whyNotRead } from '../failure.js';
import type { Io } from '../io.js';

const SAMPLE = fileURLToPath(new URL('../../../../samples/elementary-algebra/course.json', import.meta.url));

export async function courseOf(path: string | undefined, { cwd }: Pick<Io, 'cwd'>): Promise<CourseContent> {
  const file = path === undefined ? SAMPLE : resolve(cwd, path);
  const content = courseSchema.parse(parsed(file, await textOf(file)), 'course');
  const { length } = targetSections(graphOf(file, content));
  if (length < TARGET_SECTIONS) {
    const there = length === 0 ? 'no section' : length === 1 ? 'one section' : `${length} sections`;
    throw new Failure(`${file} has ${there} with skills in chapters 2 to 10; students are given ${TARGET_SECTIONS} of them as targets`);
  }
  return content;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw whyNotRead(file, error);
  }
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure(`${file} is no JSON: ${messageOf(error)}`, undefined, { cause: error });
  }
}

function graphOf(file: string, content: CourseContent): CourseGraph {
  try {
    return courseGraph(content);
  } catch (error) {
    throw new Failure(`${file}: ${messageOf(error)}; list each skill after those that it rests on`, undefined, { cause: error });
  }
}
