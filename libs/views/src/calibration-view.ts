// The row of a tenant's calibrations: what was published, where its parameters are, and which one was in force when.
import type { Envelope, Instant, Projection, Revision } from '@trellis/event-sourcing';
import { BUILT_IN_CALIBRATION, calibration as rules, CALIBRATION_PREFIX, type CalibrationPublished, type CalibrationState } from '@trellis/learning';

export interface Activation {
  readonly calibration: string;
  readonly at: Instant;
}

export interface CalibrationsRow {
  readonly state: CalibrationState;
  /** The parts of each, in the tenant's calibration stream: first and last revision. */
  readonly places: { readonly [calibration: string]: readonly [Revision, Revision] };
  /** In their order. */
  readonly activations: readonly Activation[];
}

const FOLD_VERSION = '1';
/** Older ones are in the log. */
const ACTIVATIONS_MAX = 1_000;

const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder();
const NOTHING: CalibrationsRow = { state: rules.initial, places: {}, activations: [] };

export const calibrationView: Projection<CalibrationsRow> = {
  name: 'calibration',
  versionFor: () => FOLD_VERSION,
  versionOf: () => FOLD_VERSION,
  prefix: CALIBRATION_PREFIX,
  initial: () => NOTHING,
  fold,
  refold: (_key, events) => events.reduce(fold, NOTHING),
  encode: (row) => utf8.encode(JSON.stringify(row)),
  // Only `encode` writes these bytes.
  decode: (bytes) => JSON.parse(fromUtf8.decode(bytes)) as CalibrationsRow,
};

function fold(row: CalibrationsRow, event: Envelope): CalibrationsRow {
  const state = rules.evolve(row.state, event);
  if (state.active !== row.state.active) {
    return { ...row, state, activations: [...row.activations, { calibration: state.active, at: event.recordedAt }].slice(-ACTIVATIONS_MAX) };
  }
  if (state.published.length === row.state.published.length) return { ...row, state };
  // Only a closing part makes one whole; its parts came one after the other.
  const { calibration, parts } = event.data as CalibrationPublished['data'];
  return { ...row, state, places: { ...row.places, [calibration]: [event.revision - parts + 1, event.revision] } };
}

/** Which one was in force at a moment. */
export function activeAt({ activations }: CalibrationsRow, at: Instant): string {
  return activations.findLast((activation) => activation.at <= at)?.calibration ?? BUILT_IN_CALIBRATION;
}
