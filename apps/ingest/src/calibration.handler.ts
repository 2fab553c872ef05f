import { Inject } from '@nestjs/common';
import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { CalibrationDocument, TenantId } from '@trellis/learning';
import { CalibrationDesk, type CalibrationAnswer, type CalibrationList } from './calibration-desk.js';

/** What is to become of a tenant's calibrations: a new one, or another one in force. */
export type CalibrationOrder = { readonly publish: CalibrationDocument } | { readonly activate: string };

/** The bus needs a class to route by. */
export class ForCalibrations extends Command<CalibrationAnswer> {
  constructor(
    readonly tenant: TenantId,
    readonly order: CalibrationOrder,
  ) {
    super();
  }
}

@CommandHandler(ForCalibrations)
export class CalibrationHandler implements ICommandHandler<ForCalibrations> {
  constructor(@Inject(CalibrationDesk) private readonly desk: CalibrationDesk) {}

  execute({ tenant, order }: ForCalibrations): Promise<CalibrationAnswer> {
    return 'publish' in order ? this.desk.publish(tenant, order.publish) : this.desk.activate(tenant, order.activate);
  }
}

export interface CalibrationsShown extends CalibrationList {
  /** The one that was asked for; null if there is none. */
  readonly document: CalibrationDocument | null;
}

export class CalibrationsQuery extends Query<CalibrationsShown> {
  constructor(
    readonly tenant: TenantId,
    readonly calibration?: string,
  ) {
    super();
  }
}

@QueryHandler(CalibrationsQuery)
export class CalibrationsQueryHandler implements IQueryHandler<CalibrationsQuery> {
  constructor(@Inject(CalibrationDesk) private readonly desk: CalibrationDesk) {}

  async execute({ tenant, calibration }: CalibrationsQuery): Promise<CalibrationsShown> {
    return { ...this.desk.list(tenant), document: calibration === undefined ? null : await this.desk.document(tenant, calibration) };
  }
}
