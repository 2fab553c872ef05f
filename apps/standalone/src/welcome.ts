// What to open and what to try, for whoever has just started Trellis.
import type { Engine } from '@trellis/engine';
import { DEFAULT_TENANT } from '@trellis/service';
import { SAMPLE_COURSE, type Loaded } from './sample.js';

export interface Welcome {
  readonly url: string;
  readonly data: string;
  readonly sample: Loaded | null;
  readonly keys: boolean;
}

/** Two lines to try if the sample course is there; with keys configured they carry a placeholder for one. */
export function welcome(engine: Engine, { url, data, sample, keys }: Welcome): string {
  const loaded = sample === null ? [] : [`  sample     class ${sample.classroom}: ${sample.learners} learners, ${sample.answers} answers of the last two weeks`];
  const item = engine.catalogue.course(DEFAULT_TENANT, SAMPLE_COURSE)?.content.items.find(({ key }) => key?.type === 'number');
  const auth = keys ? `-H 'authorization: Bearer <key>' ` : '';
  const body = JSON.stringify({ item: item?.id, response: item?.key?.values[0] });
  const tries =
    item === undefined
      ? []
      : [
          '',
          '  send an answer:',
          `  curl -s -X POST ${url}/v1/learners/learner-01/answers ${auth}-H 'content-type: application/json' -d '${body}'`,
          '',
          '  ask what next:',
          `  curl -s -X POST ${url}/v1/learners/learner-01/recommendations ${auth}-H 'content-type: application/json' -d '{"count":3}'`,
        ];
  const lines = ['', '  Trellis is ready.', '', `  open       ${url}/docs`, `  data       ${data}`, ...loaded, ...tries, '', '  Ctrl-C stops it; the next start goes on with the same data.', ''];
  return lines.join('\n');
}
