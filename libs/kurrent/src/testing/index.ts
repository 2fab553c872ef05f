export { DoubleLog } from './double-log.js';
export type { DoubleLogOptions } from './double-log.js';
export type { AppendFault, EndPoint, Fate, Faults, ReadFault, SubscriptionFault } from './faults.js';
export { openKurrentDouble } from './kurrent-double.js';
export type { KurrentDouble, KurrentDoubleOptions } from './kurrent-double.js';
