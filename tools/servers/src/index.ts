export { startDistributed, type Distributed, type DistributedOptions } from './distributed.js';
export { startKafka, type KafkaOptions } from './kafka.js';
export { startKurrent, type KurrentOptions, type RunningKurrent } from './kurrent.js';
export { startPrometheus, type PrometheusOptions } from './prometheus.js';
export { startRedis, type RedisOptions } from './redis.js';
export { ServerError, type RunningServer } from './running-server.js';
export { SERVICE_NODE_ARGS, ServiceProcess, type ServiceOptions } from './service-process.js';
export { MissingServerError } from './sources.js';
export { freePort } from './sockets.js';
