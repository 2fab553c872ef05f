// The worlds that policies are judged in. A new one is a file and a line here.
import type { World } from '../world.js';
import { bktWorld } from './b.js';
import { memoryWorld } from './f.js';
import { conceptWorld } from './k.js';
import { logisticWorld } from './l.js';

export const WORLDS: readonly World[] = [conceptWorld, bktWorld, logisticWorld, memoryWorld];
