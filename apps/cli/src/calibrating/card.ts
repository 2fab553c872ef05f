// The model card of a calibration, from what its fit found.
import type { CalibrationReport } from '@trellis/learning';
import type { AnswerLog } from '@trellis/mastery';
import type { HeldOut, Whole } from './fitting.js';

export interface CardInput {
  readonly report: Omit<CalibrationReport, 'card'>;
  readonly heldOut: HeldOut;
  readonly whole: Whole;
  readonly log: AnswerLog;
}

export function cardOf({ report }: CardInput): string {
  return `# Model card\n\nFitted on ${report.answers} answers of ${report.learners} learners.\n`;
}
