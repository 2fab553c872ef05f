// The model card of a calibration, from what its fit found.
import type { CalibrationReport } from '@trellis/learning';
import type { Fitted } from './fitting.js';

export interface CardInput {
  readonly report: Omit<CalibrationReport, 'card'>;
  readonly fitted: Fitted;
}

export function cardOf({ report }: CardInput): string {
  return `# Model card\n\nFitted on ${report.answers} answers of ${report.learners} learners.\n`;
}
