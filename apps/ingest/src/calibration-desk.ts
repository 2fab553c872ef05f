// Publishing calibrations and choosing the one in force: the rules decide, the log keeps, this process knows at once.
import { isRefusal, load, transact, type Refusal, type Revision, type Sources } from '@trellis/event-sourcing';
import {
  CALIBRATION_SCHEMA,
  calibration as rules,
  calibrationStream,
  eventSchema,
  type ActivateCalibration,
  type CalibrationActivated,
  type CalibrationDocument,
  type CalibrationPublished,
  type CalibrationRefusal,
  type PublishCalibration,
  type PublishedCalibration,
  type TenantId,
} from '@trellis/learning';
import { digest16, schemaOf, uuidV5 } from '@trellis/service';
import { calibrationView, type Activation, type Calibrations } from '@trellis/views';
import { appendParts } from './parts-append.js';

/** Its type is what the schema describes. */
export const calibrationSchema = schemaOf<CalibrationDocument>(CALIBRATION_SCHEMA);

export interface CalibrationStanding {
  readonly calibration: string;
  /** False: it was so already. */
  readonly changed: boolean;
  /** The one in force now. */
  readonly active: string;
}

export interface CalibrationList {
  readonly active: string;
  readonly published: readonly PublishedCalibration[];
  readonly activations: readonly Activation[];
}

export type CalibrationAnswer = CalibrationStanding | Refusal<CalibrationRefusal>;

export class CalibrationDesk {
  constructor(
    private readonly sources: Sources,
    private readonly calibrations: Calibrations,
    private readonly now: () => number,
  ) {}

  async publish(tenant: TenantId, document: CalibrationDocument): Promise<CalibrationAnswer> {
    const digest = digest16(JSON.stringify(document));
    const settled = await this.settle(tenant, { type: 'PublishCalibration', document, digest });
    if (isRefusal(settled)) return settled;
    const { published } = this.list(tenant);
    return { calibration: published.find((known) => known.digest === digest)?.id ?? '', changed: settled.events.length > 0, active: this.calibrations.current(tenant).id };
  }

  async activate(tenant: TenantId, calibration: string): Promise<CalibrationAnswer> {
    const settled = await this.settle(tenant, { type: 'ActivateCalibration', calibration });
    return isRefusal(settled) ? settled : { calibration, changed: settled.events.length > 0, active: this.calibrations.current(tenant).id };
  }

  list(tenant: TenantId): CalibrationList {
    const { state, activations } = this.calibrations.list(tenant);
    return { active: state.active, published: state.published, activations };
  }

  /** As it was published; null if there is none. */
  document(tenant: TenantId, calibration: string): Promise<CalibrationDocument | null> {
    return this.calibrations.document(tenant, calibration);
  }

  private async settle(tenant: TenantId, command: PublishCalibration | ActivateCalibration) {
    const { store, codec } = this.sources;
    const occurredAt = this.now();
    // The revision is part of the id: activating, rolling back and activating again are three events.
    const encoded = (event: CalibrationPublished | CalibrationActivated, expected: Revision) => {
      const digest = digest16(JSON.stringify(event.data));
      const id = uuidV5([tenant, event.type, digest, expected].join('\n'));
      return codec.encode(id, digest, event, { source: 'api', occurredAt, schema: eventSchema(event.type) });
    };
    const settled = await transact(
      {
        load: async () => {
          const { state, revision } = await load(this.sources, calibrationView, tenant);
          return { state: state.state, revision };
        },
        append: (events, expected) => appendParts(store, calibrationStream(tenant), events.map((event) => encoded(event, expected)), expected),
      },
      rules,
      command,
    );
    if (!isRefusal(settled)) await this.calibrations.refresh(tenant);
    return settled;
  }
}
