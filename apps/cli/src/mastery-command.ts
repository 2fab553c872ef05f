// `trellis mastery`: what a learner has mastered, as `GET /v1/learners/{id}/mastery` answers it.
import { isRefusal } from '@trellis/event-sourcing';
import type { CourseId } from '@trellis/learning';
import { learnerSchema, masteryBody, MasteryHandler, MasteryQuery, type MasteryBody } from '@trellis/recommender';
import { DEFAULT_TENANT, parseTime } from '@trellis/service';
import { Failure, wrongUsage } from './failure.js';
import type { Io, Outcome } from './io.js';
import { aligned } from './aligned.js';
import { clientOf, onEngine, type TargetOptions } from './target.js';

export interface MasteryOptions extends TargetOptions {
  readonly course?: string;
  readonly asOf?: string;
}

export async function showMastery(learner: string, options: MasteryOptions, io: Io): Promise<Outcome> {
  const { course, asOf } = options;
  const time = asOf === undefined ? null : parseTime(asOf);
  if (time?.code !== undefined) throw wrongUsage(`--as-of ${time.message}`);
  const id = learnerSchema.parse(learner, 'learner');
  const client = clientOf(options, io);
  if (client !== null) {
    const query = new URLSearchParams({ ...(course === undefined ? {} : { course }), ...(asOf === undefined ? {} : { asOf }) }).toString();
    const path = `/v1/learners/${encodeURIComponent(id)}/mastery${query === '' ? '' : `?${query}`}`;
    return outcomeOf((await client.send({ method: 'GET', path })) as MasteryBody); // what this route answers
  }
  return onEngine(options, io, 'read', async ({ recommender, catalogue }) => {
    const query = new MasteryQuery(DEFAULT_TENANT, id, {
      now: io.now(),
      // A course of another shape is as unknown as any that was not published.
      ...(course === undefined ? {} : { course: course as CourseId }),
      ...(time === null ? {} : { asOf: time.ms }),
    });
    const mastery = await new MasteryHandler(recommender, catalogue).execute(query);
    if (isRefusal(mastery)) throw new Failure(mastery.detail ?? mastery.refused);
    return outcomeOf(masteryBody(mastery));
  });
}

function outcomeOf(mastery: MasteryBody): Outcome {
  const { learner, course, asOf, basedOn, skills } = mastery;
  const practised = skills.filter(({ answers }) => answers > 0);
  const head = `${learner}${course === null ? '' : ` in ${course}`}: ${practised.length} ${course === null ? '' : `of ${skills.length} `}skills practised, ${practised.filter(({ status }) => status === 'mastered').length} mastered`;
  const rows = practised.map(({ skill, mastery: known, recall, answers, right, status, lastAt, reviewAt }) => [skill, known.toFixed(4), recall?.toFixed(2) ?? '-', `${right} of ${answers}`, status, lastAt ?? '', reviewAt?.slice(0, 10) ?? '-']);
  const table = rows.length === 0 ? [] : aligned([['skill', 'mastery', 'recall', 'right', 'status', 'last answer', 'review from'], ...rows]);
  return { json: mastery, text: [head, `  as of ${asOf}, history up to revision ${basedOn.revision}`, ...table.map((line) => `  ${line}`)].join('\n') };
}
