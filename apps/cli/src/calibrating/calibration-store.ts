// Where calibrations are: in a data folder, or behind a running service.
import { isRefusal, renewRows } from '@trellis/event-sourcing';
import { CalibrationDesk, type CalibrationAnswer, type CalibrationStanding } from '@trellis/ingest';
import { rowKey, type CalibrationDocument, type PublishedCalibration } from '@trellis/learning';
import { DEFAULT_TENANT, formatTime } from '@trellis/service';
import { calibrationOf } from '@trellis/views';
import { DEFAULT_CALIBRATION, type Calibration } from '@trellis/mastery';
import type { Engine } from '@trellis/engine';
import { Failure } from '../failure.js';
import type { Io } from '../io.js';
import type { ServiceClient } from '../service-client.js';

export interface Listed {
  readonly active: string;
  readonly published: readonly PublishedCalibration[];
  readonly activations: readonly { readonly calibration: string; readonly at: string }[];
}

export interface CalibrationStore {
  list(): Promise<Listed>;
  /** Null if there is none. */
  document(id: string): Promise<CalibrationDocument | null>;
  /** The one in force. */
  current(): Promise<Calibration>;
  publish(document: CalibrationDocument): Promise<CalibrationStanding>;
  activate(id: string): Promise<CalibrationStanding>;
}

/** `signal` may break off folding rows again: readers do it for the row that they need. */
export function inEngine({ sources, calibrations, recommender }: Engine, { now, signal }: Pick<Io, 'now' | 'signal'>): CalibrationStore {
  const desk = new CalibrationDesk(sources, calibrations, now);
  return {
    list() {
      const { activations, ...rest } = desk.list(DEFAULT_TENANT);
      return Promise.resolve({ ...rest, activations: activations.map(({ calibration, at }) => ({ calibration, at: formatTime(at) })) });
    },
    document: (id) => desk.document(DEFAULT_TENANT, id),
    current: () => Promise.resolve(calibrations.current(DEFAULT_TENANT)),
    publish: async (document) => standing(await desk.publish(DEFAULT_TENANT, document)),
    async activate(id) {
      const activated = standing(await desk.activate(DEFAULT_TENANT, id));
      if (activated.changed) await renewRows(sources, recommender.learners, { prefix: rowKey(DEFAULT_TENANT, ''), signal });
      return activated;
    },
  };
}

export function overHttp(client: ServiceClient): CalibrationStore {
  // What these routes answer.
  const list = async (): Promise<Listed> => (await client.send({ method: 'GET', path: '/v1/calibrations' })) as Listed;
  const document = async (id: string): Promise<CalibrationDocument | null> => {
    const { published } = await list();
    if (!published.some((known) => known.id === id)) return null;
    return (await client.send({ method: 'GET', path: `/v1/calibrations/${encodeURIComponent(id)}` })) as CalibrationDocument;
  };
  return {
    list,
    document,
    async current() {
      const { active } = await list();
      const published = await document(active);
      return published === null ? DEFAULT_CALIBRATION : calibrationOf(active, published);
    },
    publish: async (content) => (await client.send({ method: 'POST', path: '/v1/calibrations', body: JSON.stringify(content) })) as CalibrationStanding,
    activate: async (calibration) => (await client.send({ method: 'PUT', path: '/v1/calibrations/active', body: JSON.stringify({ calibration }) })) as CalibrationStanding,
  };
}

function standing(answer: CalibrationAnswer): CalibrationStanding {
  if (isRefusal(answer)) throw new Failure(answer.detail ?? answer.refused);
  return answer;
}
