// Every benchmark, in the order in which they run: those in this process last, for their memory stays with it.
import type { Benchmark } from './benchmark.js';
import { appendLatency } from './benches/append-latency.js';
import { choosing } from './benches/choosing.js';
import { contention } from './benches/contention.js';
import { distributed } from './benches/distributed.js';
import { growth } from './benches/growth.js';
import { httpOverhead } from './benches/http-overhead.js';
import { ingest } from './benches/ingest.js';
import { logPaths } from './benches/log-paths.js';
import { mastery } from './benches/mastery.js';
import { nextItem } from './benches/next-item.js';
import { overload } from './benches/overload.js';
import { paths } from './benches/paths.js';
import { projectors } from './benches/projectors.js';
import { recommendations } from './benches/recommendations.js';
import { replay } from './benches/replay.js';
import { rowSize } from './benches/row-size.js';
import { store } from './benches/store.js';
import { tenMillion } from './benches/ten-million.js';

export const BENCHMARKS: readonly Benchmark[] = [
  ingest,
  nextItem,
  recommendations,
  overload,
  httpOverhead,
  growth,
  store,
  appendLatency,
  contention,
  distributed,
  projectors,
  choosing,
  paths,
  mastery,
  rowSize,
  logPaths,
  replay,
  tenMillion,
];
