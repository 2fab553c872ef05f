export { Caller, Open, Roles } from './auth.guard.js';
export { Clock } from './clock.js';
export { type Config, ENVIRONMENT, readConfig } from './config.js';
export { HealthChecks, type HealthCheck } from './health.js';
export { BODY_BYTES_MAX, DOCUMENT_BYTES_MAX, isNdjson, type Ndjson } from './http.js';
export { digest16, randomId, uuidV5 } from './identity.js';
export { DEFAULT_TENANT, Keys, type Role } from './keys.js';
export type { JsonSchema } from './json-schema.js';
export { LOG, type Log, type LogLevel } from './logging.js';
export { keepHeapSmall } from './memory.js';
export { type MetricOptions, Metrics, timed } from './metrics.js';
export { openTracing } from './open-tracing.js';
export { Answers, TakesBody, TakesQuery } from './openapi.js';
export {
  busy,
  malformedJson,
  notFound,
  Problem,
  type ProblemBody,
  type ProblemCode,
  refused,
  tooLarge,
} from './problems.js';
export { AdmittedAs, BodyLimit } from './route-config.js';
export { invalidProblem, querySchemaOf, type Schema, schemaOf } from './schema.js';
export type { Invalid, SchemaCode } from './schema-failure.js';
export { createService, runMain, type Service, type ServiceOptions, startService } from './service.js';
export { shown, shownValue } from './shown.js';
export { StartError } from './start-error.js';
export { type Step, type Steps, stepsOf } from './steps.js';
export { formatTime, type ParsedTime, parseTime, timeMs } from './time.js';
export { type Carrier, type SpanAttributes, Tracing, TRACING_OFF } from './tracing.js';
export { type Watched, type WatchedGauge, Watching } from './watching.js';
