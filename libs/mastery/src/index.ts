export { logistic, observe, predict } from './ability.js';
export type { AbilityParameters, Estimate } from './ability.js';
export { rightProbability, trace, traceUnknown } from './bkt.js';
export type { BktParameters } from './bkt.js';
export { DEFAULT_CALIBRATION } from './calibration.js';
export type { Calibration, WheelSpin } from './calibration.js';
export { evidence } from './evidence.js';
export type { Graded } from './evidence.js';
